// All sentences of notes: what a reader should know beside the verdict.

import type { Note, Rejection } from "../model/note.ts";
import { affectedMessage } from "./affected-messages.ts";
import { noBaselineMessage, recordingFailureInWords, recordingRemedy } from "./baseline-messages.ts";
import { engineNote } from "./engine-notes.ts";
import { clause, count, manyInWords, namesInWords } from "./format.ts";
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
    case "objects-whole":
    case "reached-incomplete":
    case "reached-errors":
    case "torture-chosen":
    case "torture-idle":
      return affectedMessage(note);
    case "change-unknown":
      return `The checkout has no commit ${note.sha}, on which the baseline was recorded: moved files are not followed, and findings stand at their own lines, not at changed ones. In a workflow, \`fetch-depth: 0\` of actions/checkout brings it.`;
    case "newer-python":
      return `CPython ${note.version} is newer than this cpython-memcheck was written for: leaks are looked for only if the self-tests pass on its build.`;
    case "skip-unknown":
      return `.memcheck.toml skips ${note.test}, which does not exist.`;
    case "skip-expired":
      return `The skip of ${note.test} in .memcheck.toml expired on ${note.expires}: it is checked again.`;
    case "unconfined":
    case "baselines-rejected":
    case "baseline-in-file":
    case "recording-refused":
    case "not-published":
      return hostNote(note);
    default:
      return engineNote(note);
  }
}

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
