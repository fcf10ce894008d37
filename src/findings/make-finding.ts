import { createHash } from "node:crypto";
import type { EngineName } from "../model/engine-name.ts";
import type { Finding, FrameRole, Owner, StackFrame } from "../model/finding.ts";
import type { LeakedObject } from "../model/leaked-object.ts";
import type { Frame, MemoryError } from "../model/memory-error.ts";
import { normalizeFrames } from "./frames.ts";
import { ownerOf } from "./owner.ts";
import { assignRoles, GROWTH, isLeak, normalizedStackOf, segmentOf } from "./segment.ts";
import { type Project, projectFile, siteOf } from "./site.ts";
import { suppressionOf } from "./suppression.ts";

/** Raise it when an error's signature changes; signatures of an older baseline are computed again from its stored stacks. */
export const SIGNATURE_VERSION = 4;

/** An error with its context when it was reported. */
export interface Occurrence {
  readonly engine: EngineName;
  readonly error: MemoryError;
  readonly testFile: string;
  readonly testId: string | null;
  readonly objects: readonly LeakedObject[];
  readonly isInChild?: boolean;
}

/** The signature ignores addresses, lines, sizes and threads. */
export function signatureOf(kind: string, segment: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([SIGNATURE_VERSION, classOf(kind), segment]))
    .digest("hex")
    .slice(0, 16);
}

/** Definite, possible and indirect describe what still points at a lost block, which changes with the order of tests. */
export function classOf(kind: string): string {
  return isLeak(kind) ? "Leak" : kind;
}

export function findingOf({ engine, error: found, testFile, testId, objects, isInChild = false }: Occurrence, project: Project): Finding {
  const { generatedFrom } = project;
  const error = generatedFrom === undefined ? found : { ...found, frames: found.frames.map(generatedFrom) };
  const annotated = assignRoles(error, project.ambiguous);
  const segment = segmentOf(annotated);
  const signature = signatureOf(error.kind, segment);
  const showFurther = (frames: MemoryError["frames"]): readonly StackFrame[] =>
    normalizeFrames(frames).map(({ frame }) => showFrame(frame, null, project));
  return {
    engine,
    signature,
    segment,
    normalizedStack: normalizedStackOf(error.kind, annotated),
    kind: error.kind,
    what: error.what,
    test: { file: testFile, id: testId },
    isInChild,
    site: siteOf(error.frames, project),
    owner: ownerOf(framesWithPart(error), project),
    stack: annotated.map(({ frame, role }) => showFrame(frame, role, project)),
    further: error.auxiliary.map(({ what, frames }) => ({ what, frames: showFurther(frames) })),
    ...(error.part && { part: error.part }),
    ...(error.failure && { failure: error.failure }),
    blocks: error.leaked?.blocks ?? 0,
    bytes: error.leaked?.bytes ?? 0,
    references: error.references ?? 0,
    objects: objects.slice(0, MAX_OBJECTS),
    suppression: suppressionOf(error, `cpython-memcheck ${signature}`),
  };
}

/** The owner of an error, decided by the involved functions if these are known. */
function framesWithPart({ part, frames, auxiliary }: MemoryError): MemoryError["frames"] {
  if (part === undefined) return frames;
  return [frames, ...auxiliary.map((one) => one.frames)].flat().filter((frame) => part.includes(frame.function ?? "???"));
}

/** What there may be more of than before: blocks of a leak, open descriptors, references that each run takes; 0 for another error. */
export function amountOf({ kind, blocks, references }: Pick<Finding, "kind" | "blocks" | "references">): number {
  // What grows is a warning, by whatever number.
  return kind === GROWTH ? 0 : Math.max(blocks, references);
}

/** Merges findings: one for each signature and test file. */
export class FindingCollection {
  readonly #findings = new Map<string, Finding>();
  #frames = 0;

  /** Whether the limit was exceeded. */
  get isFull(): boolean {
    return this.#frames > MAX_FRAMES;
  }

  add(finding: Finding): void {
    const key = `${finding.signature} ${finding.test.file}`;
    const before = this.#findings.get(key);
    if (before === undefined) this.#frames += finding.further.reduce((sum, { frames }) => sum + frames.length, finding.stack.length + 1);
    if (before === undefined && this.isFull) return;
    this.#findings.set(key, before === undefined ? finding : addUp(before, finding));
  }

  /** In an order that does not depend on when the tests ran. */
  all(): readonly Finding[] {
    return [...this.#findings.values()].sort(byTestAndSignature);
  }
}

/** Shows a stack that has code of the project, if any does. */
function addUp(before: Finding, added: Finding): Finding {
  const [one, other] = OWNERS.indexOf(added.owner) < OWNERS.indexOf(before.owner) ? [added, before] : [before, added];
  const objects = [...one.objects, ...other.objects].slice(0, MAX_OBJECTS);
  const isInChild = one.isInChild && other.isInChild;
  const part = one.part && other.part && { part: [...new Set([...one.part, ...other.part])] };
  const sum = (amount: "blocks" | "bytes" | "references"): number => one[amount] + other[amount];
  return { ...one, ...part, isInChild, blocks: sum("blocks"), bytes: sum("bytes"), references: sum("references"), objects };
}

const OWNERS: readonly Owner[] = ["project", "extension", "unknown", "interpreter"];

/** Limit for all stacks of one test file, about 200 MB. A thousand leaks have fifty thousand frames. */
export const MAX_FRAMES = 1_000_000;

/** Enough to see what kind of object is lost. */
const MAX_OBJECTS = 5;

function byTestAndSignature(a: Finding, b: Finding): number {
  return compareText(a.test.file, b.test.file) || compareText(a.signature, b.signature);
}

/** Compares by code unit, independent of the locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function showFrame(frame: Frame, role: FrameRole | null, project: Project): StackFrame {
  return {
    function: frame.function ?? "???",
    file: projectFile(frame, project) ?? frame.file ?? null,
    line: frame.line ?? null,
    object: frame.object ?? null,
    role,
  };
}
