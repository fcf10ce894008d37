import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { annotationsOf } from "../../../src/report/annotations.ts";
import type { Report } from "../../../src/report/report.ts";
import { run } from "../../support/command.ts";
import { hostileText } from "../../support/hostile-text.ts";
import { AT_ROOT } from "../../support/locate.ts";
import { failing, problem, report, reported } from "../../support/reports.ts";

const PROGRAM = join(import.meta.dirname, "programs", "annotate.ts");

/** What a runner reads in a step's output: it takes each line by itself (its ActionCommand.TryParseV2). */
async function readByRunner(shown: Report) {
  const { stdout } = await run(process.execPath, [PROGRAM, JSON.stringify(shown)]);
  return stdout
    .split(/\r\n|\r|\n/)
    .slice(0, -1)
    .map((line) => {
      const [, level, properties = "", message = ""] = /^::(error|warning|notice)(?: (.*?))?::(.*)$/s.exec(line) ?? assert.fail(line);
      const pairs = properties.split(",").map((pair) => /([^=]*)=(.*)/s.exec(pair)?.slice(1) ?? []);
      const unescaped = Object.fromEntries(pairs.map(([name = "", value = ""]) => [name, decode(value, "%3A", "%2C")]));
      return { level, ...unescaped, message: decode(message) };
    });
}

function decode(text: string, ...further: readonly string[]): string {
  return ["%0D", "%0A", ...further, "%25"].reduce((raw, code) => raw.replaceAll(code, decodeURIComponent(code)), text);
}

suite("a runner reads of an annotation", () => {
  test("a runner reads an annotation unchanged, with any characters in its names", async () => {
    const names = ["ns::f<int, 3>", "100%", "%0A::error::x", "a\r\n::error::x", "a,b:c=d", "::stop-commands::x"];
    const sites = names.map((name) => reported(name, { site: { function: name, file: `Modules/${name}.c`, line: 7 }, what: name }));
    const expected = annotationsOf(failing(sites), AT_ROOT).map(({ line, ...rest }) => ({ ...rest, line: `${line}` }));
    assert.deepEqual(await readByRunner(failing(sites)), expected);
  });

  test("a runner reads one command for each annotation, whatever an attacker would choose", async () => {
    const hostile = fc.sample(hostileText, { numRuns: 200, seed: 7 });
    for (let at = 0; at < hostile.length; at += 20) {
      const names = hostile.slice(at, at + 20);
      const findings = names
        .slice(0, 10)
        .map((name, line) => reported(name, { site: { function: name, file: `x/${name}`, line }, reproduce: name }));
      const shown = report({ verdict: "new-errors", findings, problems: names.slice(10).map((name) => problem(name)) });
      assert.equal((await readByRunner(shown)).length, annotationsOf(shown, AT_ROOT).length);
    }
  });
});
