// Evaluates whether the test files that a change can reach include those that show its bug, and how many are selected. Each change is applied to a
// checkout of the baseline's source, and built; no test runs. Prints a row for each change, then recall and shares.
//   npm run eval:affected -- --source CHECKOUT --baseline FILE [--cases FOLDER] [--fixes TSV] [--harmless TSV] [--history GITDIR] [--only NAME,…]
// The checkout is reset before and after each change. `--history` is a repository that has the commits of the tables. Commits are reverted, except for
// their changes in Lib/test: a fix to bring back its bug, and a harmless commit because the source is newer.
import { availableParallelism, homedir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { newProcesses, SILENT, WORK_DIR } from "../bench/rig.ts";
import { CPYTHON_RULES } from "../src/affected/cpython-file-rules.ts";
import { type Selected, selectAffected } from "../src/affected/selection.ts";
import { readBuildCode } from "../src/build/object-files.ts";
import { prepareBuild } from "../src/build/prepare.ts";
import { messageOf } from "../src/model/user-error.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { applyChange, type Change, casesOf, fixesOf, harmlessOf, resetCheckout } from "./changes/changes.ts";
import { readRecord } from "./changes/record.ts";

interface Row {
  readonly change: Change;
  /** The part of CPython that it changes. */
  readonly kind: string;
  /** The selected share of all test files; null if the change did not apply or build. */
  readonly share: number | null;
  readonly isFound: boolean;
  readonly why: string;
}

const { values } = parseArgs({
  options: {
    source: { type: "string" },
    baseline: { type: "string" },
    cases: { type: "string" },
    fixes: { type: "string" },
    harmless: { type: "string" },
    history: { type: "string" },
    only: { type: "string" },
  },
});
if (values.source === undefined || values.baseline === undefined) throw new Error("--source and --baseline are needed");
const source = resolve(values.source);
const { footprints, baseline } = await readRecord(resolve(values.baseline), source);
const tests = baseline.tests.flatMap(({ name, engine }) => (engine === "scan" ? [name] : []));
const only = values.only?.split(",");
const { cases, fixes, harmless, history } = values;
// Fixes whose absence a scan can see.
const changes = [...casesOf(cases), ...fixesOf(fixes, "yes", history), ...harmlessOf(harmless, history)].filter(
  ({ name }) => only === undefined || only.some((part) => name.includes(part)),
);
const rows: Row[] = [];
for (const change of changes) {
  const row = await evaluate(change);
  rows.push(row);
  const share = row.share === null ? "-" : `${(100 * row.share).toFixed(1)} %`;
  const found = change.tests.length === 0 ? "" : row.isFound ? "found" : "MISSED";
  console.log(`| ${[change.name, row.kind, share, found, row.why].join(" | ")} |`);
}
summarizeRows(rows);

async function evaluate(change: Change): Promise<Row> {
  const kind = kindOf(change.patch);
  const failed = (why: string): Row => ({ change, kind, share: null, isFound: false, why });
  resetCheckout(source);
  const obstacle = applyChange(change, source);
  if (obstacle !== undefined) return failed(obstacle);
  try {
    const selected = await select();
    if (selected === undefined) return failed("its objects cannot be read");
    const names = selected.kind === "all" ? tests : tests.filter((name) => selected.chosen.has(name));
    const isFound = change.tests.some((name) => names.some((one) => one === name || one.startsWith(`${name}.`)));
    return { change, kind, share: names.length / tests.length, isFound, why: describe(selected, change.tests) };
  } catch (error) {
    return failed(messageOf(error).slice(0, 100));
  } finally {
    resetCheckout(source);
  }
}

async function select(): Promise<Selected | undefined> {
  const surroundings = { directory: source, home: homedir(), cores: availableParallelism(), workDir: WORK_DIR };
  const settings = parseSettings({}, { ...surroundings, source: { kind: "checkout", path: source } });
  await using prepared = await prepareBuild(settings, { progress: SILENT, processes: newProcesses() });
  const code = readBuildCode(prepared.python.tree);
  const sources = new Map([...prepared.source.files].map(([name, { hash }]) => [name, hash]));
  return code && selectAffected({ footprints, rules: CPYTHON_RULES, code, sources, tests });
}

function describe(selected: Selected, expected: readonly string[]): string {
  if (selected.kind === "all") return `all: ${Object.values(selected.cause).join(" ")}`;
  const causes = expected.flatMap((name) => selected.chosen.get(name) ?? []).map((cause) => Object.values(cause).join(" "));
  const functions = `${selected.functions.length} functions: ${selected.functions.slice(0, 3).join(", ")}`;
  return causes.length > 0 ? causes.slice(0, 2).join(", ") : functions;
}

/** The part with the widest effect that a patch changes: a header reaches further than a module. */
function kindOf(patch: string): string {
  const names = [...patch.matchAll(/^(?:\+\+\+|---) [ab]\/(\S+)/gm)].map(([, name = ""]) => name);
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(/^Include\/.*\.h$/)) return "header";
  if (has(/^(Objects|Python|Parser)\/.*\.[ch]$/)) return "core";
  if (has(/^Modules\/.*\.[ch]$/)) return "module";
  return has(/^Lib\/.*\.py$/) ? "Python only" : "other";
}

function summarizeRows(all: readonly Row[]): void {
  const bugs = all.filter(({ change, share }) => change.tests.length > 0 && share !== null);
  for (const [kind, group] of Map.groupBy(
    all.filter(({ share }) => share !== null),
    (row) => row.kind,
  )) {
    const shares = group.map(({ share }) => share ?? 1).toSorted((a, b) => a - b);
    const median = shares[Math.floor(shares.length / 2)] ?? 0;
    const whole = shares.filter((share) => share === 1).length;
    console.log(`${kind}: ${group.length} changes, median share ${(100 * median).toFixed(1)} %, all test files for ${whole}`);
  }
  console.log(`recall ${bugs.filter(({ isFound }) => isFound).length}/${bugs.length}`);
  process.exitCode = bugs.every(({ isFound }) => isFound) ? 0 : 1;
}
