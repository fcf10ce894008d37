import * as v from "valibot";
import { FootprintsSchema } from "../affected/footprints.ts";
import { EngineNameSchema } from "../model/engine-name.ts";
import type { Incompatibility } from "../model/problem.ts";
import { SliceSchema } from "../model/slice.ts";
import { TimelineSchema } from "../model/timeline.ts";
import { compareText, SIGNATURE_VERSION, signatureOf } from "./make-finding.ts";
import { rolesOfStack, segmentOf } from "./segment.ts";

/** Raise it with every change of the stored format. */
export const BASELINE_VERSION = 9;

export const IdentitySchema = v.strictObject({
  /** `3.13.15` for a release; `3.16` for a checkout, where the source itself is under test. */
  python: v.string(),
  /** {@link CHECK_VERSION} of the check that recorded it. */
  check: v.number(),
  valgrind: v.string(),
  compiler: v.string(),
  libc: v.string(),
  architecture: v.string(),
  configureArgs: v.array(v.string()),
  valgrindArgs: v.array(v.string()),
  leakCheck: v.string(),
  /** Whether the scan also checked interpreters that tests start. */
  children: v.boolean(),
});

/** How far a run got: {@link Reach}. */
const ReachSchema = v.strictObject({
  status: v.picklist(["passed", "failed", "skipped", "timeout", "crashed"]),
  ran: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
  cause: v.nullable(v.string()),
});

const TestSchema = v.strictObject({
  name: v.string(),
  engine: EngineNameSchema,
  /** The tested slice of allocation sites; absent if all were tested. Each slice of a test file has its own record. */
  slice: v.optional(SliceSchema),
  seconds: v.number(),
  /** Set if the scan repeated the tests to find growing references and objects ({@link needsRepeats}). */
  repeated: v.optional(v.literal(true)),
  /** Set if later recordings ran other test files under memcheck and not this one: it may have more errors by now. */
  outdated: v.optional(v.literal(true)),
  /** Reach of the run that got furthest, whose findings are kept. */
  ...ReachSchema.entries,
  /** How the latest recorded run ended if it got less far, else null. */
  latest: v.nullable(ReachSchema),
});

