// Unusual machines and sources, and sources that change: the shipped command on a source whose build is a few lines of shell.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, ROOT, readReport, run, runAction, runCommand } from "../support/command.ts";
import { isolated } from "../support/container.ts";
import { CPYTHON_FILES, writeFiles } from "../support/folders.ts";
import { type Attack, type Group, inFolder } from "./attack.ts";

/** A source whose `configure` runs these lines of shell, and fails. */
function sourceIn(folder: string, configure: string, files: Readonly<Record<string, string>> = {}): string {
  const source = join(folder, "cpython");
  writeFiles(source, {
    ...CPYTHON_FILES,
    ...files,
    configure: `#!/bin/sh\n# --with-freelists\n${configure}\nexit 1\n`,
    "Lib/test/test_csv.py": "",
  });
  return source;
}

function git(folder: string, ...words: readonly string[]): void {
  const identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main"];
  execFileSync("git", ["-C", folder, ...identity, ...words], { stdio: "ignore" });
}

function flags(folder: string, source: string, workDir = join(folder, "work")): readonly string[] {
  return ["check", "--source", source, "--work-dir", workDir, "--report", join(folder, "report.json"), "--tests", "test_csv"];
}

const problemsIn = (folder: string): string =>
  readReport(join(folder, "report.json"))
    .problems.map(({ message, remedy }) => `${message} ${remedy}`)
    .join(" ");

/** The sentence in which the check says what is wrong. @throws Error if there is no such sentence, or if it reports a bug of its own. */
function messageOf({ code, stdout, stderr }: Ran, expected: RegExp): string {
  const text = stdout + stderr;
  if (code !== 2 || /bug in cpython-memcheck/.test(text)) throw new Error(`exit code ${code}: ${text}`);
  const [sentence] = expected.exec(text) ?? [];
  if (sentence === undefined) throw new Error(text);
  return `exit code 2: ${sentence}`;
}

function workDirCalled(name: string): Attack {
  return {
    name: `a \`work-dir\` called ${JSON.stringify(name)}, which make or valgrind would misread`,
    must: "exit code 2, and a message that says so before anything is built",
    attempt: () =>
      inFolder(async (folder) => {
        const workDir = join(folder, name);
        const ran = await runCommand(flags(folder, sourceIn(folder, "true"), workDir));
        if (existsSync(workDir)) throw new Error("the folder was made");
        return messageOf(ran, /`work-dir` [^\n]*/);
      }),
  };
}

const noHome: Attack = {
  name: "a user without HOME and without an entry in the passwd file",
  must: "exit code 2, and a message that says what to set",
  attempt: () =>
    inFolder(async (folder) => {
      const words = isolated("unknown user", ["env", "-u", "HOME", process.execPath, join(ROOT, "dist", "cli.js"), "check"]);
      return messageOf(await run(words[0], words.slice(1), { ...process.env, INIT_CWD: folder }), /`work-dir` has no default here[^\n]*/);
    }),
};

const valgrindrc: Attack = {
  name: "options in .valgrindrc, in the workspace and the home folder, that make valgrind overwrite a file",
  must: "the file is unchanged",
  attempt: () =>
    inFolder(async (folder) => {
      const victim = join(folder, "victim");
      writeFiles(folder, { victim: "precious", ".valgrindrc": `--log-file=${victim}\n` });
      const cli = [join(ROOT, "dist", "cli.js"), ...flags(folder, sourceIn(folder, "true"))];
      const ran = await run(process.execPath, cli, { ...process.env, HOME: folder, VALGRIND_OPTS: `--log-file=${victim}` }, folder);
      messageOf(ran, /`configure` failed/);
      if (readFileSync(victim, "utf8") !== "precious") throw new Error("it was overwritten");
      return "it is unchanged";
    }),
};

const ODD_NAMES = ["Lib/new\nline.py", 'Lib/"quoted".py', "Lib/a\ttab.py", "Lib/back\\slash.py", "Lib/ü.py"];

