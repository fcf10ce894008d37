import * as v from "valibot";
import { FootprintsSchema } from "../affected/footprints.ts";
import { EngineNameSchema } from "../model/engine-name.ts";
import type { Incompatibility } from "../model/problem.ts";
import { SliceSchema } from "../model/slice.ts";
import { compareText, SIGNATURE_VERSION, signatureOf } from "./make-finding.ts";
import { rolesOfStack, segmentOf } from "./segment.ts";

/** Goes up with every change of the stored form. */
export const BASELINE_VERSION = 7;

export const IdentitySchema = v.strictObject({
  /** `3.13.15` of a release, `3.16` of a checkout, whose source is under test itself. */
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
  /** Whether the scan looked at the interpreters that tests start, too. */
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
  /** Of the allocation sites that were made to fail; not there where that was not limited. Each slice of a test file has a record of its own. */
  slice: v.optional(SliceSchema),
  seconds: v.number(),
  /** Of the run that got furthest, whose findings are kept. */
  ...ReachSchema.entries,
  /** How the latest recorded run ended if it got less far; else null. */
  latest: v.nullable(ReachSchema),
});

const EntrySchema = v.strictObject({
  engine: EngineNameSchema,
  test: v.string(),
  slice: v.optional(SliceSchema),
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  kind: v.string(),
  /** Kept beside its hash, so that a later signature can be made of it. */
  stack: v.array(v.array(v.string())),
  blocks: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export const NamedBuildSchema = v.strictObject({
  /** What it is kept under. */
  key: v.string(),
  /** Of the packed build. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const SuppressedSchema = v.strictObject({
  engine: EngineNameSchema,
  /** The suppression's. */
  name: v.string(),
  tests: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export const BaselineSchema = v.strictObject({
  baselineVersion: v.literal(BASELINE_VERSION),
  signatureVersion: v.number(),
  recordedAt: v.string(),
  /** The commit of the source, where it is a git checkout. */
  sha: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))),
  /** A hash of all that was checked; null where that is unknown (an extension's files beside a release). */
  content: v.nullable(v.string()),
  identity: IdentitySchema,
  tests: v.array(TestSchema),
  findings: v.array(EntrySchema),
  /** Hashes of the suppressions, acceptances and skips that it was recorded with. */
  relaxations: v.array(v.string()),
  /** In how many test files each suppression hid errors. */
  suppressed: v.array(SuppressedSchema),
  /** The functions of the build, to tell a renamed function from another one; empty where there is no finding to tell it of. */
  functions: v.array(v.string()),
  /** Kept builds that pull requests may begin with, the newest first. */
  builds: v.array(NamedBuildSchema),
  /** What the scanned test files ran and opened, to choose those that a change can reach; null where that was not recorded of all of them. */
  footprints: v.nullable(FootprintsSchema),
});

/** What the checked tests showed on the side that a change is compared with. */
export type Baseline = v.InferOutput<typeof BaselineSchema>;
export type BaselineEntry = v.InferOutput<typeof EntrySchema>;
export type Suppressed = v.InferOutput<typeof SuppressedSchema>;
export type BaselineTest = v.InferOutput<typeof TestSchema>;
export type NamedBuild = v.InferOutput<typeof NamedBuildSchema>;

/** What both sides of a comparison must have in common: another compiler inlines other functions, another valgrind sees other errors. */
export type Identity = v.InferOutput<typeof IdentitySchema>;

/**
 * Goes up when the check can see more kinds of errors, or sees them otherwise: an older baseline then says nothing of whether they are new.
 */
export const CHECK_VERSION = 2;

/** Why findings of one side mean nothing on the other; undefined when they can be compared. */
export function incompatibility(baseline: Baseline, identity: Identity): Incompatibility | undefined {
  if (baseline.signatureVersion > SIGNATURE_VERSION)
    return { code: "newer-signatures", recorded: baseline.signatureVersion, known: SIGNATURE_VERSION };
  const names = Object.keys(identity) as (keyof Identity)[];
  const name = names.find((key) => JSON.stringify(baseline.identity[key]) !== JSON.stringify(identity[key]));
  if (name === undefined) return undefined;
  return { code: "other-identity", field: name, recorded: show(baseline.identity[name]), current: show(identity[name]) };
}

function show(value: string | number | boolean | readonly string[]): string {
  return typeof value === "object" ? value.join(" ") || "(none)" : `${value}`;
}

/** What of a baseline's entry is in its signature. */
export function segmentOfEntry({ kind, stack }: Pick<BaselineEntry, "kind" | "stack">): readonly string[] {
  return segmentOf(rolesOfStack(kind, stack));
}

/** The same baseline with today's signatures: those of an older version are made anew. */
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

/** Each engine has its own record of a test file, and torture of each slice. */
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
