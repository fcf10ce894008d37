// Adds a counter to each branch of a program, by which a fuzzer sees that an input did something new.

import { parseAst } from "rolldown/parseAst";
import * as v from "valibot";

/** The name of the array of counters. */
export const COUNTERS = "__fuzz_counters";

const NodeSchema = v.looseObject({ type: v.string(), start: v.number(), end: v.number() });
type Node = v.InferOutput<typeof NodeSchema>;

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** The program with its counters, and how many there are. */
export function instrument(program: string): { readonly text: string; readonly counters: number } {
  const insertions: Insertion[] = [];
  let counters = 0;
  const count = (): string => `${COUNTERS}[${counters++}]++`;
  const isNode = (value: unknown): value is Node => v.is(NodeSchema, value);
  const wrap = (node: unknown): void => {
    if (!isNode(node)) return;
    insertions.push({ at: node.start, text: `(${count()},(` }, { at: node.end, text: "))" });
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    if (value.type === "BlockStatement") insertions.push({ at: value.start + 1, text: `${count()};` });
    if (value.type === "ConditionalExpression") [value.consequent, value.alternate].forEach(wrap);
    if (value.type === "LogicalExpression") wrap(value.right);
    if (value.type === "IfStatement" && isNode(value.consequent) && value.consequent.type !== "BlockStatement") {
      insertions.push({ at: value.consequent.start, text: `{${count()};` }, { at: value.consequent.end, text: "}" });
    }
    Object.values(value).forEach(visit);
  };
  visit(parseAst(program));
  return { text: insert(program, insertions), counters };
}

/** At one place, closing texts come before opening ones, and the inner closing text comes first. */
function insert(program: string, insertions: readonly Insertion[]): string {
  const sorted = insertions
    .map((insertion, index) => ({ ...insertion, index, closes: /^[)}]/.test(insertion.text) }))
    .sort((a, b) => a.at - b.at || Number(b.closes) - Number(a.closes) || (a.closes ? b.index - a.index : a.index - b.index));
  let [text, from] = ["", 0];
  for (const { at, text: added } of sorted) {
    text += program.slice(from, at) + added;
    from = at;
  }
  return text + program.slice(from);
}
