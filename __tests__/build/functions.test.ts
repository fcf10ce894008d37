import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Functions } from "../../src/build/functions.ts";
import { compare } from "../../src/findings/compare.ts";
import { evidenceOf } from "../../src/findings/other-builds.ts";
import { recordInto } from "../../src/findings/record-baseline.ts";
import { Processes } from "../../src/system/processes.ts";
import { findingFrom, IDENTITY, leak, recordedTest, stack } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";

test("a new leak in one of a project's objects is not known because the only leak in another one is fixed", async () => {
  const folder = temporaryFolder();
  const compile = (name: string): string => {
    const [source, object] = [join(folder, `${name}.c`), join(folder, `${name}.so`)];
    writeFileSync(source, `int ${name}(void) { return 1; }\n`);
    execFileSync("gcc", ["-shared", "-fPIC", "-o", object, source]);
    return object;
  };
  const [one, other] = [compile("one"), compile("other")];
  const lostIn = (name: string, object: string) => {
    const frames = stack(`malloc < PyList_New < ${name} < _PyEval_EvalFrameDefault`);
    return findingFrom(leak(frames.map((frame) => (frame.function === name ? { ...frame, object } : frame))));
  };
  const [before, now] = [lostIn("one", one), lostIn("other", other)];
  const namesIn = async (found: typeof now) =>
    (await Functions.ofBuild({ tree: folder, objects: [] }, new Processes(process.env))).namesFor([found], [one, other]);
  const functions = [...(await namesIn(before))];
  const recording = { identity: IDENTITY, sha: null, content: null, recordedAt: "", relaxations: [], suppressed: [] };
  const baseline = recordInto(undefined, { ...recording, tests: [recordedTest()], findings: [before], functions });
  const { compared } = compare(baseline, ["test_x"], [now], evidenceOf(baseline, await namesIn(now), new Map()));
  assert.deepEqual(
    compared.map(({ status }) => status),
    ["new"],
  );
});
