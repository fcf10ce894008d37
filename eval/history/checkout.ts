// A separate checkout that shares the objects of the user's repository. The repository itself is not changed, and may be bare.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newProcesses } from "../../bench/rig.ts";
import { UserError } from "../../src/model/user-error.ts";
import { applyChange } from "../changes/changes.ts";
import type { Position } from "./rows.ts";
import type { TestNames } from "./selection.ts";

const TOML = ".memcheck.toml";

/** The files of a fix that are reverted. The C helpers of tests are not: the fix's test may need them. */
const C_PART = ["*.c", "*.h", "*.inc", ":!Modules/_test*", ":!Doc", ":!PC", ":!PCbuild"];

const TESTS = ["Lib/test"];

/** Leaves out files that neither builds nor tests read; clones without large files may lack some of them. */
const SPARSE = ["/*", "!/Doc/", "!/Misc/NEWS.d/", "!/Misc/svnmap.txt"];

export class Checkout {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Opens the checkout at `path`, or creates it. @throws UserError if `repository` is not a git repository */
  static async open(path: string, repository: string): Promise<Checkout> {
    const checkout = new Checkout(path);
    if (!existsSync(join(path, ".git", "info"))) {
      mkdirSync(dirname(path), { recursive: true });
      await newProcesses().output("git", ["clone", "-q", "--shared", "--no-checkout", "--no-tags", repository, path]);
    }
    await checkout.#git("config", "core.sparseCheckout", "true");
    // Keeps the row's file out of the source, and `git clean` from removing it.
    mkdirSync(join(path, ".git", "info"), { recursive: true });
    writeFileSync(join(path, ".git", "info", "exclude"), `/${TOML}\n`);
    writeFileSync(join(path, ".git", "info", "sparse-checkout"), `${SPARSE.join("\n")}\n`);
    return checkout;
  }

  /** The CPython version and time of a commit. @throws UserError if the repository lacks it */
  async positionOf(commit: string): Promise<Position> {
    const time = await this.#git("show", "-s", "--format=%ct", commit);
    const header = await this.#git("show", `${commit}:Include/patchlevel.h`);
    return { version: /PY_VERSION\s+"(\d+\.\d+)/.exec(header)?.[1] ?? "", time: Number(time) };
  }

  /** Checks out a commit, and removes changed and added files. @throws UserError if git fails */
  async goTo(commit: string): Promise<void> {
    await this.#git("checkout", "-q", "--force", "--detach", commit);
    await this.#git("clean", "-qfd");
  }

  /** Reverts the C part of the current commit. @returns false if it has none @throws UserError if the patch does not apply */
  async revertFix(): Promise<boolean> {
    const patch = await this.#patch("HEAD", C_PART);
    if (patch === "") return false;
    const obstacle = applyChange({ name: "", patch, isReversed: true, tests: [], note: "" }, this.path);
    if (obstacle !== undefined) throw new UserError(obstacle);
    return true;
  }

  /** Applies the changes to tests of another commit, or copies its test files if they do not apply. @returns false if it changes no tests */
  async addTests(commit: string): Promise<boolean> {
    const patch = await this.#patch(commit, TESTS);
    if (patch === "") return false;
    if (applyChange({ name: "", patch, isReversed: false, tests: [], note: "" }, this.path) === undefined) return true;
    const changed = await this.#git("diff", "--name-only", "--diff-filter=AM", `${commit}~1`, commit, "--", ...TESTS);
    await this.#git("checkout", "-q", commit, "--", ...changed.trim().split("\n"));
    return true;
  }

  /** The whole diff of a commit; the return value of `output` would contain only its end. */
  async #patch(commit: string, paths: readonly string[]): Promise<string> {
    const pieces: Buffer[] = [];
    await newProcesses().output("git", ["diff", "--binary", `${commit}~1`, commit, "--", ...paths], {
      cwd: this.path,
      onBytes: (bytes) => pieces.push(bytes),
    });
    return Buffer.concat(pieces).toString("utf8");
  }

  /** Names of the test files in the current commit. */
  testNames(): TestNames {
    const folder = join(this.path, "Lib", "test");
    const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? packageNames(folder, entry.name) : testName(entry.name),
    );
    return new Set(names);
  }

  /** Writes the row's `.memcheck.toml`. */
  writeSkips(toml: string): void {
    writeFileSync(join(this.path, TOML), toml);
  }

  async #git(...args: readonly string[]): Promise<string> {
    return await newProcesses().output("git", args, { cwd: this.path });
  }
}

function packageNames(folder: string, name: string): readonly string[] {
  if (!/^test_\w+$/.test(name) || !existsSync(join(folder, name, "__init__.py"))) return [];
  return [name, ...readdirSync(join(folder, name)).flatMap((part) => testName(part).map((inner) => `${name}.${inner}`))];
}

function testName(file: string): readonly string[] {
  const name = /^(test_\w+)\.py$/.exec(file)?.[1];
  return name === undefined ? [] : [name];
}
