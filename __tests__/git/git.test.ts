import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { openSource } from "../../src/build/source.ts";
import { commitOf } from "../../src/git/git.ts";
import { readChanges } from "../../src/git/git-changes.ts";
import { Processes } from "../../src/system/processes.ts";
import { cpythonFolder, temporaryFolder, writeFiles } from "../support/folders.ts";

function git(folder: string, ...args: readonly string[]): string {
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...identity, "-c", "protocol.file.allow=always", "-C", folder, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** A checkout with a commit, and a change since. */
function checkout(files: Readonly<Record<string, string>> = {}): { readonly folder: string; readonly sha: string } {
  const folder = cpythonFolder({ ".gitignore": "*.o\n", ...files });
  git(folder, "init");
  git(folder, "add", ".");
  git(folder, "commit", "-m", "all");
  const sha = git(folder, "rev-parse", "HEAD").trim();
  writeFiles(folder, { "Modules/_csv.c": "int csv;\nint more;\n", "Modules/new.c": "" });
  return { folder, sha };
}

/** Everything that the check asks of git. */
async function askAll(
  folder: string,
  sha: string,
  processes = new Processes(process.env),
): Promise<readonly (readonly [number, number])[] | undefined> {
  await openSource(folder, processes);
  assert.equal(await commitOf(folder, processes), sha);
  return (await readChanges(folder, sha, processes))?.lines.get("Modules/_csv.c");
}

test("a checkout is refused if git is too old to say where its parts are, with the version that can", async () => {
  const [{ folder }, bin] = [checkout(), temporaryFolder()];
  const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  // Git before 2.31 prints an option that it does not know.
  const script = `for arg; do shift; case $arg in --path-format=*) echo "$arg";; *) set -- "$@" "$arg";; esac; done\nexec ${real} "$@"\n`;
  writeFileSync(join(bin, "git"), `#!/bin/sh\n${script}`, { mode: 0o755 });
  const processes = new Processes({ ...process.env, PATH: `${bin}:${process.env.PATH}` });
  await assert.rejects(openSource(folder, processes), /git is too old.*2\.31/);
});

suite("a checkout's own configuration runs nothing", () => {
  /** Gets the command that leaves a file. */
  type Trap = (folder: string, command: string) => void;
  const config =
    (...settings: readonly (readonly [string, (command: string) => string])[]): Trap =>
    (folder, command) => {
      for (const [name, value] of settings) git(folder, "config", name, value(command));
    };
  const attribute = (folder: string, words: string): void => writeFileSync(join(folder, ".git/info/attributes"), `* ${words}\n`);
  const traps: Readonly<Record<string, Trap>> = {
    "a filter": (folder, command) => {
      config(["filter.any.clean", () => `${command}; cat`], ["filter.any.smudge", () => `${command}; cat`])(folder, command);
      attribute(folder, "filter=any");
    },
    "a filter that runs as a process": (folder, command) => {
      config(["filter.any.process", () => command], ["filter.any.required", () => "true"])(folder, command);
      attribute(folder, "filter=any");
    },
    "a filter that .gitattributes names": (folder, command) => {
      config(["filter.any.clean", () => `${command}; cat`])(folder, command);
      writeFileSync(join(folder, ".gitattributes"), "* filter=any\n");
    },
    "an external diff": config(["diff.external", (command) => command]),
    "a driver of diffs": (folder, command) => {
      config(["diff.any.command", () => command], ["diff.any.textconv", () => command])(folder, command);
      attribute(folder, "diff=any");
    },
    "a monitor of files": config(["core.fsmonitor", (command) => `${command}; false`]),
    "a hook": (folder, command) => {
      writeFiles(folder, { ".git/hooks/configure": `#!/bin/sh\n${command}\n` });
      renameSync(join(folder, ".git/hooks/configure"), join(folder, ".git/hooks/post-index-change"));
    },
    "a configuration that it includes": (folder, command) => {
      writeFiles(folder, { ".git/more": `[filter "any"]\n\tclean = "${command}; cat"\n` });
      config(["include.path", () => "more"])(folder, command);
      attribute(folder, "filter=any");
    },
    "a submodule with a filter": (folder, command) => {
      const other = temporaryFolder();
      git(other, "init");
      writeFiles(other, { file: "text\n" });
      git(other, "add", ".");
      git(other, "commit", "-m", "all");
      git(folder, "submodule", "add", other, "sub");
      git(folder, "commit", "-m", "sub", "--", "sub", ".gitmodules");
      git(join(folder, "sub"), "config", "filter.any.clean", `${command}; cat`);
      writeFileSync(join(folder, ".git/modules/sub/info/attributes"), "* filter=any\n");
      writeFiles(folder, { "sub/file": "next\n" });
    },
  };

  for (const [name, set] of Object.entries(traps)) {
    test(`a checkout's own configuration runs nothing: ${name}`, async () => {
      const { folder } = checkout();
      const mark = join(temporaryFolder(), "was-run");
      set(folder, `touch ${mark}`);
      const sha = git(folder, "rev-parse", "HEAD").trim();
      assert.deepEqual(await askAll(folder, sha), [[2, 2]]);
      assert.equal(existsSync(mark), false);
    });
  }

  test("a checkout's own configuration runs nothing: a remote that missing objects come from", async () => {
    const { folder, sha } = checkout();
    const mark = join(temporaryFolder(), "was-run");
    const settings = { "extensions.partialClone": "origin", "remote.origin.promisor": "true", "remote.origin.url": "ssh://x/y" };
    for (const [key, value] of Object.entries({ ...settings, "core.sshCommand": `touch ${mark}; false` }))
      git(folder, "config", key, value);
    git(folder, "config", "core.repositoryFormatVersion", "1");
    assert.equal(await readChanges(folder, `${sha.startsWith("0") ? 1 : 0}${sha.slice(1)}`, new Processes(process.env)), undefined);
    assert.equal(existsSync(mark), false);
  });

  test("git configuration of the environment and the user runs nothing either", async () => {
    const { folder, sha } = checkout();
    const home = temporaryFolder();
    const command = `touch ${join(home, "was-run")}`;
    writeFiles(home, { ".gitconfig": `[diff]\n\texternal = ${command}\n[core]\n\tfsmonitor = ${command}\n` });
    const processes = new Processes({ ...process.env, HOME: home, GIT_EXTERNAL_DIFF: command, GIT_DIR: "/nowhere" });
    assert.deepEqual(await askAll(folder, sha, processes), [[2, 2]]);
    assert.equal(existsSync(join(home, "was-run")), false);
  });
});

suite("git reads, without the checkout's configuration,", () => {
  const namesOf = async (folder: string, processes = new Processes(process.env)): Promise<readonly string[]> => [
    ...(await openSource(folder, processes)).files.keys(),
  ];

  test("git reads a work tree beside the repository, without the checkout's configuration", async () => {
    const { folder } = checkout();
    const tree = join(temporaryFolder(), "tree");
    git(folder, "worktree", "add", tree);
    writeFiles(tree, { "Modules/_csv.c": "int csv;\nint more;\n", "Modules/x.o": "" });
    assert.deepEqual(await askAll(tree, git(tree, "rev-parse", "HEAD").trim()), [[2, 2]]);
    assert.equal((await namesOf(tree)).includes("Modules/x.o"), false);
  });

  test("git reads an index in two parts, and one whose objects are named by SHA-256", async () => {
    const { folder, sha } = checkout();
    git(folder, "update-index", "--split-index");
    assert.deepEqual(await askAll(folder, sha), [[2, 2]]);
    const other = cpythonFolder();
    git(other, "init", "--object-format=sha256");
    git(other, "add", ".");
    git(other, "commit", "-m", "all");
    writeFiles(other, { "Modules/_csv.c": "int csv;\nint more;\n" });
    assert.deepEqual(await askAll(other, git(other, "rev-parse", "HEAD").trim()), [[2, 2]]);
  });

  test("git leaves out files that the repository and the user exclude for themselves", async () => {
    const { folder } = checkout();
    const home = temporaryFolder();
    writeFiles(home, { ".gitconfig": "[core]\n\texcludesFile = ~/patterns\n", patterns: "*.user\n" });
    writeFileSync(join(folder, ".git/info/exclude"), "*.own\n");
    writeFiles(folder, { "a.user": "", "b.own": "", "c.txt": "" });
    const names = await namesOf(folder, new Processes({ ...process.env, HOME: home }));
    assert.deepEqual(
      names.filter((name) => /^[abc]\./.test(name)),
      ["c.txt"],
    );
  });

  test("git reads a folder of a checkout, with paths from there", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "vendor"));
    renameSync(cpythonFolder(), join(folder, "vendor/cpython"));
    git(folder, "init");
    git(folder, "add", ".");
    git(folder, "commit", "-m", "all");
    writeFiles(folder, { "vendor/cpython/Modules/_csv.c": "int csv;\nint more;\n" });
    const changes = await readChanges(join(folder, "vendor/cpython"), git(folder, "rev-parse", "HEAD").trim(), new Processes(process.env));
    assert.deepEqual([...(changes?.lines.keys() ?? [])], ["Modules/_csv.c"]);
  });

  test("git reads a checkout and writes nothing into it", async () => {
    const { folder, sha } = checkout();
    const state = (): string => git(folder, "hash-object", "--no-filters", ".git/index") + readdirSync(join(folder, ".git")).join();
    const before = state();
    await askAll(folder, sha);
    assert.equal(state(), before);
  });
});
