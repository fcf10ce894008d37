import type { ReportedFinding } from "../../src/report/reported-finding.ts";

interface KnownFinding {
  readonly project: string;
  /** The function of its site, or another one on its stack. */
  readonly function: string;
  /** Why it is a true error, by reading the source: the line, and whether a later release fixed it. */
  readonly explanation: string;
}

const MULTIDICT = "multidict 6.6.4";

/** Findings in releases that were confirmed by reading the source. */
const KNOWN_FINDINGS: readonly KnownFinding[] = [
  {
    project: MULTIDICT,
    function: "multidict_itemsview_sub1",
    explanation: "true: the tuple of PyTuple_Pack() is never released (views.h:673); 7.2.1 has another algorithm",
  },
  {
    project: MULTIDICT,
    function: "multidict_itemsview_or2",
    explanation: "true: the tuple of PyTuple_Pack() is never released (views.h:564); 7.2.1 has another algorithm",
  },
  {
    project: MULTIDICT,
    function: "_multidict_itemsview_parse_item",
    explanation: "true: the loops of its callers overwrite `identity` without releasing it (views.h:539, 648); 7.2.1 has other loops",
  },
  {
    project: MULTIDICT,
    function: "md_pop_one",
    explanation: "true: where the key is missing, `return 0` keeps `identity` (hashtable.h:984); in 6.6.3, too",
  },
  {
    project: MULTIDICT,
    function: "type_new_impl",
    explanation: "true: multidict_tp_dealloc() calls tp_free and does not release the heap type, so subclasses stay (_multidict.c:500)",
  },
];

/** Why a finding is true; undefined if it is not confirmed yet. @param project with its version. */
export function explain(project: string, { site, stack }: Pick<ReportedFinding, "site" | "stack">): string | undefined {
  const functions = new Set([site.function, ...stack.map((frame) => frame.function)]);
  return KNOWN_FINDINGS.find((known) => known.project === project && functions.has(known.function))?.explanation;
}
