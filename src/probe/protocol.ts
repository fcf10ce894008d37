// The lines that the runner writes: to each process's report, after MARK, and to a worker's control pipe. One version, one parser.

import * as v from "valibot";
import { ChildCountsSchema } from "../model/child-counts.ts";
import { LeakedObjectSchema } from "../model/leaked-object.ts";
import { WatchFaultSchema } from "../model/watch-fault.ts";

/** Raise it with every change of these lines. `PROTOCOL` in cpython_memcheck_leaks.py must have the same value. */
export const PROTOCOL_VERSION = 3;

/** The beginning of each line in a report. */
export const MARK = "cpython-memcheck ";

const VersionSchema = v.literal(PROTOCOL_VERSION);

/** Calls: the object file and the offset in it, innermost first. */
const PlacesSchema = v.array(v.tuple([v.nullable(v.string()), v.number()]));

/** An allocation failure that was not handled, seen twice. */
const TortureFindingSchema = v.object({
  event: v.literal("torture-finding"),
  kind: v.picklist(["leak", "crash", "lost-error"]),
  flavor: v.picklist(["once", "from-then-on"]),
  /** The innermost functions that do not allocate for others. */
  site: v.array(v.string()),
  /** The first allocation that failed. */
  failed: PlacesSchema,
  /** Where the lost block was allocated, or where the crash was. */
  frames: v.optional(PlacesSchema),
  blocks: v.optional(v.number()),
  bytes: v.optional(v.number()),
  signal: v.optional(v.number()),
  /** CPython's message for a lost error. */
  what: v.optional(v.string()),
});

/** Which allocations of a test file are made to fail. */
const TorturePlanSchema = v.object({
  event: v.literal("torture-plan"),
  tests: v.number(),
  /** Tests that are not repeated, by reason. */
  leftOut: v.object({ slow: v.number(), failing: v.number() }),
  sites: v.number(),
  chosen: v.number(),
  seconds: v.number(),
});

/** The results. */
const TortureEndSchema = v.object({
  event: v.literal("torture-end"),
  injections: v.number(),
  /** Not tried for lack of time. */
  unfinished: v.number(),
  /** The test did not reach the allocation again. */
  unreached: v.number(),
  /** The test hung or ended its process; and failures that were not tried after too many of these. */
  hangs: v.number(),
  afterHangs: v.number(),
  /** Not reproduced in a second try. */
  unconfirmed: v.number(),
  children: v.number(),
  crashes: v.number(),
  seconds: v.number(),
  /** Seconds of all processes. */
  cpu: v.number(),
});

const LineSchema = v.variant("event", [
  TortureFindingSchema,
  TorturePlanSchema,
  TortureEndSchema,
  v.object({ event: v.literal("file-start"), protocol: VersionSchema }),
  v.object({ event: v.literal("file-stop"), state: v.string(), ran: v.nullish(v.number()) }),
  v.object({ event: v.literal("test-start"), id: v.string() }),
  v.object({ event: v.literal("test-stop"), id: v.string() }),
  /** Ids and seconds of a test file's slowest tests. */
  v.object({ event: v.literal("slow-tests"), tests: v.array(v.tuple([v.string(), v.number()])) }),
  v.object({ event: v.literal("leaked-object"), record: v.number(), ...LeakedObjectSchema.entries }),
  v.object({ event: v.literal("immortals"), record: v.number(), blocks: v.number(), bytes: v.number() }),
  v.object({ event: v.literal("growing-reference"), references: v.number(), ...LeakedObjectSchema.entries }),
  v.object({
    event: v.literal("open-descriptor"),
    /** `socket`, `pipe`, `file`, `temporary file`, `copy of a standard stream`, `eventpoll`, … */
    kind: v.string(),
    path: v.nullable(v.string()),
    count: v.number(),
    /** The test after which it was first open; null if unknown. */
    id: v.nullable(v.string()),
  }),
  v.object({
    event: v.literal("leak-check"),
    /** `child`: leaks of interpreters that the test started, listed in the lines before this one. */
    of: v.picklist(["fork", "file", "class", "test", "child"]),
    id: v.optional(v.string()),
    seconds: v.optional(v.number()),
  }),
  /** A loss record, if the engine writes none itself. */
  v.object({
    event: v.literal("leak"),
    record: v.number(),
    /** Blocks that no other lost block points to, and their bytes. */
    blocks: v.number(),
    direct: v.number(),
    /** Bytes that are reachable only from them. */
    indirect: v.number(),
    frames: PlacesSchema,
  }),
  /** Memory that is still referenced, but more of it after each run of the tests. */
  v.object({
    event: v.literal("growth"),
    /** The minimum that a run left. */
    blocks: v.number(),
    /** An example. Null for memory that is not a Python object. */
    object: v.nullable(v.object(LeakedObjectSchema.entries)),
    /** What keeps it alive, outermost first; empty if no Python object does. */
    path: v.array(v.string()),
    frames: PlacesSchema,
  }),
  /** Blocks that each interpreter leaves behind (lifecycle.c): the minimum of the measured rounds. */
  v.object({ event: v.literal("left"), blocks: v.number(), bytes: v.number(), frames: PlacesSchema }),
  /** The end of lifecycle.c's report. */
  v.object({ event: v.literal("rounds"), measured: v.number() }),
  /** The interpreters that the tests of the file started. */
  v.object({ event: v.literal("children"), ...ChildCountsSchema.entries }),
  /** Interpreters in which a thread ran during a check, or might have run. */
  v.object({ event: v.literal("running-interpreters"), count: v.number() }),
  /** The probe could not look. */
  v.object({ event: v.literal("watch-failed"), why: WatchFaultSchema }),
  v.object({
    event: v.literal("self-test"),
    /** Number of leak kinds that were planted. */
    kinds: v.number(),
    /** Planted leaks that were not found. */
    missed: v.array(v.string()),
    /** Live objects that were reported. */
    falseAlarms: v.array(v.string()),
  }),
]);

export type Line = v.InferOutput<typeof LineSchema>;

/** Parses a line of a report: undefined for other programs' lines; `unreadable` for our lines with an unknown format. */
export function parseLine(text: string): Line | "unreadable" | undefined {
  if (!text.startsWith(MARK)) return undefined;
  return parse(LineSchema, text.slice(MARK.length)) ?? "unreadable";
}

/** Of Linux (proc(5), pid_max). */
const MAX_PID = 2 ** 22;

/** The number of a process that can be killed: 0 and 1 would mean many. */
const Pid = v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(MAX_PID));

/** Messages of a worker. Tests can write to its pipe, too. */
const MessageSchema = v.variant("event", [
  v.object({ event: v.literal("free-lists") }),
  v.object({
    event: v.literal("ready"),
    protocol: VersionSchema,
    pid: Pid,
    workerKilobytes: v.number(),
    /** The test files that a suite has collected. */
    files: v.optional(v.array(v.object({ name: v.string(), tests: v.number() })), []),
  }),
  v.object({ event: v.literal("start"), name: v.string(), pid: Pid }),
  v.object({
    event: v.literal("end"),
    name: v.string(),
    pid: Pid,
    exit: v.nullable(v.number()),
    signal: v.nullable(v.number()),
    seconds: v.number(),
    /** Seconds of the child, and of those that it waited for. */
    cpu: v.number(),
    workerKilobytes: v.number(),
  }),
]);

export type Message = v.InferOutput<typeof MessageSchema>;

/** Parses a line of a control pipe; undefined if it is not a worker's message. */
export function parseMessage(text: string): Message | undefined {
  return parse(MessageSchema, text);
}

function parse<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : undefined;
}
