// The reader against what the installed valgrind writes now, for the programs in programs/.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { memcheckArgs } from "../../../src/engines/memcheck/memcheck-args.ts";
import { errorsOf, messagesOf, type Report, readReport, reasonOf, recorded } from "./xml-files.ts";

const run = promisify(execFile);
suite("what the installed valgrind writes", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "memcheck-xml-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Compiles and checks one program; the reports of its processes, in the order of their ids. */
  async function check(name: string, flags: readonly string[], options: readonly string[] = []): Promise<readonly Report[]> {
    const source = fileURLToPath(new URL(`programs/${name}.c`, import.meta.url));
    const program = join(folder, name);
    await run("cc", ["-g", "-w", ...flags, "-o", program, source, "-pthread"]);
    // A crash is the point of one of them.
    await run("valgrind", ["--xml=yes", `--xml-file=${program}.%p.xml`, ...options, program]).catch(() => undefined);
    const files = (await readdir(folder)).filter((file) => file.startsWith(`${name}.`) && file.endsWith(".xml")).sort();
    return Promise.all(files.map(async (file) => readReport(await readFile(join(folder, file)))));
  }

  const kindsOf = (report: Report | undefined): string[] => (report === undefined ? [] : errorsOf(report).map(({ kind }) => kind));

  test("the installed valgrind writes common errors as recorded, with stacks and suppressions", async () => {
    const options = ["--track-origins=yes", "--leak-check=full", "--show-leak-kinds=all", "--gen-suppressions=all"];
    const [report, ...others] = await check("errors", ["-O0"], options);
    assert.ok(report !== undefined && others.length === 0);
    assert.equal(reasonOf(report), "");
    assert.deepEqual(kindsOf(report), kindsOf(await readReport(recorded("errors"))));
    for (const error of errorsOf(report)) {
      assert.equal(error.frames.at(-1)?.function, "main");
      assert.match(error.suppression ?? "", /^\{\n.*fun:main\n\}$/s);
    }
  });

  test("the installed valgrind writes messages as they were sent", async () => {
    const [report] = await check("messages", ["-O0"], ["--xml-user-comment=</error></valgrindoutput><a>&</usercomment>"]);
    assert.ok(report !== undefined);
    assert.equal(reasonOf(report), "");
    assert.deepEqual(messagesOf(report), messagesOf(await readReport(recorded("messages"))));
  });

  test("in a fresh report, a thread's name that is not valid XML is read, and inlined frames share an address", async () => {
    const [report] = await check("threads", ["-O2"]);
    assert.ok(report !== undefined);
    assert.equal(reasonOf(report), "");
    const [first, second, third] = errorsOf(report)[0]?.frames ?? [];
    assert.deepEqual([first?.function, second?.function, third?.function], ["innermost", "middle", "work"]);
    assert.equal(first?.address, third?.address);
  });

  test("forked children write separate reports, which end when they execute another program", async () => {
    const reports = await check("processes", ["-O0"], ["--leak-check=full"]);
    assert.equal(reports.length, 3);
    const find = (message: string): Report | undefined => reports.find((report) => messagesOf(report)[0] === message);
    assert.deepEqual(find("parent")?.ending, { complete: true });
    assert.deepEqual(find("child")?.ending, { complete: true });
    assert.deepEqual(
      find("child")?.events.flatMap((event) => (event.type === "state" ? [event.state] : [])),
      ["FINISHED"],
    );
    const replaced = reports.filter(({ ending }) => !ending.complete);
    assert.deepEqual(replaced.map(reasonOf), ["it is cut off between two elements; the last thing read was <args>"]);
  });

  test("a program that crashes leaves a complete report", async () => {
    const [report] = await check("crash", ["-O0"]);
    assert.deepEqual(report?.ending, { complete: true });
    assert.deepEqual(kindsOf(report), ["InvalidWrite"]);
  });

  test("guard pages of stacks neither hide what threads hold nor end the program, however many there are", async () => {
    const { stdout: valgrind } = await run("valgrind", ["--version"]);
    const args = memcheckArgs({ valgrind, leakCheck: "live", suppressions: [], extraArgs: [], xmlFolder: folder });
    const reports = await check(
      "guarded-stacks",
      ["-O0"],
      args.filter((arg) => !arg.startsWith("--xml")),
    );
    assert.deepEqual(reports.map(reasonOf), ["", ""]);
    const messages = reports.flatMap(messagesOf).sort();
    assert.deepEqual(messages, ["alive: 1 of 11", "forked: 1 of 11", "joined: 1 of 1"]);
  });

  test("a process that is killed from outside leaves a report that is cut off", { timeout: 60_000 }, async ({ signal }) => {
    const file = join(folder, "killed.xml");
    const child = spawn("valgrind", ["--xml=yes", `--xml-file=${file}`, "sleep", "60"], { stdio: "ignore", signal });
    const content = (): Promise<string> => readFile(file, "utf8").catch(() => "");
    while (!(await content()).includes("RUNNING</state>")) await sleep(50, undefined, { signal });
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.match(reasonOf(await readReport(await content())), /^it is cut off .*; the last thing read was <(status> RUNNING|args>)$/);
  });
});
