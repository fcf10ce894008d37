import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { promisify } from "node:util";
import { joinPreloads, scanEnvironment } from "../../src/engines/scan/scan-environment.ts";
import { findLayout } from "../../src/probe/layout.ts";
import { ROOT } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";

const PROBE = join(ROOT, "src", "probe");
const [include = "", version = "", isFreeThreaded] = execFileSync(
  "python3",
  ["-c", "import sys, sysconfig as s; print(s.get_path('include'), sys.version_info >= (3, 11), s.get_config_var('Py_GIL_DISABLED') or 0)"],
  { encoding: "utf8" },
)
  .trim()
  .split(" ");
const runtime = execFileSync("gcc", ["-print-file-name=liblsan.so"], { encoding: "utf8" }).trim();
const isHere = existsSync(join(include, "internal", "pycore_gc.h")) && version === "True" && isFreeThreaded === "0" && existsSync(runtime);

suite("pointers that own nothing", { skip: isHere ? false : "needs the headers of the system's python3, and liblsan" }, () => {
  const folder = temporaryFolder();

  async function compile(): Promise<void> {
    const flags = [
      "-std=c11",
      "-O1",
      "-Wall",
      "-Wextra",
      "-Werror",
      "-shared",
      "-fPIC",
      "-isystem",
      include,
      "-isystem",
      join(include, "internal"),
    ];
    const gcc = (...args: string[]) => promisify(execFile)("gcc", [...flags, ...args]);
    const ask = (question: string) =>
      gcc("-fsyntax-only", `-DQUESTION=${question}`, join(PROBE, "layout.c")).then(
        () => true,
        () => false,
      );
    const layout = (await findLayout(ask)) ?? [];
    await gcc(...layout, "-o", join(folder, "cpython_memcheck_probe.so"), join(PROBE, "probe.c"));
  }

  test("no number in a set keeps a lost object alive, and no entry that a set has moved", async () => {
    await compile();
    const env = {
      ...scanEnvironment(joinPreloads(runtime), "bare", "fast"),
      PYTHONMALLOC: "malloc",
      PYTHONHASHSEED: "0",
      PYTHONPATH: `${folder}:${PROBE}`,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const program = join(ROOT, "__tests__", "probe", "programs", "hidden_pointers.py");
    const { stdout, stderr } = spawnSync("python3", [program, folder], { env, encoding: "utf8", timeout: 60_000 });
    const found: Readonly<Record<string, number>> = JSON.parse(stdout || "{}");
    assert.deepEqual(Object.keys(found), ["plain", "id in a set", "member of a set that grew"], stderr);
    // One may seem alive by chance.
    for (const [kind, count] of Object.entries(found)) assert.ok(count >= 5, `${kind}: ${count}`);
  });
});
