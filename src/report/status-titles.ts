import type { FindingStatus } from "./reported-finding.ts";

/** In the order of reports. */
export const STATUS_ORDER: readonly FindingStatus[] = [
  "new",
  "grown",
  "warning",
  "changed",
  "flaky",
  "recorded",
  "fixed",
  "accepted",
  "known",
  "unrecorded",
];

/** The heading of findings with each status, and an explanation. */
export const STATUS_TITLES: Readonly<Record<FindingStatus, { readonly title: string; readonly remark: string }>> = {
  new: { title: "New", remark: "" },
  grown: { title: "Grown", remark: "Known leaks that lose more blocks than in the baseline." },
  warning: { title: "Warnings", remark: "New, and of kinds that fail no check." },
  changed: { title: "Changed, please verify", remark: "They resemble known errors." },
  flaky: { title: "Flaky", remark: "They did not come back in a second run, and do not fail the check." },
  recorded: { title: "Recorded by this run", remark: "They are known from now on." },
  fixed: { title: "Fixed", remark: "The baseline has them, and their test files ran to the end without them." },
  accepted: { title: "Accepted", remark: "For now, by .memcheck.toml." },
  known: { title: "Known", remark: "The baseline has them, too." },
  unrecorded: { title: "Not compared", remark: "There was nothing to compare them with." },
};

/** What is written behind the number of findings with a status: `1 warning`, `2 warnings`, `3 not compared`. */
export function statusInWords(status: FindingStatus, number: number): string {
  return WORDS[status]?.(number) ?? status;
}

const WORDS: Partial<Readonly<Record<FindingStatus, (number: number) => string>>> = {
  warning: (number) => (number === 1 ? "warning" : "warnings"),
  changed: () => "changed, please verify",
  unrecorded: () => "not compared",
};
