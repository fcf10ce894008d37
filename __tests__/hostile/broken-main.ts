// The default branch breaks a test file that has a known leak, and a pull request fixes it: the shipped action, with a GitHub on loopback.

import type { Report } from "../../src/report/report.ts";
import { leak, testFile } from "../support/checkout.ts";
import { readReport } from "../support/command.ts";
import type { FakeGitHub } from "../support/github/fake-github.ts";
import type { Attack } from "./attack.ts";
import { PULL, type RecordedRepository } from "./recorded-repository.ts";

const FILE = "test_two.py";
const KNOWN = testFile(leak("list(range(3))"));
const BROKEN = testFile("self.fail()");

const messagesOf = ({ problems, notes }: Report): string => [...problems, ...notes].map(({ message }) => message).join(" ");

/** A run on main, of a commit with this test file. */
async function push(repository: RecordedRepository, github: FakeGitHub, run: { id: number; sha: string }, text: string): Promise<Report> {
  const listed = github.rest.run({ ...run, status: "in_progress", conclusion: null });
  const ran = await repository.withTests(FILE, text, () => repository.job(github, { run: run.id, sha: run.sha, event: "push" }));
  Object.assign(listed, { status: "completed", conclusion: ran.code === 0 ? "success" : "failure" });
  return readReport(ran.outputs.report ?? "");
}

export const brokenMain = (repository: RecordedRepository): Attack => ({
  name: "a test file with a known leak fails on main, and goes on failing",
  must: "the failure is reported, the leak stays known, and the author who fixes the test file is not blamed for it",
  attempt: async () => {
    const github = await repository.github(false);
    try {
      await push(repository, github, { id: 10, sha: "m2" }, KNOWN);
      github.rest.grow("main", "m3", "m4");
      const first = await push(repository, github, { id: 11, sha: "m3" }, BROKEN);
      const failure = first.problems.find(({ code }) => code === "test-failed");
      if (failure === undefined) throw new Error(`the failure is not reported: ${messagesOf(first)}`);
      const later = await push(repository, github, { id: 12, sha: "m4" }, BROKEN);
      if (!later.notes.some(({ code }) => code === "known-shortfall")) throw new Error(`it is not reported again: ${messagesOf(later)}`);
      github.rest.commits.set("p1", ["m4"]);
      const ran = await repository.withTests(FILE, KNOWN, () => repository.job(github, { run: PULL, sha: "p1", event: "pull_request" }));
      const report = readReport(ran.outputs.report ?? "");
      const statuses = report.findings.map(({ status }) => status).join();
      if (ran.code !== 0 || statuses !== "known") throw new Error(`exit code ${ran.code}, ${statuses}: ${messagesOf(report)}`);
      return `${failure.message} Then a note; then exit code 0, with the leak known`;
    } finally {
      await github.server.close();
    }
  },
});
