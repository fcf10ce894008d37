// Notes about an engine's own work: what it checked, and what it could not see.

import type { Note } from "../model/note.ts";
import { errorsInWords } from "./affected-messages.ts";
import { childCountsInWords } from "./child-messages.ts";
import { count, manyInWords, secondsInWords } from "./format.ts";
import { incompleteInWords } from "./incomplete-messages.ts";

type EngineNote = Extract<
  Note,
  {
    code:
      | "memcheck-budget"
      | "no-lifecycle"
      | "free-threaded"
      | "memcheck-sees-no-objects"
      | "slow-stacks"
      | "object-without"
      | "tortured"
      | "children"
      | "interpreters-running"
      | "left-by-interpreter"
      | "suspect-incomplete"
      | "uncovered-errors";
  }
>;

export function engineNote(note: EngineNote): string {
  switch (note.code) {
    case "memcheck-budget": {
      const of = `${note.looked} of ${note.looked + note.leftOut.length} test files`;
      return `Memcheck checked ${of}, as many as fit into \`memcheck-budget\` (${secondsInWords(note.seconds)}). Left out: ${manyInWords(note.leftOut)}.`;
    }
    case "no-lifecycle":
      return `Start and shutdown were not checked for leaks: CPython ${note.version} leaves too many blocks behind. 3.13 and newer are checked.`;
    case "free-threaded":
      return "Free-threaded build: memcheck finds a leaked block only if no other block points to it; the scan finds the others. Not checked: start and shutdown, references that are never released, and growth.";
    case "memcheck-sees-no-objects":
      return "Memcheck did not run: the allocator of this free-threaded interpreter does not report objects to it. Use `python-version` with `configure-args: --disable-gil` to build one that does.";
    case "slow-stacks":
      return "This interpreter has no frame pointers: the scan takes ten to twenty times as long for each allocation, and keeps 16 frames. CPython 3.15 and newer has frame pointers, and so do builds made by the check (`python-version`).";
    case "object-without": {
      const effects = note.lacks.map((lack) => LACKS[lack]).join(" and ");
      return `The shared object ${note.object} has ${effects}. \`install\` compiles with both; the README says with which variables.`;
    }
    case "tortured":
      return tortured(note);
    case "children":
      return childCountsInWords(note);
    case "interpreters-running":
      return `${manyInWords(note.tests)}: a subinterpreter was running during a leak check, or another thread might have run it. Lists, dicts and other containers that it leaks are not found.`;
    case "left-by-interpreter":
      return `At the end of \`${note.test}\`, CPython itself left ${count(note.blocks, "block")} from ${count(note.sites, "place")} behind, with no extension on any stack. They are not counted.`;
    case "suspect-incomplete":
      return `${note.test}: memcheck could not confirm what the scan found in it, because ${incompleteInWords(note.incomplete)}.`;
    case "uncovered-errors":
      return `${note.test}: while confirming a leak of the scan, memcheck found other errors that have no baseline: ${errorsInWords(note.errors)}.`;
  }
}

const LACKS = {
  symbols: "no symbols, so its functions have no names in stacks",
  lines: "no line numbers",
  "frame pointers": "no frame pointers, so the scan's stacks may end in it",
} as const;

function tortured({ slice, sites, failures, unjudged, untried, leftOut, others }: Extract<Note, { code: "tortured" }>): string {
  const parts = [
    `Torture made ${count(failures, "allocation")} fail, at ${count(sites, "site")}${slice === null ? "" : ` of slice ${slice}`}.`,
    unjudged === 0 ? "" : `${count(unjudged, "failure")} could not be judged because the test hung or ended its process.`,
    untried === 0 ? "" : `${count(untried, "failure")} did not fit into the time.`,
    leftOut.slow === 0 ? "" : `${count(leftOut.slow, "test")} took over a second and ${leftOut.slow === 1 ? "was" : "were"} left out.`,
    others === 0 ? "" : `${count(others, "error")} of CPython or of other extensions ${others === 1 ? "is" : "are"} not shown.`,
    leftOut.failing === 0 ? "" : `${count(leftOut.failing, "test")} did not pass and ${leftOut.failing === 1 ? "was" : "were"} left out.`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
