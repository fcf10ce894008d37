import type { ChildCounts } from "../model/child-counts.ts";
import type { LeakedObject } from "../model/leaked-object.ts";
import type { EngineEvent, MemoryError } from "../model/memory-error.ts";
import type { TestTime } from "../model/test-run.ts";
import { type Line, parseLine } from "../probe/protocol.ts";
import { PLANTED } from "../probe/provide.ts";
import { isExpectedDescriptorError } from "./descriptors.ts";
import type { Ending } from "./engine.ts";

/** How regrtest says that one test file ended. A package of tests has several. */
export interface FileResult {
  readonly state: string;
  /** Tests that ran and were not skipped; null if the runner did not count them. */
  readonly ran: number | null;
}

/** An error with the test that made it, and the Python objects that a leak lost. */
export interface Observed {
  readonly error: MemoryError;
  readonly testId: string | null;
  readonly objects: readonly LeakedObject[];
  /** Whether an interpreter lost it that the test started. */
  readonly isInChild?: boolean;
}

/** Of the leaks of one check, until it is known what they are; test__interpreters has thirty thousand. */
const MAX_FRAMES = 1_000_000;

/** When leaks are looked for: while the interpreter lives, when it ends, or not at all. */
export type LeakCheck = "live" | "exit" | "none";

/** A reference that is never given back to an object that stays: nothing is lost, so only the scan can count it. */
export const REFERENCE_LEAK = "ReferenceLeak";

/** A descriptor that is open when a test file ends. */
const LEFT_OPEN = "FdLeftOpen";

/** What one watched process said of itself, collected while its events go by. */
export class ProcessReport {
  /** The planted errors that came back. */
  readonly seen = { leak: false, read: false };
  readonly results: FileResult[] = [];
  readonly #leakCheck: LeakCheck;
  /** Leaks of a live check, until the marks that follow them tell of what and of which test they are. */
  #pending: { error: MemoryError; objects: LeakedObject[] }[] = [];
  #testId: string | null = null;
  testsStarted = 0;
  slowTests: readonly TestTime[] = [];
  /** How many errors each suppression hid, by its name. */
  suppressed: ReadonlyMap<string, number> = new Map();
  /** What the live checks took, in seconds. */
  leakCheckSeconds = 0;
  /** The interpreters that it started; undefined where these are not followed. */
  children: ChildCounts | undefined;
  /** Whether interpreters ran on during a check: what those lost was not all looked for. */
  hasRunningInterpreters = false;
  /** From the test file's start to its end, as the way of looking defines them, memcheck watched. */
  started = false;
  finished = false;
  ending: Ending | undefined;
  #pendingFrames = 0;

  constructor(leakCheck: LeakCheck) {
    this.#leakCheck = leakCheck;
  }

  /** Takes one event; returns the errors that are now fully known, less those that we planted. */
  take(event: EngineEvent): readonly Observed[] {
    switch (event.type) {
      case "state":
        this.#takeState(event.state);
        return [];
      case "message":
        return this.#takeLine(parseLine(event.text));
      case "error":
        return this.#takeError(event.error);
      case "suppressed":
        this.suppressed = event.counts;
        return [];
      default:
        return [];
    }
  }

  end(ending: Ending): void {
    this.ending =
      this.#pendingFrames > MAX_FRAMES
        ? { complete: false, fault: { code: "report-too-large", limit: MAX_FRAMES, unit: "frames" } }
        : ending;
  }

  #takeState(state: "RUNNING" | "FINISHED"): void {
    // From FINISHED on memcheck reports what is left at exit, which no single test made.
    if (state === "FINISHED") this.#testId = null;
    if (this.#leakCheck === "live") return;
    if (state === "RUNNING") this.started = true;
    else this.finished = true;
  }

