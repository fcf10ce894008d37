import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { Checkout } from "../../../eval/history/checkout.ts";
import { CPYTHON_FILES, temporaryFolder, writeFiles } from "../../support/folders.ts";

const FIXED = {
  "Modules/_csv.c": "int csv = 1;\n",
  "Modules/_testcapi.c": "int helper;\n",
  "Lib/test/test_csv.py": "fixed\n",
  "Doc/x.gif": "",
} as const;

const folder = temporaryFolder();
const bare = join(folder, "cpython.git");
let fix = "";
let checkout: Checkout;

function git(cwd: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  return execFileSync("git", [...who, ...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

function commitAll(path: string): void {
  git(path, "add", "--all");
  git(path, "commit", "--quiet", "--message", "one");
}

const read = (name: string): string => readFileSync(join(checkout.path, name), "utf8");

before(async () => {
  const work = join(folder, "work");
  writeFiles(work, {
    ...CPYTHON_FILES,
    "Lib/test/test_csv.py": "",
    "Lib/test/test_io/__init__.py": "",
    "Lib/test/test_io/test_textio.py": "",
  });
  git(work, "init", "--quiet");
  commitAll(work);
  writeFiles(work, FIXED);
  commitAll(work);
  fix = git(work, "rev-parse", "HEAD");
  git(folder, "clone", "--quiet", "--bare", work, bare);
  checkout = await Checkout.open(join(folder, "state", "checkout"), bare);
});

test("a checkout of a bare repository goes to any commit, even if it already exists", async () => {
  await checkout.goTo(fix);
  assert.equal(read("Modules/_csv.c"), FIXED["Modules/_csv.c"]);
  const again = await Checkout.open(checkout.path, bare);
  await again.goTo(`${fix}~1`);
  assert.equal(read("Modules/_csv.c"), CPYTHON_FILES["Modules/_csv.c"]);
});

test("the C part of a fix is reverted, but not its tests and their helpers", async () => {
  await checkout.goTo(fix);
  assert.ok(await checkout.revertFix());
  assert.equal(read("Modules/_csv.c"), CPYTHON_FILES["Modules/_csv.c"]);
  assert.equal(read("Modules/_testcapi.c"), FIXED["Modules/_testcapi.c"]);
  assert.equal(read("Lib/test/test_csv.py"), FIXED["Lib/test/test_csv.py"]);
});

test("the tests of a fix are added to an older tree, and replace test files that differ too much", async () => {
  await checkout.goTo(`${fix}~1`);
  assert.ok(await checkout.addTests(fix));
  assert.equal(read("Lib/test/test_csv.py"), FIXED["Lib/test/test_csv.py"]);
  assert.equal(read("Modules/_csv.c"), CPYTHON_FILES["Modules/_csv.c"]);
  writeFiles(checkout.path, { "Lib/test/test_csv.py": "other\n" });
  assert.ok(await checkout.addTests(fix));
  assert.equal(read("Lib/test/test_csv.py"), FIXED["Lib/test/test_csv.py"]);
});

test("going to a commit removes changed and added files, and keeps the row's skips out of the source", async () => {
  await checkout.goTo(fix);
  checkout.writeSkips("# none\n");
  writeFiles(checkout.path, { "Modules/left.c": "", "Modules/_csv.c": "changed" });
  await checkout.goTo(fix);
  assert.ok(!existsSync(join(checkout.path, "Modules/left.c")));
  assert.equal(read("Modules/_csv.c"), FIXED["Modules/_csv.c"]);
  assert.equal(read(".memcheck.toml"), "# none\n");
  assert.ok(!existsSync(join(checkout.path, "Doc")));
  assert.equal(git(checkout.path, "status", "--porcelain"), "");
});

test("a checkout knows the version of a commit and its test files", async () => {
  await checkout.goTo(fix);
  assert.equal((await checkout.positionOf(fix)).version, "3.13");
  assert.deepEqual([...checkout.testNames()].toSorted(), ["test_csv", "test_io", "test_io.test_textio"]);
});

test("a commit that the repository lacks is a user error", async () => {
  await assert.rejects(checkout.goTo("0".repeat(40)), { name: "UserError" });
});
