import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../src/report/report.ts";
import { assertExit, type Ran, ROOT, readReport, run, runCommand, WORK_DIR, withDefaults } from "./command.ts";

/** A project with a small extension and tests for it, and a virtual environment of a built CPython with pytest and xdist. */
export class Extension {
  readonly folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-extension-"));
  readonly #tree: string;
  readonly #packages: string;

  private constructor(tree: string) {
    this.#tree = tree;
    this.#packages = join(this.folder, ".venv", "lib", "python3.13", "site-packages");
    cpSync(join(ROOT, "__tests__", "real", "programs", "extension"), this.folder, { recursive: true });
  }

  static async open(): Promise<Extension> {
    const extension = new Extension(await builtTree());
    const environment = join(extension.folder, ".venv");
    assertExit(await run(join(extension.#tree, "python"), ["-m", "venv", environment]), 0);
    assertExit(await run(join(environment, "bin", "pip"), ["install", "--quiet", "pytest", "pytest-xdist"]), 0);
    return extension;
  }

  /** Compiles it, with the leak or without. */
  async build(...flags: readonly string[]): Promise<void> {
    const headers = [this.#tree, join(this.#tree, "Include")].map((folder) => `-I${folder}`);
    const output = ["-o", join(this.folder, "basket.cpython-313-x86_64-linux-gnu.so"), join(this.folder, "basket.c")];
    assertExit(await run("cc", ["-g", "-O2", "-fno-omit-frame-pointer", "-shared", "-fPIC", ...headers, ...flags, ...output]), 0);
  }

  async check(flags: readonly string[]): Promise<{ ran: Ran; report: Report }> {
    const path = join(this.folder, "report.json");
    const own = ["--python-version", "3.13", "--baseline", join(this.folder, "baseline.json.gz"), "--report", path, "--work-dir", WORK_DIR];
    const ran = await runCommand(["check", ...withDefaults(own, flags)], this.#env, this.folder);
    return { ran, report: readReport(path) };
  }

  /** A command of a report, as a person would paste it. */
  paste(command: string): Promise<Ran> {
    return run("sh", ["-c", command], this.#env, this.folder);
  }

  get #env(): NodeJS.ProcessEnv {
    return { ...process.env, PYTHONPATH: this.#packages };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The folder of a built CPython 3.13; builds it if necessary. */
async function builtTree(): Promise<string> {
  return findTree() ?? (await build());
}

function findTree(): string | undefined {
  const builds = join(WORK_DIR, "builds");
  const names = existsSync(builds) ? readdirSync(builds).filter((name) => name.startsWith("3.13.")) : [];
  return names
    .map((name) => join(builds, name, "tree"))
    .find((tree) => existsSync(join(tree, "python")) && existsSync(join(tree, "..", "stamp.json")) && !isFreeThreaded(tree));
}

/** Another test may have left one there. */
export function isFreeThreaded(tree: string): boolean {
  return /^#define Py_GIL_DISABLED 1$/m.test(readFileSync(join(tree, "pyconfig.h"), "utf8"));
}

async function build(): Promise<string> {
  const flags = [
    "--python-version",
    "3.13",
    "--scan",
    "none",
    "--tests",
    "test_bisect",
    "--record-baseline",
    "never",
    "--work-dir",
    WORK_DIR,
  ];
  await runCommand(["check", ...flags]);
  const tree = findTree();
  if (tree === undefined) throw new Error(`CPython 3.13 was not built in ${WORK_DIR}`);
  return tree;
}