const oddNames: Attack = {
  name: "files whose names git would quote",
  must: "all of them are in the build",
  attempt: () =>
    inFolder(async (folder) => {
      const source = sourceIn(folder, "cat Lib/*.py", Object.fromEntries(ODD_NAMES.map((name, index) => [name, `file ${index}\n`])));
      git(source, "init");
      git(source, "add", ".");
      messageOf(await runCommand(flags(folder, source)), /`configure` failed/);
      const reported = problemsIn(folder);
      const missing = ODD_NAMES.filter((_, index) => !reported.includes(`file ${index}`));
      if (missing.length > 0) throw new Error(`missing: ${JSON.stringify(missing)}`);
      return `${ODD_NAMES.length} files are there`;
    }),
};

const CHECKS = 8;

/** Each branch has 200 files that contain its name. */
const switched: Attack = {
  name: `the checkout's branch is switched back and forth while ${CHECKS} checks read it`,
  must: "each check reads one branch only, or says that the source changed",
  attempt: () =>
    inFolder(async (folder) => {
      const source = sourceIn(folder, "cat Lib/many/*.py | sort | uniq -c");
      git(source, "init");
      for (const branch of ["one", "two"]) {
        git(source, "checkout", "-b", branch);
        writeFiles(source, Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`Lib/many/m${index}.py`, `branch ${branch}\n`])));
        git(source, "add", ".");
        git(source, "commit", "-m", branch);
      }
      const script = "while :; do git checkout -q one; sleep 0.4; git checkout -q two; sleep 0.4; done";
      const switcher = spawn("sh", ["-c", script], { cwd: source, stdio: "ignore", detached: true });
      const seen = { one: 0, two: 0, changed: 0 };
      try {
        for (let round = 0; round < CHECKS; round++) {
          messageOf(await runCommand(flags(folder, source)), /\S/);
          seen[branchIn(problemsIn(folder))]++;
        }
      } finally {
        process.kill(-(switcher.pid ?? 0), "SIGKILL");
      }
      return `${seen.one + seen.two} read one branch only, ${seen.changed} refused`;
    }),
};

function branchIn(reported: string): "one" | "two" | "changed" {
  if (/ changed while /.test(reported)) return "changed";
  const [one, two] = [/200 branch one/.test(reported), /200 branch two/.test(reported)];
  if (one === two || /\d+ branch (one|two)\D[\s\S]*\d+ branch/.test(reported)) throw new Error(reported);
  return one ? "one" : "two";
}

const twoSteps: Attack = {
  name: "two steps of one job",
  must: "each has a separate report, which its outputs name",
  attempt: () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, "temp"));
      const paths: string[] = [];
      for (const step of ["first", "second"]) {
        const output = join(folder, `${step}.output`);
        writeFileSync(output, "");
        writeFileSync(join(folder, "event.json"), "{}");
        const source = sourceIn(join(folder, step), `echo this is step ${step}`);
        const env = {
          GITHUB_EVENT_NAME: "push",
          GITHUB_EVENT_PATH: join(folder, "event.json"),
          GITHUB_OUTPUT: output,
          GITHUB_ACTION: step,
        };
        const ran = await runAction({ tests: "test_csv" }, { ...env, GITHUB_WORKSPACE: source, RUNNER_TEMP: join(folder, "temp") });
        if (ran.code !== 2) throw new Error(ran.stdout + ran.stderr);
        paths.push(/^report<<(\S+)\n(.*)\n\1$/m.exec(readFileSync(output, "utf8"))?.[2] ?? "");
      }
      const reported = paths.map((path) => JSON.stringify(readReport(path).problems));
      if (!reported[0]?.includes("step first") || !reported[1]?.includes("step second")) throw new Error(reported.join("\n"));
      return "two reports, each of its own step";
    }),
};

export const MACHINES: Group = {
  title: "Unusual machines and sources",
  attacks: [workDirCalled("a b"), workDirCalled("100%"), noHome, valgrindrc, oddNames, switched, twoSteps],
};
