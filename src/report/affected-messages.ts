// Which test files a check left out because the change cannot reach them, and why it ran the others.

import * as v from "valibot";
import type { Cause } from "../affected/selection.ts";
import type { Note } from "../model/note.ts";
import { count, kindInWords, namesInWords, placeInWords, secondsInWords } from "./format.ts";
import { incompleteInWords } from "./incomplete-messages.ts";
import { ENGINE_TITLES } from "./messages.ts";

const CauseSchema = v.strictObject({ code: v.picklist(["function", "file", "unrecorded"]), name: v.nullable(v.string()) });

/** The selected test files, each with the changed code or files that it uses, for a check that left others out. */
export const AffectedSchema = v.array(v.strictObject({ test: v.string(), causes: v.array(CauseSchema) }));

export type ReportedAffected = v.InferOutput<typeof AffectedSchema>;

export function reportCause(cause: Cause): v.InferOutput<typeof CauseSchema> {
  return { code: cause.code, name: "name" in cause ? cause.name : null };
}

type ReachedNote = Extract<Note, { code: "reached-incomplete" | "reached-errors" }>;

type TortureNote = Extract<Note, { code: "torture-chosen" | "torture-idle" }>;

type AffectedNote =
  | Extract<
      Note,
      { code: "tests-chosen" | "all-tests-affected" | "memcheck-chosen" | "memcheck-partly" | "leak-suspects" | "objects-whole" }
    >
  | ReachedNote
  | TortureNote;

export function affectedMessage(note: AffectedNote): string {
  switch (note.code) {
    case "tests-chosen": {
      const rest = note.sha === null ? "when the baseline was recorded" : `on ${note.sha.slice(0, 10)}, with the baseline`;
      return `This change can reach ${note.chosen} of ${note.of} test files; the rest was checked ${rest}.`;
    }
    case "all-tests-affected":
      return `All ${note.of} test files were run: ${ALL[note.why](note.name ?? "")}.`;
    case "memcheck-chosen":
      return chosenForMemcheck(note);
    case "objects-whole":
      return `Could not split ${namesInWords(note.objects)} into functions: any change there reaches all test files that load it. docs/affected-tests.md lists the compiler and linker flags that allow this.`;
    case "memcheck-partly":
      return `${note.test}: memcheck left out ${count(note.leftOut, "slow test")} for lack of time. Raise \`memcheck-budget\` to include them.`;
    case "reached-incomplete":
    case "reached-errors":
      return reachedInWords(note);
    case "torture-chosen":
    case "torture-idle":
      return tortureInWords(note);
    case "leak-suspects": {
      const { cleanTests } = note;
      const [leaks, they] = note.signatures.length === 1 ? ["leak", "it"] : ["leaks", "them"];
      const where = cleanTests === 0 ? `in no test file without ${they}` : `in the fewest test files without ${they} (${cleanTests})`;
      const names = namesInWords(
        note.functions.map(({ name, file, line }) => (file === null ? name : `${name} (${placeInWords({ file, line })})`)),
      );
      return `No function changed on the stack of the new ${leaks} ${namesInWords(note.signatures)}. These did, and run in each test file with ${they}, and ${where}: ${names}.`;
    }
  }
}

function chosenForMemcheck({ looked, targets, covered, seconds }: Extract<AffectedNote, { code: "memcheck-chosen" }>): string {
  if (targets === 0) return "Memcheck checked no test file: no suitable one runs the changed code.";
  const rest = covered === targets || seconds === null ? "" : `; more does not fit into \`memcheck-budget\` (${secondsInWords(seconds)})`;
  if (looked.length === 0) return `Memcheck checked no test file${rest}.`;
  return `Memcheck checked ${namesInWords(looked)}, which reach ${covered} of ${count(targets, "changed function and file", "changed functions and files")}${rest}.`;
}

/** The test files in which torture ran, or why in none. */
function tortureInWords(note: TortureNote): string {
  if (note.code === "torture-idle") return `Torture made no allocation fail: ${IDLE[note.why]}.`;
  const { looked, functions, covered } = note;
  if (looked.length === 0) return "Torture checked no test file: no suitable one runs the changed code.";
  const of = covered === functions ? count(functions, "changed function") : `${covered} of ${count(functions, "changed function")}`;
  const rest = covered === functions ? "" : "; no suitable test file that fits into the time is known to run the others";
  return `Torture made allocations fail in ${of}, in ${namesInWords(looked)}${rest}.`;
}

type Idle = Extract<TortureNote, { code: "torture-idle" }>["why"];

const IDLE: Readonly<Record<Idle, string>> = {
  records: "a check that records a baseline has no change to look at",
  "no-record": "no baseline records which functions there were, so changed ones are unknown",
  unchanged: "nothing differs from the baseline",
  "unreadable-objects": "the object files of this build can't be read",
  "no-function": "this change rewrites no C function",
  "many-functions": "the change is in so many functions that old errors can't be told from new ones",
};

function reachedInWords(note: ReachedNote): string {
  const engine = ENGINE_TITLES[note.engine];
  if (note.code === "reached-incomplete")
    return `${note.test}: this change can reach it, but ${engine} did not finish it, because ${incompleteInWords(note.incomplete)}.`;
  return `${note.test}: ${engine} found errors that involve no changed function and have no baseline: ${errorsInWords(note.errors)}.`;
}

/** `memory leak in f, invalid read in g and 3 more` */
export function errorsInWords(errors: readonly { readonly kind: string; readonly function: string }[]): string {
  return namesInWords([...new Set(errors.map((error) => `${kindInWords(error.kind)} in ${error.function}`))]);
}

type Why = Extract<AffectedNote, { code: "all-tests-affected" }>["why"];

const ALL: Readonly<Record<Why, (name: string) => string>> = {
  "shared-function": (name) => `each of them runs ${name}, which changed`,
  "shared-file": (name) => `each of them may depend on ${name}, which changed`,
  "unwatched-function": (name) => `the baseline does not know which of them run ${name}, which changed`,
  "unreferenced-data": (name) => `the baseline does not know which of them use ${name}, which changed`,
  most: () => "the change reaches most of them",
};

/** Why a test file ran or was left out, one reason per line. */
export function explainTest(test: string, affected: ReportedAffected): readonly string[] {
  const chosen = affected.find((one) => one.test === test);
  if (chosen === undefined) return [`${test} was left out: it runs and opens nothing that changed.`];
  return [`${test} was run:`, ...chosen.causes.map((cause) => `  ${CAUSES[cause.code](cause.name ?? "")}`)];
}

const CAUSES: Readonly<Record<Cause["code"], (name: string) => string>> = {
  function: (name) => `it runs ${name}, which changed`,
  file: (name) => `it depends on ${name}, which changed`,
  unrecorded: () => "the baseline does not know what it runs",
};