const EntrySchema = v.strictObject({
  engine: EngineNameSchema,
  test: v.string(),
  slice: v.optional(SliceSchema),
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  kind: v.string(),
  /** Stored beside its hash, so that later signature versions can be computed from it. */
  stack: v.array(v.array(v.string())),
  /** The finding's amount: of a reference leak its references. */
  blocks: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Index in `otherBuilds`, if it is not of the build that the baseline has the functions of. */
  build: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

const OtherBuildSchema = v.strictObject({
  /** Functions of this build that are not among `functions`. */
  had: v.array(v.string()),
  /** Those of `functions` that it did not have. */
  lacked: v.array(v.string()),
  /** Base names of files on the stacks of its findings, before and after they moved. */
  moves: v.array(v.strictObject({ from: v.string(), to: v.string() })),
});

export const NamedBuildSchema = v.strictObject({
  /** The key that it is saved under. */
  key: v.string(),
  /** SHA-256 of the packed build. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const SuppressedSchema = v.strictObject({
  engine: EngineNameSchema,
  /** Name of the suppression. */
  name: v.string(),
  tests: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export const BaselineSchema = v.strictObject({
  baselineVersion: v.literal(BASELINE_VERSION),
  signatureVersion: v.number(),
  recordedAt: v.string(),
  /** The commit of the source, if it is a git checkout. */
  sha: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))),
  /** A hash of everything that was checked; null if unknown (an extension's files beside a release). */
  content: v.nullable(v.string()),
  identity: IdentitySchema,
  tests: v.array(TestSchema),
  findings: v.array(EntrySchema),
  /** Hashes of the suppressions, acceptances and skips in effect when it was recorded. */
  relaxations: v.array(v.string()),
  /** Number of test files in which each suppression hid errors. */
  suppressed: v.array(SuppressedSchema),
  /** The functions of the build, to tell a renamed function from a different one; empty if there are no findings. */
  functions: v.array(v.string()),
  /** Builds that findings are of which no later recording renewed. */
  otherBuilds: v.array(OtherBuildSchema),
  /** Cached builds that pull requests may start from, newest first. */
  builds: v.array(NamedBuildSchema),
  /** The functions and files used by each scanned test file, to select those that a change can reach; null if not recorded for all of them. */
  footprints: v.nullable(FootprintsSchema),
  /** Totals after each of the last recordings, including this one. */
  timeline: TimelineSchema,
});

/** The results of the tests on the side that a change is compared with. */
export type Baseline = v.InferOutput<typeof BaselineSchema>;
export type BaselineEntry = v.InferOutput<typeof EntrySchema>;
export type Suppressed = v.InferOutput<typeof SuppressedSchema>;
export type BaselineTest = v.InferOutput<typeof TestSchema>;
export type NamedBuild = v.InferOutput<typeof NamedBuildSchema>;

/** Both sides of a comparison must have these in common: another compiler inlines other functions, another valgrind finds other errors. */
export type Identity = v.InferOutput<typeof IdentitySchema>;

/**
 * Raise it when the check finds more kinds of errors, or finds them differently: an older baseline then can't tell whether they are new.
 */
export const CHECK_VERSION = 6;

/** Why findings of the two sides can't be compared; undefined if they can. */
export function incompatibility(baseline: Baseline, identity: Identity): Incompatibility | undefined {
  if (baseline.signatureVersion > SIGNATURE_VERSION)
    return { code: "newer-signatures", recorded: baseline.signatureVersion, known: SIGNATURE_VERSION };
  const names = Object.keys(identity) as (keyof Identity)[];
  const name = names.find((key) => JSON.stringify(baseline.identity[key]) !== JSON.stringify(identity[key]));
  if (name === undefined) return undefined;
  return {
    code: "other-identity",
    field: fieldName(name, identity),
    recorded: show(baseline.identity[name]),
    current: show(identity[name]),
  };
}

/** In place of arguments of configure, an installed interpreter has the text by which it describes its build. */
export function fieldName(name: keyof Identity, { configureArgs }: Identity): string {
  const isInstalled = configureArgs.length === 1 && !configureArgs[0]?.startsWith("-");
  return name === "configureArgs" && isInstalled ? "interpreterBuild" : name;
}

function show(value: string | number | boolean | readonly string[]): string {
  return typeof value === "object" ? value.join(" ") || "(none)" : `${value}`;
}

/** The parts of a baseline entry that its signature is made of. */
export function segmentOfEntry({ kind, stack }: Pick<BaselineEntry, "kind" | "stack">): readonly string[] {
  return segmentOf(rolesOfStack(kind, stack));
}

/** The baseline with signatures of the current version: those of an older version are computed again. */
export function upgradeSignatures(baseline: Baseline): Baseline {
  if (baseline.signatureVersion === SIGNATURE_VERSION) return baseline;
  const entries = baseline.findings.map((entry) => ({ ...entry, signature: signatureOf(entry.kind, segmentOfEntry(entry)) }));
  return { ...baseline, signatureVersion: SIGNATURE_VERSION, findings: sortEntries(mergeEntries(entries, (a, b) => a + b)) };
}

export function mergeEntries(entries: readonly BaselineEntry[], blocks: (a: number, b: number) => number): BaselineEntry[] {
  const merged = new Map<string, BaselineEntry>();
  for (const entry of entries) {
    const key = `${keyOfEntry(entry)} ${entry.signature}`;
    const other = merged.get(key);
    merged.set(key, other === undefined ? entry : { ...other, blocks: blocks(other.blocks, entry.blocks) });
  }
  return [...merged.values()];
}

export function sortEntries(entries: readonly BaselineEntry[]): BaselineEntry[] {
  return entries.toSorted(
    (a, b) =>
      compareText(a.test, b.test) ||
      compareText(a.engine, b.engine) ||
      compareText(a.slice ?? "", b.slice ?? "") ||
      compareText(a.signature, b.signature),
  );
}

/** Each engine has a separate record of a test file, and torture one for each slice. */
export function keyOfTest({ engine, name, slice = "" }: Pick<BaselineTest, "engine" | "name" | "slice">): string {
  return `${engine} ${name} ${slice}`;
}

export function keyOfEntry({ engine, test, slice }: Pick<BaselineEntry, "engine" | "test" | "slice">): string {
  return keyOfTest({ engine, name: test, ...(slice && { slice }) });
}

export function sortTests(tests: readonly BaselineTest[]): BaselineTest[] {
  return tests.toSorted(
    (a, b) => compareText(a.name, b.name) || compareText(a.engine, b.engine) || compareText(a.slice ?? "", b.slice ?? ""),
  );
}
