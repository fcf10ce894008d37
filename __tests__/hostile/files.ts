// Attacks by untrusted files and settings: baselines, kept builds, a repository's settings, an event's payload, flags.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { folderAt, readStamp } from "../../src/build/build-folder.ts";
import { readChanges } from "../../src/git/git-changes.ts";
import { BaselineFile } from "../../src/hosts/common/baseline-file.ts";
import { readEvent } from "../../src/hosts/github/event.ts";
import { UserError } from "../../src/model/user-error.ts";
import { readRepositorySettings } from "../../src/settings/repository-settings.ts";
import { parseSettings } from "../../src/settings/settings.ts";
import { writeAtomically } from "../../src/system/atomic-write.ts";
import { Processes } from "../../src/system/processes.ts";
import { baseline, entry } from "../support/builders.ts";
import { type Attack, type Group, inFolder } from "./attack.ts";

const WHOLE = baseline({ findings: [entry("f")] });
const packed = (value: unknown): Uint8Array => gzipSync(typeof value === "string" ? value : JSON.stringify(value));

/** Puts something at a path. */
type Put = (path: string) => void;

const bytes =
  (content: string | Uint8Array): Put =>
  (path) =>
    writeFileSync(path, content);
const pipe: Put = (path) => execFileSync("mkfifo", [path]);
const endless: Put = (path) => symlinkSync("/dev/zero", path);

/** The file must count as unreadable, so that it is overwritten only if the user asks for that. */
function asBaseline(what: string, put: Put): Attack {
  return {
    name: `a baseline that is ${what}`,
    must: "it counts as unreadable or is refused, and never as empty",
    attempt: () =>
      inFolder(async (folder) => {
        put(join(folder, "baseline"));
        const loading = new BaselineFile(join(folder, "baseline"), "what-is-missing").load();
        const lookup = await loading.catch((error: unknown) => {
          if (error instanceof UserError) return { kind: "unreadable", detail: error.message } as const;
          throw error;
        });
        if (lookup.kind !== "unreadable") throw new Error(lookup.kind);
        return `unreadable: ${lookup.detail.slice(0, 80)}`;
      }),
  };
}

/** @throws Error unless the work fails with an error message for the user. */
async function refused(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return `refused: ${error.message.replace(/\s+/g, " ").slice(0, 80)}`;
    throw error;
  }
  throw new Error("it was accepted");
}

function asRepositorySettings(what: string, put: Put): Attack {
  return {
    name: `a .memcheck.toml that is ${what}`,
    must: "the check refuses it and says why",
    attempt: () =>
      inFolder(async (folder) => {
        put(join(folder, ".memcheck.toml"));
        return await refused(() => readRepositorySettings(folder, "2026-06-01"));
      }),
  };
}

function asStamp(what: string, put: Put): Attack {
  return {
    name: `a build's stamp that is ${what}`,
    must: "the build is not used",
    attempt: () =>
      inFolder(async (folder) => {
        const build = folderAt(folder);
        mkdirSync(build.tree);
        put(join(folder, "stamp.json"));
        if ((await readStamp(build)) !== undefined) throw new Error("it is used");
        return "not used";
      }),
  };
}

function asSettings(what: string, raw: Readonly<Record<string, string>>): Attack {
  const here = { directory: "/x", home: "/home", cores: 2, workDir: "/w", source: { kind: "checkout", path: "/x" } } as const;
  return {
    name: `settings with ${what}`,
    must: "the check refuses them before any work",
    attempt: () => refused(() => parseSettings(raw, here)),
  };
}

function asEvent(what: string, env: Readonly<Record<string, string>>, payload: string): Attack {
  return {
    name: `an event ${what}`,
    must: "it is refused, or records no baseline",
    attempt: () =>
      inFolder(async (folder) => {
        const path = join(folder, "event.json");
        writeFileSync(path, payload);
        const event = await readEvent({ GITHUB_EVENT_PATH: path, ...env }).catch((error: unknown) => {
          if (error instanceof UserError) return undefined;
          throw error;
        });
        if (event?.recordsBaseline) throw new Error("it records a baseline");
        return event === undefined ? "refused" : "records nothing";
      }),
  };
}

const STAMP = { stampVersion: 3, key: "k", state: "built", tree: "/t", time: 1, files: {} };

