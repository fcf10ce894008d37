// The probe, compiled against the system's python3.

import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { joinPreloads, scanEnvironment } from "../../src/engines/scan/scan-environment.ts";
import { findLayout } from "../../src/probe/layout.ts";
import { ROOT } from "./command.ts";

const PROBE = join(ROOT, "src", "probe");
const QUESTION =
  "import sys, sysconfig as s; print(sys.executable, s.get_path('include'), sys.version_info >= (3, 11), s.get_config_var('Py_GIL_DISABLED') or 0)";
const [python = "", include = "", version = "", isFreeThreaded] = execFileSync("python3", ["-c", QUESTION], { encoding: "utf8" })
  .trim()
  .split(" ");
const runtime = execFileSync("gcc", ["-print-file-name=liblsan.so"], { encoding: "utf8" }).trim();
const isHere = existsSync(join(include, "internal", "pycore_gc.h")) && version === "True" && isFreeThreaded === "0" && existsSync(runtime);

/** The path of the interpreter. */
export const SYSTEM_PYTHON = python;

/** Why a test can't run here. */
export const NO_SYSTEM_PROBE = isHere ? false : "needs the headers of the system's python3, and liblsan";

/** Compiles C files of the probe to shared objects of the same name. */
export async function compileSystemProbe(folder: string, ...names: readonly string[]): Promise<void> {
  const headers = ["-isystem", include, "-isystem", join(include, "internal")];
  const flags = ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", ...headers];
  const gcc = (...args: string[]) => promisify(execFile)("gcc", [...flags, ...args]);
  const ask = (question: string) =>
    gcc("-fsyntax-only", `-DQUESTION=${question}`, join(PROBE, "layout.c")).then(
      () => true,
      () => false,
    );
  const layout = (await findLayout(ask)) ?? [];
  for (const name of names) {
    const output = name === "probe" ? "cpython_memcheck_probe" : name;
    await gcc(...layout, "-o", join(folder, `${output}.so`), join(PROBE, `${name}.c`));
  }
}

/** For python3 with the compiled probe. @param preloads libraries to preload before the leak sanitizer's runtime */
export function systemProbeEnvironment(folder: string, ...preloads: readonly string[]): Record<string, string> {
  return {
    ...scanEnvironment(joinPreloads(...preloads.map((name) => join(folder, name)), runtime), "bare", "fast"),
    PYTHONMALLOC: "malloc",
    PYTHONHASHSEED: "0",
    PYTHONPATH: `${folder}:${PROBE}`,
    PYTHONDONTWRITEBYTECODE: "1",
  };
}
