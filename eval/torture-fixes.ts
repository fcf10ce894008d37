// Evaluates whether torture finds bugs that no test reaches. Fixes of CPython 3.13 are reverted one after another, and the functions that this changes are
// tortured, as with `torture: changed`. Errors that also occur with the fix do not count.
//   npm run eval:torture-fixes -- --source CHECKOUT --baseline FILE --fixes TSV --history GITDIR [--only NAME,…] [--seconds 60]
// The baseline was recorded on the checkout, and has a record of what each test file runs. It is reset before and after each fix. Prints a row for each.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { endWithSignals } from "../bench/rig.ts";
import { applyChange, type Change, fixesOf, resetCheckout } from "./changes/changes.ts";
import { readRecord } from "./changes/record.ts";
import { RevertedFixes, type Tried } from "./torture/reverted-fixes.ts";

const { values } = parseArgs({
  options: {
    source: { type: "string" },
    baseline: { type: "string" },
    fixes: { type: "string" },
    history: { type: "string" },
    only: { type: "string" },
    seconds: { type: "string", default: "60" },
  },
});
const { baseline, fixes } = values;
if (values.source === undefined || baseline === undefined || fixes === undefined)
  throw new Error("--source, --baseline and --fixes are needed");
const source = resolve(values.source);
endWithSignals();

const only = values.only?.split(",");
const changes = fixesOf(fixes, "no", values.history).filter(({ name }) => only === undefined || only.some((part) => name.includes(part)));
const rig = new RevertedFixes(source, await readRecord(baseline, source), Number(values.seconds));
const found = { "an allocation that fails": [0, 0], "another cause": [0, 0] };
console.log("| fix | what the table says | functions | test files | failures | found |\n| --- | --- | --- | --- | --- | --- |");
for (const change of changes) {
  const tried = await tryWithout(change);
  const causes = found[/allocation fails|MemoryError|set_nomemory/.test(change.note) ? "an allocation that fails" : "another cause"];
  if (typeof tried === "object") {
    causes[1] = (causes[1] ?? 0) + 1;
    if (tried.own.length > 0) causes[0] = (causes[0] ?? 0) + 1;
  }
  console.log(`| ${[change.name, change.note, ...cellsOf(tried)].join(" | ")} |`);
}
for (const [cause, [own, all]] of Object.entries(found)) console.log(`${cause}: ${own} of ${all}`);

async function tryWithout(change: Change): Promise<Tried | string> {
  resetCheckout(source);
  try {
    const obstacle = applyChange(change, source);
    return obstacle ?? (await rig.torture());
  } finally {
    resetCheckout(source);
  }
}

function cellsOf(tried: Tried | string): readonly string[] {
  if (typeof tried === "string") return ["", "", "", tried];
  const own = tried.own.map(({ kind, site, test }) => `${kind} in ${site.function} (${test.id})`);
  return [tried.functions.join(", "), tried.tests.join(", "), `${tried.failures}`, own.join("; ") || (tried.why ?? "nothing")];
}