  #takeError(error: MemoryError): readonly Observed[] {
    if (isExpectedDescriptorError(error)) return [];
    const isLeak = error.kind.startsWith("Leak_");
    // What was lost before the file began is not the file's, and after its own check memcheck says everything again.
    const counts = this.#leakCheck !== "live" || (this.started && !this.finished);
    if (this.#isPlanted(error, isLeak, counts)) return [];
    if (!isLeak) return [{ error, testId: this.#testId, objects: error.example === undefined ? [] : [error.example] }];
    if (this.#leakCheck === "none" || !counts) return [];
    if (this.#leakCheck === "exit") return [{ error, testId: null, objects: [] }];
    // With the collector's links hidden, what lives is only pointed at from within its owners: "possibly lost".
    if (error.kind === "Leak_DefinitelyLost") this.#await(error);
    return [];
  }

  #await(error: MemoryError): void {
    this.#pendingFrames += error.frames.length + 1;
    if (this.#pendingFrames <= MAX_FRAMES) this.#pending.push({ error, objects: [] });
  }

  #isPlanted(error: MemoryError, isLeak: boolean, counts: boolean): boolean {
    const has = (name: string): boolean => error.frames.some((frame) => frame.function === name);
    if (has(PLANTED.read)) this.seen.read ||= counts && error.kind === "InvalidRead";
    else if (PLANTED.leaks.some(has)) this.seen.leak ||= counts && isLeak;
    else return false;
    return true;
  }

  #takeLine(line: ReturnType<typeof parseLine>): readonly Observed[] {
    // A program may write what only looks like ours.
    if (line === undefined || line === "unreadable") return [];
    switch (line.event) {
      case "file-start":
        if (this.#leakCheck === "live") this.started = true;
        return [];
      case "file-stop":
        this.results.push({ state: line.state, ran: line.ran ?? null });
        return [];
      case "test-start":
        this.#testId = line.id;
        this.testsStarted++;
        return [];
      case "test-stop":
        this.#testId = null;
        return [];
      case "slow-tests":
        this.slowTests = line.tests.map(([id, seconds]) => ({ id, seconds }));
        return [];
      case "leaked-object": {
        const { event: _, record, ...object } = line;
        this.#pending.find((leak) => leak.error.record === record)?.objects.push(object);
        return [];
      }
      case "immortal-strings":
        this.#leaveOut(line);
        return [];
      case "growing-reference":
        return [referenceLeak(line)];
      case "open-descriptor":
        return [openDescriptor(line)];
      case "leak-check":
        this.leakCheckSeconds += line.seconds ?? 0;
        return this.#tellPending(line.of, line.id ?? null);
      case "running-interpreters":
        this.hasRunningInterpreters = true;
        return [];
      case "children": {
        const { event: _, ...counts } = line;
        this.children = counts;
        return [];
      }
      default:
        return [];
    }
  }

  /** Strings that are never freed, by CPython's design, are no leak (divide_immortal_strings in cpython_memcheck_leaks.py). */
  #leaveOut({ record, blocks, bytes }: Extract<Line, { event: "immortal-strings" }>): void {
    const index = this.#pending.findIndex((leak) => leak.error.record === record);
    const leak = this.#pending[index];
    if (leak?.error.leaked === undefined) return;
    const leaked = { blocks: leak.error.leaked.blocks - blocks, bytes: leak.error.leaked.bytes - bytes };
    if (leaked.blocks > 0) this.#pending[index] = { ...leak, error: { ...leak.error, leaked } };
    else this.#pending.splice(index, 1);
  }

  #tellPending(of: Extract<Line, { event: "leak-check" }>["of"], testId: string | null): readonly Observed[] {
    if (this.#pendingFrames <= MAX_FRAMES) this.#pendingFrames = 0;
    const leaks = this.#pending.map(({ error, objects }) => ({ error, objects, testId, isInChild: of === "child" }));
    this.#pending = [];
    this.finished ||= of === "file";
    return leaks;
  }
}

/** In place of a stack it has the object that stays; the parentheses keep its name as it is (frames.ts). */
function referenceLeak({ event: _, references, ...object }: Extract<Line, { event: "growing-reference" }>): Observed {
  const name = object.repr === undefined ? `(${object.type})` : `(${object.type} ${object.repr})`;
  const frames = [{ address: "0x0", function: name }];
  return {
    error: { unique: name, kind: REFERENCE_LEAK, what: "", references, frames, auxiliary: [] },
    testId: null,
    objects: [],
  };
}

/** As of a reference leak, what stays is in place of a stack. Its blocks are the descriptors. */
function openDescriptor({ kind, path, count, id }: Extract<Line, { event: "open-descriptor" }>): Observed {
  const name = path === null ? `(${kind})` : `(${kind} ${path})`;
  const frames = [{ address: "0x0", function: name }];
  const leaked = { blocks: count, bytes: 0 };
  return { error: { unique: name, kind: LEFT_OPEN, what: "", frames, auxiliary: [], leaked }, testId: id, objects: [] };
}
