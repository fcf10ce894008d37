import { isLeak, REFERENCE_LEAK } from "../findings/segment.ts";
import type { ChildCounts } from "../model/child-counts.ts";
import type { ReportFault } from "../model/incomplete.ts";
import type { LeakedObject } from "../model/leaked-object.ts";
import type { EngineEvent, MemoryError } from "../model/memory-error.ts";
import type { TestTime } from "../model/test-run.ts";
import { type Line, parseLine } from "../probe/protocol.ts";
import { PLANTED } from "../probe/provide.ts";
import { isExpectedDescriptorError } from "./descriptors.ts";
import type { Ending } from "./engine.ts";

/** regrtest's result of one test file. A package of tests has several. */
export interface FileResult {
  readonly state: string;
  /** Tests that ran and were not skipped; null if the runner did not count them. */
  readonly ran: number | null;
}

/** An error, its test, and the Python objects that a leak lost. */
export interface Observed {
  readonly error: MemoryError;
  readonly testId: string | null;
  readonly objects: readonly LeakedObject[];
  /** Whether an interpreter that the test started lost it. */
  readonly isInChild?: boolean;
}

/** Limit of leaks held until their objects are known; test__interpreters has thirty thousand. */
const MAX_FRAMES = 1_000_000;

/** When leaks are looked for: while the interpreter is running, when it ends, or not at all. */
export type LeakCheck = "live" | "exit" | "none";

/** A leaked reference to an object that lives on: no memory is lost, so only the scan can count it. */

/** A descriptor that is open when a test file ends. */
const LEFT_OPEN = "FdLeftOpen";

/** The report of one watched process, collected while its events are read. */
export class ProcessReport {
  /** The planted errors found so far. */
  readonly seen = { leak: false, read: false };
  readonly results: FileResult[] = [];
  readonly #leakCheck: LeakCheck;
  /** Leaks of a live check, until the lines that follow them name their objects and test. */
  #pending: { error: MemoryError; objects: LeakedObject[] }[] = [];
  #testId: string | null = null;
  testsStarted = 0;
  slowTests: readonly TestTime[] = [];
  /** Number of errors that each suppression hid, by its name. */
  suppressed: ReadonlyMap<string, number> = new Map();
  /** Duration of the live checks, in seconds. */
  leakCheckSeconds = 0;
  /** The interpreters that it started; undefined if they are not followed. */
  children: ChildCounts | undefined;
  /** Whether interpreters were running during a check, so that not all of their leaks were looked for. */
  hasRunningInterpreters = false;
  /** Whether memcheck watched from the test file's start to its end, as defined by the kind of leak check. */
  started = false;
  finished = false;
  ending: Ending | undefined;
  #pendingFrames = 0;
  #watchFault: Extract<ReportFault, { code: "watch-failed" }> | undefined;

  constructor(leakCheck: LeakCheck) {
    this.#leakCheck = leakCheck;
  }

  /** Adds one event; returns the errors that are now complete, without the planted ones. */
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
    if (this.#pendingFrames > MAX_FRAMES)
      this.ending = { complete: false, fault: { code: "report-too-large", limit: MAX_FRAMES, unit: "frames" } };
    else if (ending.complete && this.#watchFault !== undefined) this.ending = { complete: false, fault: this.#watchFault };
    else this.ending = ending;
  }

  #takeState(state: "RUNNING" | "FINISHED"): void {
    // After FINISHED, memcheck reports leaks at exit, which belong to no single test.
    if (state === "FINISHED") this.#testId = null;
    if (this.#leakCheck === "live") return;
    if (state === "RUNNING") this.started = true;
    else this.finished = true;
  }

  #takeError(error: MemoryError): readonly Observed[] {
    if (isExpectedDescriptorError(error)) return [];
    // Ignore leaks outside of file-start … leak-check: earlier ones are not the file's, and later memcheck reports everything again.
    const counts = this.#leakCheck !== "live" || (this.started && !this.finished);
    if (this.#isPlanted(error, counts)) return [];
    if (!isLeak(error.kind)) return [{ error, testId: this.#testId, objects: error.example === undefined ? [] : [error.example] }];
    if (this.#leakCheck === "none" || !counts) return [];
    if (this.#leakCheck === "exit") return [{ error, testId: null, objects: [] }];
    // With the collector's links hidden, live objects are only referenced from inside their owners: "possibly lost".
    if (error.kind === "Leak_DefinitelyLost") this.#await(error);
    return [];
  }

  #await(error: MemoryError): void {
    this.#pendingFrames += error.frames.length + 1;
    if (this.#pendingFrames <= MAX_FRAMES) this.#pending.push({ error, objects: [] });
  }

  #isPlanted(error: MemoryError, counts: boolean): boolean {
    const has = (name: string): boolean => error.frames.some((frame) => frame.function === name);
    if (has(PLANTED.read)) this.seen.read ||= counts && error.kind === "InvalidRead";
    else if (PLANTED.leaks.some(has)) this.seen.leak ||= counts && isLeak(error.kind);
    else return false;
    return true;
  }

  #takeLine(line: ReturnType<typeof parseLine>): readonly Observed[] {
    // Programs may write lines that only look like ours.
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
      case "immortals":
        this.#leaveOut(line);
        return [];
      case "growing-reference":
        return [referenceLeak(line)];
      case "open-descriptor":
        return [openDescriptor(line)];
      case "leak-check":
        this.leakCheckSeconds += line.seconds ?? 0;
        return this.#tellPending(line.of, line.id ?? null);
      case "watch-failed":
        this.#watchFault = { code: "watch-failed", why: line.why };
        return [];
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

  /** Immortal objects are no leak, by CPython's design (divide_immortals in cpython_memcheck_leaks.py). */
  #leaveOut({ record, blocks, bytes }: Extract<Line, { event: "immortals" }>): void {
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

/** Has the object instead of a stack; the parentheses keep its name unchanged (frames.ts). */
function referenceLeak({ event: _, references, ...object }: Extract<Line, { event: "growing-reference" }>): Observed {
  const name = object.repr === undefined ? `(${object.type})` : `(${object.type} ${object.repr})`;
  const frames = [{ address: "0x0", function: name }];
  return {
    error: { unique: name, kind: REFERENCE_LEAK, what: "", references, frames, auxiliary: [] },
    testId: null,
    objects: [],
  };
}

/** Like a reference leak, it has a name instead of a stack. Its blocks are the descriptors. */
function openDescriptor({ kind, path, count, id }: Extract<Line, { event: "open-descriptor" }>): Observed {
  const name = path === null ? `(${kind})` : `(${kind} ${path})`;
  const frames = [{ address: "0x0", function: name }];
  const leaked = { blocks: count, bytes: 0 };
  return { error: { unique: name, kind: LEFT_OPEN, what: "", frames, auxiliary: [], leaked }, testId: id, objects: [] };
}
