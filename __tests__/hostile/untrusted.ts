// The shipped action on a real CPython, with a fake GitHub that has untrusted baselines. The check must use none of them.

import { execFileSync } from "node:child_process";
import { CHECK_VERSION, type Identity } from "../../src/findings/baseline.ts";
import type { Report, ReportedProblem } from "../../src/report/report.ts";
import { leak, testFile } from "../support/checkout.ts";
import { readReport } from "../support/command.ts";
import type { FakeGitHub } from "../support/github/fake-github.ts";
import { archived, of, POISON, type Poison, plant, reasonOf } from "../support/github/poison.ts";
import { FORK_ID } from "../support/github/rest.ts";
import { json } from "../support/github/server.ts";
import type { RanJob } from "../support/job.ts";
import type { Attack, Group } from "./attack.ts";
import { brokenMain } from "./broken-main.ts";
import { type JobOfRun, OWN, PULL, RecordedRepository } from "./recorded-repository.ts";

const OUTSIDER = 66;
const PULL_REQUEST: JobOfRun = { run: PULL, sha: "p1", event: "pull_request" };

interface Seen {
  readonly ran: RanJob;
  readonly report: Report;
  readonly github: FakeGitHub;
}

export async function attackByUntrusted(): Promise<Group> {
  const repository = await RecordedRepository.open();
  const attack = (
    name: string,
    must: string,
    hasBaseline: boolean,
    act: (github: FakeGitHub) => JobOfRun | Promise<JobOfRun>,
    judge: (seen: Seen) => string,
  ) => ({
    name,
    must,
    attempt: async () => {
      const github = await repository.github(hasBaseline);
      try {
        const ran = await repository.job(github, await act(github));
        return judge({ ran, report: readReport(ran.outputs.report ?? ""), github });
      } finally {
        await github.server.close();
      }
    },
  });
  const poisoned = (what: string, poison: Poison): Attack =>
    attack(
      `a pull request's only baseline is one ${what}`,
      "exit code 2, nothing is compared, and its run is named",
      false,
      (github) => {
        plant(github, poison, { id: OUTSIDER, sha: "m2", name: repository.name });
        return PULL_REQUEST;
      },
      ({ ran, report }) => `${inconclusive(ran, report)}: ${named(report, reasonOf(poison, OUTSIDER))}`,
    );
  const ofOthers = (what: string, identity: Partial<Identity>, expected: RegExp): Attack =>
    attack(
      `the branch's own baseline was recorded with ${what}`,
      "exit code 2, nothing is compared, and the difference is named",
      false,
      async (github) => {
        github.artifacts.keep(OWN, repository.name, await repository.archiveWith(identity));
        return PULL_REQUEST;
      },
      ({ ran, report }) => {
        if (!expected.test(messagesOf(report))) throw new Error(messagesOf(report));
        return inconclusive(ran, report);
      },
    );
  const changing = (name: string, text: string | undefined, one: Attack): Attack => ({
    ...one,
    attempt: () => repository.withTests(name, text, async () => await one.attempt()),
  });
  const own = (name: string, act: (github: FakeGitHub) => JobOfRun, commit = "m1"): Attack =>
    attack(name, "the check compares with the branch's own baseline", true, act, ({ ran, report }) => {
      const compared = report.baseline?.origin?.commit;
      if (ran.code !== 0 || compared !== commit) throw new Error(`exit code ${ran.code}, compared with ${compared}: ${messagesOf(report)}`);
      return `exit code 0, compared with ${compared}`;
    });
  return {
    title: "Untrusted baselines on GitHub, on a real CPython",
    attacks: [
      ...Object.entries(POISON).map(([what, poison]) => poisoned(what, poison)),
      ofOthers("another version of CPython", { python: "3.12" }, /3\.12/),
      ofOthers("a check that finds other kinds of errors", { check: CHECK_VERSION + 41 }, new RegExp(`\\b${CHECK_VERSION + 41}\\b`)),
      ofOthers("another compiler", { compiler: "gcc 1.0" }, /gcc 1\.0/),
      own("a tag that is called main is put on a commit that a merge brought in", (github) => {
        mergedCommit(github, repository.name);
        return PULL_REQUEST;
      }),
      own("a tag that is called main is put on a commit that was never merged", (github) => {
        github.rest.commits.set("p1", ["m1"]);
        github.rest.tags.set("main", "p1");
        record(github, "p1", repository.name);
        return PULL_REQUEST;
      }),
      own("a fork uploads three thousand artifacts of the baseline's name", (github) => {
        flood(github, repository.name);
        return PULL_REQUEST;
      }),
      own("the newest baseline's run was deleted", (github) => {
        record(github, "m2", repository.name);
        github.server.plan(new RegExp(`/actions/runs/${OUTSIDER}$`), { answer: json(404, { message: "Not Found" }) });
        return PULL_REQUEST;
      }),
      own("`baseline` names the branch as a ref", () => ({ ...PULL_REQUEST, inputs: { baseline: "refs/heads/main" } })),
      attack(
        "main has too many runs without a usable baseline",
        "exit code 2, and nothing is recorded: it is unknown whether there is a baseline",
        false,
        (github) => {
          for (let id = 100; id < 160; id++) record(github, "m2", repository.name, id, { conclusion: "cancelled" });
          github.rest.run({ id: 999, sha: "m2", status: "in_progress", conclusion: null });
          return { run: 999, sha: "m2", event: "push" };
        },
        ({ ran, report, github }) => `${inconclusive(ran, report)}: ${nothingRecorded(github, 999)}`,
      ),
      attack(
        "`baseline` names a branch that does not exist",
        "exit code 2, and the branch is named, not a permission",
        true,
        () => ({ ...PULL_REQUEST, inputs: { baseline: "refs/heads/mian" } }),
        ({ ran, report }) => {
          const reported = messagesOf(report);
          if (!reported.includes("mian") || /permission/.test(reported)) throw new Error(reported);
          return inconclusive(ran, report);
        },
      ),
      changing(
        "test_two.py",
        undefined,
        attack(
          "a pull request removes one of its test files",
          "exit code 2, and it is named",
          true,
          () => PULL_REQUEST,
          ({ ran, report }) => inconclusive(ran, report, "test-missing"),
        ),
      ),
      changing(
        "test_three.py",
        testFile(leak("list(range(3))")),
        attack(
          "main has a new test file that leaks, and the baseline cannot be uploaded",
          "exit code 2: its leak is neither compared nor recorded",
          true,
          (github) => {
            github.server.plan(/CreateArtifact/, { answer: json(500, { msg: "Broken" }) });
            github.rest.run({ id: 999, sha: "m2", status: "in_progress", conclusion: null });
            return { run: 999, sha: "m2", event: "push" };
          },
          ({ ran, report, github }) => `${inconclusive(ran, report, "baseline-not-recorded")}, ${nothingRecorded(github, 999)}`,
        ),
      ),
      brokenMain(repository),
      attack(
        "a dispatch on main checks out another commit",
        "nothing is recorded",
        true,
        (github) => {
          commitAll(repository.checkout.source);
          github.rest.run({ id: 999, sha: "m2", event: "workflow_dispatch", status: "in_progress", conclusion: null });
          return { run: 999, sha: "m2", event: "workflow_dispatch" };
        },
        ({ report, github }) => {
          const note = report.notes.find(({ code }) => code === "recording-refused");
          if (note === undefined) throw new Error(`it is not reported: ${messagesOf(report)}`);
          return `${nothingRecorded(github, 999)}: ${note.message}`;
        },
      ),
    ],
    close: () => repository.close(),
  };
}

