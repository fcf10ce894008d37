import * as v from "valibot";
import type { EngineName } from "../running/engine.ts";
import { compareText, type Finding, SIGNATURE_VERSION } from "./finding.ts";

/** Goes up with every change of the stored form. */
export const BASELINE_VERSION = 2;

const EngineSchema = v.picklist(["memcheck", "scan"]);

const IdentitySchema = v.strictObject({
  /** `3.13` */
  python: v.string(),
  valgrind: v.string(),
  compiler: v.string(),
  libc: v.string(),
  architecture: v.string(),
  configureArgs: v.array(v.string()),
  valgrindArgs: v.array(v.string()),
  leakCheck: v.string(),
});

const TestSchema = v.strictObject({
  name: v.string(),
  engine: EngineSchema,
  status: v.picklist(["passed", "failed", "skipped"]),
  seconds: v.number(),
});

const EntrySchema = v.strictObject({
  engine: EngineSchema,
  test: v.string(),
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  kind: v.string(),
  /** Kept beside its hash, so that a later signature can be made of it. */
  segment: v.array(v.string()),
  blocks: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export const BaselineSchema = v.strictObject({
  baselineVersion: v.literal(BASELINE_VERSION),
  signatureVersion: v.number(),
  recordedAt: v.string(),
  /** The commit of the source, where it is a git checkout. */
  sha: v.nullable(v.string()),
  identity: IdentitySchema,
  tests: v.array(TestSchema),
  findings: v.array(EntrySchema),
});

/** What the checked tests showed on the side that a change is compared with. */
export type Baseline = v.InferOutput<typeof BaselineSchema>;
export type BaselineEntry = v.InferOutput<typeof EntrySchema>;
export type BaselineTest = v.InferOutput<typeof TestSchema>;

/** What both sides of a comparison must have in common: another compiler inlines other functions, another valgrind sees other errors. */
export type Identity = v.InferOutput<typeof IdentitySchema>;

/** Why findings of one side mean nothing on the other; undefined when they can be compared. */
export function whyIncomparable(baseline: Baseline, identity: Identity): string | undefined {
  if (baseline.signatureVersion !== SIGNATURE_VERSION) {
    return `it has signatures of version ${baseline.signatureVersion}, and this is version ${SIGNATURE_VERSION}`;
  }
  const names = Object.keys(identity) as (keyof Identity)[];
  const name = names.find((key) => JSON.stringify(baseline.identity[key]) !== JSON.stringify(identity[key]));
  if (name === undefined) return undefined;
  return `it was recorded with ${name} ${show(baseline.identity[name])}, and this check has ${show(identity[name])}`;
}

function show(value: string | readonly string[]): string {
  return typeof value === "string" ? `\`${value}\`` : `\`${value.join(" ") || "(none)"}\``;
}

export interface Recording {
  readonly identity: Identity;
  readonly sha: string | null;
  readonly recordedAt: string;
  /** Complete runs only. */
  readonly tests: readonly BaselineTest[];
  readonly findings: readonly Finding[];
}

/** The baseline after a recording: what was recorded of these tests replaces what was known of them; other tests stay. */
export function recordInto(before: Baseline | undefined, recording: Recording): Baseline {
  const keys = new Set(recording.tests.map(({ engine, name }) => keyOf(engine, name)));
  const kept = before?.tests.filter(({ engine, name }) => !keys.has(keyOf(engine, name))) ?? [];
  const keptFindings = before?.findings.filter(({ engine, test }) => !keys.has(keyOf(engine, test))) ?? [];
  const fresh = recording.findings.filter(({ engine, test }) => keys.has(keyOf(engine, test.file))).map(entryOf);
  return {
    baselineVersion: BASELINE_VERSION,
    signatureVersion: SIGNATURE_VERSION,
    recordedAt: recording.recordedAt,
    sha: recording.sha,
    identity: recording.identity,
    tests: [...kept, ...recording.tests].sort((a, b) => compareText(a.name, b.name) || compareText(a.engine, b.engine)),
    findings: [...keptFindings, ...fresh].sort(
      (a, b) => compareText(a.test, b.test) || compareText(a.engine, b.engine) || compareText(a.signature, b.signature),
    ),
  };
}

/** Each engine has its own record of a test file. */
function keyOf(engine: EngineName, test: string): string {
  return `${engine} ${test}`;
}

function entryOf(finding: Finding): BaselineEntry {
  const { engine, signature, kind, segment, blocks } = finding;
  return { engine, test: finding.test.file, signature, kind, segment: [...segment], blocks };
}
