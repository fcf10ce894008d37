import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { UserError } from "../../src/model/user-error.ts";
import { openWorkDir } from "../../src/system/work-dir.ts";
import { ROOT, run } from "../support/command.ts";
import { isolated } from "../support/container.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

/** What `make`, the compiler and valgrind do with a folder of this name, as the check asks them to. */
function worksWith(folder: string): boolean {
  writeFiles(folder, {
    "x.c": "int main(void) { return 0; }\n",
    Makefile: "x: x.c\n\tcc $(EXTRA_CFLAGS) -o x x.c\n",
    "x.supp": "",
  });
  try {
    execFileSync("make", ["-s", "EXTRA_CFLAGS=-ffile-prefix-map=$(CURDIR)=/cpython -MMD"], { cwd: folder, stdio: "ignore" });
    const args = ["--xml=yes", `--xml-file=${folder}/%p.xml`, `--suppressions=${folder}/x.supp`, join(folder, "x")];
    execFileSync("valgrind", args, { env: { PATH: process.env.PATH, LD_PRELOAD: join(folder, "x.supp") }, stdio: "ignore" });
    return readdirSync(folder).some((name) => name.endsWith(".xml"));
  } catch {
    return false;
  }
}

async function refusalOf(path: string): Promise<UserError | undefined> {
  return openWorkDir(path).then(
    () => undefined,
    (error: unknown) => {
      assert.ok(error instanceof UserError);
      return error;
    },
  );
}

suite("a work folder", () => {
  test("a work folder may have a name that the compiler, make and valgrind can use, in any language", async () => {
    for (const name of ["plain-1.2_3", "a+b@c,d=e~f", "größe", "日本"]) {
      const folder = join(temporaryFolder(), name);
      assert.equal(await refusalOf(folder), undefined, name);
      assert.ok(worksWith(folder), name);
    }
  });

  test("a work folder whose name the compiler, make or valgrind would change is refused before it is made", async () => {
    for (const character of [
      " ",
      "%",
      ":",
      '"',
      "'",
      "#",
      "$",
      "\\",
      "&",
      ";",
      "(",
      "<",
      "|",
      "*",
      "?",
      "[",
      "{",
      "`",
      "!",
      "^",
      "\n",
      "\t",
      "\x1b",
      "\ufffd",
    ]) {
      const folder = join(temporaryFolder(), `a${character}b`);
      const refusal = await refusalOf(folder);
      assert.ok(refusal, JSON.stringify(character));
      assert.ok(refusal.message.includes("`work-dir`") && refusal.message.includes(JSON.stringify(character)), refusal.message);
      assert.match(refusal.hint ?? "", /letters, digits/);
      assert.ok(!existsSync(folder));
    }
  });

  test("a work folder is refused if it is a link to a folder whose name would be refused", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "a b"));
    symlinkSync("a b", join(root, "link"));
    assert.match((await refusalOf(join(root, "link", "deep")))?.message ?? "", /leads to/);
  });

  test("a work folder that cannot be created is an error that the user can fix", async () => {
    writeFileSync(join(temporaryFolder(), "file"), "");
    assert.match((await refusalOf("/dev/null/x"))?.message ?? "", /work-dir.*cannot be written/);
  });
});

suite("a user without HOME and without an entry in the passwd file", () => {
  const check = (...args: readonly string[]) => {
    const words = isolated("unknown user", ["env", "-u", "HOME", process.execPath, join(ROOT, "src", "cli.ts"), "check", ...args]);
    return run(words[0], words.slice(1), { ...process.env, INIT_CWD: temporaryFolder() });
  };

  test("a user without HOME and without a passwd entry is asked to give `work-dir`", async () => {
    const { code, stderr } = await check();
    assert.equal(code, 2);
    assert.match(stderr, /`work-dir` has no default here.*HOME/);
    assert.doesNotMatch(stderr, /bug/);
  });

  test("a user without HOME and without an entry in the passwd file can run a check with `work-dir`", async () => {
    const { code, stdout } = await check("--work-dir", join(temporaryFolder(), "work"), "--source", temporaryFolder());
    assert.equal(code, 2);
    assert.match(stdout, /is not a CPython source/);
  });
});
