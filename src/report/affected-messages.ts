// Which test files a check left out since the change cannot reach them, and why it ran the others.

import * as v from "valibot";
import type { Cause } from "../affected/selection.ts";
import type { Note } from "../model/note.ts";
import { count, namesInWords, placeInWords, secondsInWords } from "./format.ts";

const CauseSchema = v.strictObject({ code: v.picklist(["function", "file", "unrecorded"]), name: v.nullable(v.string()) });

/** The test files that were run, with what they run or open that the change has otherwise; of a check that left others out. */
export const AffectedSchema = v.array(v.strictObject({ test: v.string(), causes: v.array(CauseSchema) }));

export type ReportedAffected = v.InferOutput<typeof AffectedSchema>;

export function reportCause(cause: Cause): v.InferOutput<typeof CauseSchema> {
  return { code: cause.code, name: "name" in cause ? cause.name : null };
}

type AffectedNote = Extract<Note, { code: "tests-chosen" | "all-tests-affected" | "memcheck-chosen" | "leak-suspects" }>;

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
  if (targets === 0) return "Memcheck looked at no test file: none that is suitable for it runs what changed.";
  const rest = covered === targets || seconds === null ? "" : `; more does not fit into \`memcheck-budget\` (${secondsInWords(seconds)})`;
  if (looked.length === 0) return `Memcheck looked at no test file${rest}.`;
  return `Memcheck looked at ${namesInWords(looked)}, which reach ${covered} of ${count(targets, "changed function and file", "changed functions and files")}${rest}.`;
}

type Why = Extract<AffectedNote, { code: "all-tests-affected" }>["why"];

const ALL: Readonly<Record<Why, (name: string) => string>> = {
  "shared-function": (name) => `each of them runs ${name}, which changed`,
  "shared-file": (name) => `each of them may depend on ${name}, which changed`,
  "unwatched-function": (name) => `the baseline does not know which of them run ${name}, which changed`,
  "unreferenced-data": (name) => `the baseline does not know which of them use ${name}, which changed`,
  most: () => "the change reaches most of them",
};

/** Why a test file was run, or was not, a line each. */
export function explainTest(test: string, affected: ReportedAffected): readonly string[] {
  const chosen = affected.find((one) => one.test === test);
  if (chosen === undefined) return [`${test} was left out: nothing that changed is run or opened by it.`];
  return [`${test} was run:`, ...chosen.causes.map((cause) => `  ${CAUSES[cause.code](cause.name ?? "")}`)];
}

const CAUSES: Readonly<Record<Cause["code"], (name: string) => string>> = {
  function: (name) => `it runs ${name}, which changed`,
  file: (name) => `it depends on ${name}, which changed`,
  unrecorded: () => "the baseline does not know what it runs",
};
