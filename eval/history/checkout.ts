// A checkout of our own of somebody's repository, whose objects it shares: the repository itself stays as it is, and may be bare.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newProcesses } from "../../bench/rig.ts";
import { UserError } from "../../src/model/user-error.ts";
import { applyChange } from "../changes/changes.ts";
import type { Position } from "./rows.ts";
import type { TestNames } from "./selection.ts";

const TOML = ".memcheck.toml";

/** What of a fix is taken back. Helpers of tests stay: the fix's test may need them. */
const C_PART = ["*.c", "*.h", "*.inc", ":!Modules/_test*", ":!Doc", ":!PC", ":!PCbuild"];

const TESTS = ["Lib/test"];

/** What no build and no test reads is not checked out. A clone without large files lacks some of it. */
const SPARSE = ["/*", "!/Doc/", "!/Misc/NEWS.d/", "!/Misc/svnmap.txt"];

export class Checkout {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Goes on with the one that is there. @throws UserError where `repository` is no git repository. */
  static async open(path: string, repository: string): Promise<Checkout> {
    const checkout = new Checkout(path);
    if (!existsSync(join(path, ".git", "info"))) {
      mkdirSync(dirname(path), { recursive: true });
      await newProcesses().output("git", ["clone", "-q", "--shared", "--no-checkout", "--no-tags", repository, path]);
    }
    await checkout.#git("config", "core.sparseCheckout", "true");
    // So that a row's own file is neither a part of the source nor removed with what a check left.
    mkdirSync(join(path, ".git", "info"), { recursive: true });
    writeFileSync(join(path, ".git", "info", "exclude"), `/${TOML}\n`);
    writeFileSync(join(path, ".git", "info", "sparse-checkout"), `${SPARSE.join("\n")}\n`);
    return checkout;
  }

  /** Of a commit. @throws UserError where the repository does not have it. */
  async positionOf(commit: string): Promise<Position> {
    const time = await this.#git("show", "-s", "--format=%ct", commit);
    const header = await this.#git("show", `${commit}:Include/patchlevel.h`);
    return { version: /PY_VERSION\s+"(\d+\.\d+)/.exec(header)?.[1] ?? "", time: Number(time) };
  }

  /** Makes it that commit and nothing else. @throws UserError where that cannot be. */
  async goTo(commit: string): Promise<void> {
    await this.#git("checkout", "-q", "--force", "--detach", commit);
    await this.#git("clean", "-qfd");
  }

  /** Takes the C part of the current commit back. Returns false where it has none. @throws UserError where it does not apply. */
  async takeBack(): Promise<boolean> {
    const patch = await this.#patch("HEAD", C_PART);
    if (patch === "") return false;
    const obstacle = applyChange({ name: "", patch, isReversed: true, tests: [], note: "" }, this.path);
    if (obstacle !== undefined) throw new UserError(obstacle);
    return true;
  }

  /** Adds the tests of another commit, or replaces their files with its own. Returns false where it has none. @throws UserError */
  async addTests(commit: string): Promise<boolean> {
    const patch = await this.#patch(commit, TESTS);
    if (patch === "") return false;
    if (applyChange({ name: "", patch, isReversed: false, tests: [], note: "" }, this.path) === undefined) return true;
    const changed = await this.#git("diff", "--name-only", "--diff-filter=AM", `${commit}~1`, commit, "--", ...TESTS);
    await this.#git("checkout", "-q", commit, "--", ...changed.trim().split("\n"));
    return true;
  }

  /** What a commit changes. In full: a result of `output` has the last part only. */
  async #patch(commit: string, paths: readonly string[]): Promise<string> {
    const pieces: Buffer[] = [];
    await newProcesses().output("git", ["diff", "--binary", `${commit}~1`, commit, "--", ...paths], {
      cwd: this.path,
      onBytes: (bytes) => pieces.push(bytes),
    });
    return Buffer.concat(pieces).toString("utf8");
  }

  /** The test files of the current commit. */
  testNames(): TestNames {
    const folder = join(this.path, "Lib", "test");
    const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? packageNames(folder, entry.name) : testName(entry.name),
    );
    return new Set(names);
  }

  /** The skips of the row that is checked. */
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