const messagesOf = ({ problems, notes }: Report): string => [...problems, ...notes].map(({ message }) => message).join(" ");

/** Nothing was compared; or, with a code, there is that problem. */
function inconclusive(ran: RanJob, report: Report, code?: ReportedProblem["code"]): string {
  const problem = report.problems.find((one) => one.code === code);
  const isRight = code === undefined ? report.baseline === null : problem !== undefined;
  if (ran.code !== 2 || report.verdict !== "inconclusive" || !isRight) throw new Error(`exit code ${ran.code}: ${messagesOf(report)}`);
  return problem === undefined ? "exit code 2" : `exit code 2: ${problem.message}`;
}

function named({ notes }: Report, reason: RegExp): string {
  const note = notes.find(({ message }) => reason.test(message));
  if (note === undefined) throw new Error(`not named: ${notes.map(({ message }) => message).join(" ")}`);
  return note.message;
}

function nothingRecorded({ rest }: FakeGitHub, run: number): string {
  if (rest.artifacts.some((artifact) => artifact.run === run)) throw new Error("it was recorded");
  return "nothing was recorded";
}

/** Adds a run with an artifact that has the baseline's name. */
function record(github: FakeGitHub, sha: string, name: string, id = OUTSIDER, run: object = {}): void {
  github.rest.run({ id, sha, ...run });
  github.artifacts.keep(id, name, archived(of("evil")));
}

function flood(github: FakeGitHub, name: string): void {
  github.rest.run({ id: 5000, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
  for (let index = 0; index < 3001; index++) github.artifacts.keep(5000, name, Buffer.from("x"));
}

/** main merged `f2`. Its parent `f1` was tampered with, and `f2` repaired that. */
function mergedCommit(github: FakeGitHub, name: string): void {
  const { commits, branches, tags } = github.rest;
  commits.set("f1", ["m1"]);
  commits.set("f2", ["f1"]);
  commits.set("m3", ["m2", "f2"]);
  branches.set("main", "m3");
  commits.set("p1", ["f1"]);
  tags.set("main", "f1");
  record(github, "f1", name);
}

/** Commits everything, so that the checkout's commit belongs to no run. */
function commitAll(folder: string): void {
  const git = (...words: readonly string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.com", ...words]);
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "all");
}
