// All sentences of notes: what a reader should know besides the verdict.

import type { Note, Rejection } from "../model/note.ts";
import { affectedMessage } from "./affected-messages.ts";
import { noBaselineMessage, recordingFailureInWords, recordingRemedy } from "./baseline-messages.ts";
import { engineNote } from "./engine-notes.ts";
import { clause, count, manyInWords, namesInWords } from "./format.ts";
import { ENGINE_TITLES, shortfallMessage } from "./messages.ts";

export function noteMessage(note: Note): string {
  switch (note.code) {
    case "known-shortfall":
      return `Not checked when the baseline was recorded either: ${shortfallMessage(note.shortfall).text}`;
    case "retried":
      return `The second run came to its end, and the first did not: ${shortfallMessage(note.shortfall).text}`;
    case "first-comparison":
      return noBaselineMessage(note.why).text;
    case "acceptance-expired":
      return `${note.signature} in ${note.function} was accepted until ${note.expires} (${note.reason}), and counts again.`;
    case "baseline-recorded":
      return `Recorded as the baseline (${note.where}): ${manyInWords(note.tests)}, with ${count(note.findings, "entry", "entries")}.`;
    case "previous-baseline-stays":
      return `The baseline was not recorded: ${recordingFailureInWords(note.why)}. The previous one stays. ${recordingRemedy(note.why)}`;
    case "left-out":
      return `${note.test} was not checked by ${ENGINE_TITLES[note.engine]}: it ${note.reason}.`;
    case "tests-chosen":
    case "all-tests-affected":
    case "memcheck-chosen":
    case "memcheck-partly":
    case "leak-suspects":
    case "objects-whole":
    case "reached-incomplete":
    case "reached-errors":
    case "torture-chosen":
    case "torture-idle":
      return affectedMessage(note);
    case "change-unknown":
      return `The checkout has no commit ${note.sha}, on which the baseline was recorded. Moved files are not followed, and findings are shown at their own lines, not at changed ones. In a workflow, use \`fetch-depth: 0\` at actions/checkout.`;
    case "newer-python":
      return `CPython ${note.version} is newer than the versions that this cpython-memcheck was tested with: leaks are looked for only if the self-tests pass on its build.`;
    case "skip-unknown":
      return `.memcheck.toml skips ${note.test}, which is no test file of this check.`;
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
      return `Skipped baseline candidates because ${rejectionInWords(note.why)}: ${namesInWords(runs)}.`;
    }
    case "baseline-in-file": {
      const kept = `the baseline is in ${note.path}, which later runs have only if the runner keeps that folder.`;
      if (note.why === "enterprise-server") return `GitHub Enterprise Server does not support the artifacts that the check uses: ${kept}`;
      return `The runner does not name this job's repository, run and branch: ${kept}`;
    }
    case "recording-refused":
      return `No baseline is recorded: ${recordingFailureInWords(note.why)}. ${recordingRemedy(note.why)}`;
    case "not-published":
      return notPublished(note);
  }
}

function notPublished({ what, why }: Extract<Note, { code: "not-published" }>): string {
  const head = `The ${what === "check-run" ? "check run" : "comment"} was not created`;
  if (why.code === "no-token") return `${head}: the input \`token\` is empty.`;
  const remedy = why.code === "refused" ? ` It needs \`${why.permission}: write\`, which a pull request from a fork never has.` : "";
  return `${head}: ${clause(why.detail)}.${remedy}`;
}

function rejectionInWords(why: Rejection): string {
  switch (why.code) {
    case "no-run":
      return "GitHub does not name the run that recorded it";
    case "other-repository":
      return "it was recorded in another repository";
    case "other-branch":
      return why.branch === null ? "it was recorded on an unknown branch" : `it was recorded on branch ${why.branch}`;
    case "other-workflow":
      return `it was recorded by another workflow (${why.path})`;
    case "other-event":
      return `it was recorded on the event ${why.event}`;
    case "unfinished":
      return `its run is not finished (${why.status ?? "status unknown"})`;
    case "conclusion":
      return `its run ended as ${why.conclusion ?? "unknown"}`;
    case "expired":
      return "it has expired";
    case "too-large":
      return `it is larger than ${why.limit} bytes`;
    case "no-digest":
      return "GitHub gives no digest for it";
    case "deleted":
      return "it or its run was deleted";
    case "merged-commit":
      return "its commit was merged into the branch from another branch";
    case "foreign-commit":
      return why.sha === null ? "its run is for another commit" : `it was recorded on commit ${why.sha}, which is not its run's commit`;
    case "broken":
      return clause(why.detail);
  }
}