export const FILES: Group = {
  title: "Untrusted files and settings",
  attacks: [
    asBaseline("empty", bytes("")),
    asBaseline("cut off", bytes(packed(WHOLE).subarray(0, -20))),
    asBaseline("a bomb that unpacks to a gigabyte", bytes(gzipSync(Buffer.alloc(2 ** 30)))),
    asBaseline("JSON with a million levels", bytes(packed("[".repeat(1e6)))),
    asBaseline("JSON with another structure", bytes(packed({ ...WHOLE, findings: { length: 1e9 } }))),
    asBaseline("one of a later version", bytes(packed({ ...WHOLE, baselineVersion: 99 }))),
    asBaseline("one with the key `__proto__`", bytes(packed(JSON.stringify(WHOLE).replace("{", '{"__proto__":{"sha":null},')))),
    asBaseline("one whose commit is an option of git", bytes(packed({ ...WHOLE, sha: "--output=/tmp/owned" }))),
    asBaseline("one with an infinite number of blocks", bytes(packed(JSON.stringify(WHOLE).replace('"blocks":1', '"blocks":1e999')))),
    asBaseline("a link to /dev/zero", endless),
    asBaseline("a pipe without a writer", pipe),
    asBaseline("a folder", (path) => mkdirSync(path)),
    asRepositorySettings("a link to /dev/zero", endless),
    asRepositorySettings("a pipe without a writer", pipe),
    asRepositorySettings("arrays with a hundred thousand levels", bytes(`x = ${"[".repeat(1e5)}${"]".repeat(1e5)}`)),
    asRepositorySettings("one that accepts everything forever", bytes('[[accept]]\nsignature = ".*"\nreason = "x"\nexpires = 9999-12-31')),
    asRepositorySettings("one with the key `__proto__`", bytes("[__proto__]\nburst-limit = 1")),
    asRepositorySettings("binary data", bytes(Buffer.from([0, 255, 254, 0]))),
    asStamp("cut off", bytes(JSON.stringify(STAMP).slice(0, -2))),
    asStamp(
      "one that names files outside of the folder",
      bytes(JSON.stringify({ ...STAMP, files: { "../../x": { hash: "a", kind: "file" } } })),
    ),
    asStamp("one of another version", bytes(JSON.stringify({ ...STAMP, stampVersion: 1 }))),
    asSettings("a test file's name with a path out of its folder", { tests: "../../x" }),
    asSettings("a test file's name that is an option", { tests: "--help" }),
    asSettings("a test file's name that contains a shell command", { scan: "test_x;id" }),
    asSettings("an argument that sends memcheck's report elsewhere", { "valgrind-args": "--xml-file=/dev/null" }),
    asSettings("an argument that hides errors", { "valgrind-args": "--suppressions=all.supp" }),
    asSettings("an argument that runs another program", { "valgrind-args": "/bin/true" }),
    asSettings("a name of a check run that has two lines", { "check-run": "x\n::error::y" }),
    asSettings("a time limit of a million hours", { timeout: "999999h" }),
    asEvent("of an untrusted pull request with the base branch's permissions", { GITHUB_EVENT_NAME: "pull_request_target" }, "{}"),
    asEvent(
      "that sets its default branch by the key `__proto__`",
      { GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/undefined" },
      '{"repository": {"__proto__": {"default_branch": "undefined"}}}',
    ),
    asEvent(
      "of a fork's branch with the same name",
      { GITHUB_EVENT_NAME: "pull_request", GITHUB_REF: "refs/heads/main" },
      '{"repository": {"default_branch": "main"}}',
    ),
    ...["workflow_run", "issue_comment", "repository_dispatch", "pull_request_review"].map((name) =>
      asEvent(
        `${name}, which runs anyone's code on the default branch's ref`,
        { GITHUB_EVENT_NAME: name, GITHUB_REF: "refs/heads/main" },
        '{"repository": {"default_branch": "main"}}',
      ),
    ),
    asEvent("that is not JSON", { GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/main" }, "\u0000"),
    {
      name: "a baseline's commit that is an option of git, passed to git itself",
      must: "git writes nothing",
      attempt: () =>
        inFolder(async (folder) => {
          execFileSync("git", ["init", "-q", folder]);
          const changes = await readChanges(folder, "--output=owned", new Processes(process.env));
          if (changes !== undefined || existsSync(join(folder, "owned"))) throw new Error("git followed the option");
          return "the changes are unknown";
        }),
    },
    {
      name: "a link in place of a report",
      must: "the file that it points to is unchanged",
      attempt: () =>
        inFolder(async (folder) => {
          symlinkSync("victim", join(folder, "report.json"));
          await writeAtomically(join(folder, "report.json"), "{}");
          if (existsSync(join(folder, "victim"))) throw new Error("the link was followed");
          return "the link was replaced";
        }),
    },
  ],
};
