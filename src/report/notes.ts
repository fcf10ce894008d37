// All sentences of notes: what a reader should know beside the verdict.

import type { Note, Rejection } from "../model/note.ts";
import { affectedMessage, errorsInWords } from "./affected-messages.ts";
import { noBaselineMessage, recordingFailureInWords, recordingRemedy } from "./baseline-messages.ts";
import { clause, count, namesInWords, secondsInWords } from "./format.ts";
import { incompleteInWords } from "./incomplete-messages.ts";
import { ENGINE_TITLES, shortfallMessage } from "./messages.ts";

export function noteMessage(note: Note): string {
  switch (note.code) {
    case "known-shortfall":
      return `Not checked on the default branch either: ${shortfallMessage(note.shortfall).text}`;
    case "first-comparison":
      return noBaselineMessage(note.why).text;
    case "acceptance-expired":
      return `${note.signature} in ${note.function} was accepted until ${note.expires} (${note.reason}), and counts again.`;
    case "baseline-recorded":
      return `Recorded as the baseline (${note.where}): ${manyInWords(note.tests)}, with ${count(note.findings, "known error")}.`;
    case "previous-baseline-stays":
      return `The baseline was not recorded: ${recordingFailureInWords(note.why)}. The previous one stays. ${recordingRemedy(note.why)}`;
    case "left-out":
      return `${note.test} is not checked by ${ENGINE_TITLES[note.engine]}: it ${note.reason}.`;
    case "tests-chosen":
    case "all-tests-affected":
    case "memcheck-chosen":
    case "leak-suspects":
    case "reached-incomplete":
    case "reached-errors":
    case "torture-chosen":
    case "torture-idle":
      return affectedMessage(note);
    case "memcheck-budget": {
      const of = `${note.looked} of ${note.looked + note.leftOut.length} test files`;
      return `Memcheck looked at ${of}, as many as fit into \`memcheck-budget\` (${secondsInWords(note.seconds)}). Left out: ${manyInWords(note.leftOut)}.`;
    }
    case "no-lifecycle":
      return `What start and shutdown of an interpreter leave behind was not looked for: CPython ${note.version} leaves too much. 3.13 and newer are checked.`;
    case "slow-stacks":
      return "This interpreter has no frame pointers: the scan takes ten to twenty times as long for each allocation, and keeps 16 frames. CPython 3.15 and newer has them, and so has a build of ours (`python-version`).";
    case "object-without": {
      const effects = note.lacks.map((lack) => LACKS[lack]).join(" and ");
      return `The shared object ${note.object} has ${effects}. \`install\` compiles with both; the README says with which variables.`;
    }
    case "tortured":
      return tortured(note);
    case "left-by-interpreter":
      return `At the end of \`${note.test}\`, CPython left ${count(note.blocks, "block")} from ${count(note.sites, "place")} behind, without an extension on any stack. They do not count.`;
    case "suspect-incomplete":
      return `${note.test}: memcheck could not confirm what the scan found in it, since ${incompleteInWords(note.incomplete)}.`;
    case "uncovered-errors":
      return `${note.test}: while confirming a leak of the scan, memcheck found other errors, which no baseline covers: ${errorsInWords(note.errors)}.`;
    case "change-unknown":
      return `The checkout has no commit ${note.sha}, on which the baseline was recorded: moved files are not followed, and findings stand at their own lines, not at changed ones. In a workflow, \`fetch-depth: 0\` of actions/checkout brings it.`;
    case "newer-python":
      return `CPython ${note.version} is newer than this cpython-memcheck was written for: leaks are looked for only if the self-tests pass on its build.`;
    case "skip-unknown":
      return `.memcheck.toml skips ${note.test}, which does not exist.`;
    case "skip-expired":
      return `The skip of ${note.test} in .memcheck.toml expired on ${note.expires}: it is checked again.`;
    default:
      return hostNote(note);
  }
}

const LACKS = {
  symbols: "no symbols, so its functions have no names in stacks",
  lines: "no line numbers",
  "frame pointers": "no frame pointers, so the scan's stacks may end in it",
} as const;

type HostNote = Extract<Note, { code: "unconfined" | "baselines-rejected" | "baseline-in-file" | "recording-refused" | "not-published" }>;

function hostNote(note: HostNote): string {
  switch (note.code) {
    case "unconfined":
      return "setpriv (util-linux) is not installed: the checked code could use sudo and set-user-id programs, and outlive a check that is killed.";
    case "baselines-rejected": {
      const runs = note.runs.map((run) => `run ${run ?? "unknown"}`);
      return `Skipped baseline candidates, since ${rejectionInWords(note.why)}: ${namesInWords(runs)}.`;
    }
    case "baseline-in-file": {
      const kept = `the baseline is in ${note.path}, which later runs have only if the runner keeps that folder.`;
      if (note.why === "enterprise-server") return `GitHub Enterprise Server has no artifacts that the check could use: ${kept}`;
      return `The runner does not say of which repository, run and branch this job is: ${kept}`;
    }
    case "recording-refused":
      return `No baseline is recorded: ${recordingFailureInWords(note.why)}. ${recordingRemedy(note.why)}`;
    case "not-published":
      return notPublished(note);
  }
}

function notPublished({ what, why }: Extract<Note, { code: "not-published" }>): string {
  const head = `The ${what === "check-run" ? "check run" : "comment"} was not made`;
  if (why.code === "no-token") return `${head}: the input \`token\` is empty.`;
  const remedy = why.code === "refused" ? ` It needs \`${why.permission}: write\`, which a pull request from a fork never has.` : "";
  return `${head}: ${clause(why.detail)}.${remedy}`;
}

function tortured({ sites, failures, unjudged, untried, leftOut }: Extract<Note, { code: "tortured" }>): string {
  const parts = [
    `Torture made ${count(failures, "allocation")} fail, at ${count(sites, "site")}.`,
    unjudged === 0 ? "" : `${count(unjudged, "failure")} could not be judged, since the test hung or ended its process.`,
    untried === 0 ? "" : `${count(untried, "failure")} did not fit into the time.`,
    leftOut.slow === 0 ? "" : `${count(leftOut.slow, "test")} took over a second and ${leftOut.slow === 1 ? "was" : "were"} left out.`,
    leftOut.failing === 0 ? "" : `${count(leftOut.failing, "test")} did not pass and ${leftOut.failing === 1 ? "was" : "were"} left out.`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function manyInWords(tests: readonly string[]): string {
  return tests.length > 10 ? `${tests.length} test files` : tests.join(", ");
}

function rejectionInWords(why: Rejection): string {
  switch (why.code) {
    case "no-run":
      return "GitHub does not say which run made it";
    case "other-repository":
      return "it was made in another repository";
    case "other-branch":
      return why.branch === null ? "it was made on an unknown branch" : `it was made on the branch ${why.branch}`;
    case "other-workflow":
      return `another workflow made it (${why.path})`;
    case "other-event":
      return `it was made on the event ${why.event}`;
    case "unfinished":
      return `its run is not finished (${why.status ?? "status unknown"})`;
    case "conclusion":
      return `its run ended as ${why.conclusion ?? "unknown"}`;
    case "expired":
      return "it has expired";
    case "too-large":
      return `it is larger than ${why.limit} bytes`;
    case "no-digest":
      return "GitHub has no digest of it";
    case "deleted":
      return "it or its run was deleted";
    case "merged-commit":
      return "its commit came into the branch by a merge, and is another branch's";
    case "foreign-commit":
      return why.sha === null ? "its run is of another commit" : `it is of the commit ${why.sha}, which its run is not of`;
    case "broken":
      return clause(why.detail);
  }
}
