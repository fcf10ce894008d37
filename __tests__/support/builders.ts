// Complete values for tests of pure code. A test overrides only the fields that it is about.

import type { Baseline, BaselineEntry, BaselineTest, Identity } from "../../src/findings/baseline.ts";
import { BASELINE_VERSION } from "../../src/findings/baseline.ts";
import type { Counterpart } from "../../src/findings/compare.ts";
import type { History } from "../../src/findings/history.ts";
import { compareRuns, type Grounds, type JudgedStatus, type Judgement, judge } from "../../src/findings/judgement.ts";
import { findingOf, SIGNATURE_VERSION, signatureOf } from "../../src/findings/make-finding.ts";
import { NO_EVIDENCE } from "../../src/findings/match.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Incomplete } from "../../src/model/incomplete.ts";
import type { Frame, MemoryError } from "../../src/model/memory-error.ts";
import { NO_COSTS, type TestRun } from "../../src/model/test-run.ts";

/** The folder of the built copy of the project. */
export const TREE = "/builds/tree";
export const PROJECT = { roots: [TREE] } as const;

const ALLOCATOR = "/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so";

/** By default, a frame of the project's code. */
export function frame(name: string, overrides: Partial<Frame> = {}): Frame {
  return { address: addressOf(name), function: name, directory: `${TREE}/Modules`, file: "_x.c", line: 7, ...overrides };
}

/** A stack in text form, innermost first: `malloc < PyList_New < list_copy`. Each position has a different address. */
export function stack(text: string): readonly Frame[] {
  return text.split(" < ").map((name, index) => {
    const address = `0x${(0x1000 + index * 16).toString(16).toUpperCase()}`;
    return name === "malloc" || name === "calloc" || name === "realloc"
      ? { address, function: name, object: ALLOCATOR }
      : frame(name, { address });
  });
}

export function error(overrides: Partial<MemoryError> = {}): MemoryError {
  const frames = stack("read_byte < parse < module_load");
  return { unique: "0x0", kind: "InvalidRead", what: "Invalid read of size 1", frames, auxiliary: [], ...overrides };
}

export function leak(frames: string | readonly Frame[], blocks = 1, bytes = blocks * 24): MemoryError {
  return error({
    kind: "Leak_DefinitelyLost",
    what: "",
    record: 1,
    frames: typeof frames === "string" ? stack(frames) : frames,
    leaked: { bytes, blocks },
  });
}

/** A finding made of an error, as `run` makes them. */
export function findingFrom(
  found: MemoryError,
  testFile = "test_x",
  testId: string | null = null,
  ambiguous: ReadonlySet<string> = new Set(),
): Finding {
  return findingOf({ engine: "memcheck", error: found, testFile, testId, objects: [] }, { ...PROJECT, ambiguous });
}

/** A finding whose signature follows from the function's name. */
export function finding(name = "leaky", overrides: Partial<Finding> = {}): Finding {
  const kind = overrides.kind ?? "Leak_DefinitelyLost";
  const isLeak = kind.startsWith("Leak_");
  return {
    engine: "memcheck",
    signature: signatureOf(kind, [name]),
    segment: [name],
    normalizedStack: [[name]],
    kind,
    what: isLeak ? "" : "Invalid read of size 1",
    test: { file: "test_x", id: "test.test_x.Tests.test_one" },
    isInChild: false,
    site: { function: name, file: "Modules/_x.c", line: 7 },
    owner: "project",
    stack: [{ function: name, file: "Modules/_x.c", line: 7, object: "/builds/tree/_x.so", role: "key" }],
    further: [],
    objects: [],
    blocks: isLeak ? 1 : 0,
    bytes: isLeak ? 24 : 0,
    references: 0,
    suppression: `{\n   cpython-memcheck\n   Memcheck:Leak\n   fun:${name}\n}\n`,
    ...overrides,
  };
}

/** Why a run that crashed is incomplete. */
export const CRASHED: Incomplete = { code: "crashed", signal: "SIGSEGV", exit: null };

export function inTest(file: string): Pick<Finding, "test"> {
  return { test: { file, id: null } };
}

export function run(overrides: Partial<TestRun> = {}): TestRun {
  return {
    name: "test_x",
    engine: "memcheck",
    status: "passed",
    seconds: 1.5,
    incomplete: null,
    ran: null,
    findings: [],
    suppressed: [],
    costs: NO_COSTS,
    log: "/runs/output.log",
    ...overrides,
  };
}

export const IDENTITY: Identity = {
  python: "3.13",
  check: 1,
  valgrind: "3.19.0",
  compiler: "gcc (Debian 12.2.0-14) 12.2.0",
  libc: "glibc 2.36",
  architecture: "x86_64",
  configureArgs: ["--with-valgrind"],
  valgrindArgs: [],
  leakCheck: "exit",
  children: false,
};

export function entry(name = "leaky", overrides: Partial<BaselineEntry> = {}): BaselineEntry {
  const kind = overrides.kind ?? "Leak_DefinitelyLost";
  return { engine: "memcheck", test: "test_x", signature: signatureOf(kind, [name]), kind, stack: [[name]], blocks: 1, ...overrides };
}

/** By default, a baseline in which these tests passed. */
export function baseline(overrides: Partial<Baseline> = {}, tests: readonly string[] = ["test_x"]): Baseline {
  return {
    baselineVersion: BASELINE_VERSION,
    signatureVersion: SIGNATURE_VERSION,
    recordedAt: "2026-01-02T03:04:05.000Z",
    sha: "0123456789abcdef0123456789abcdef01234567",
    content: "c0ffee",
    identity: IDENTITY,
    tests: tests.map((name) => recordedTest({ name })),
    findings: [],
    relaxations: [],
    suppressed: [],
    functions: [],
    otherBuilds: [],
    builds: [],
    footprints: null,
    timeline: [],
    ...overrides,
  };
}

/** By default, a test file that passed. */
export function recordedTest(overrides: Partial<BaselineTest> = {}): BaselineTest {
  return { name: "test_x", engine: "memcheck", status: "passed", seconds: 1.5, ran: null, cause: null, latest: null, ...overrides };
}

/** The result of comparing a finding that is equal to this entry. */
export function counterpart(name = "leaky", overrides: Partial<BaselineEntry> = {}): Counterpart {
  const same = entry(name, overrides);
  return { entry: same, pass: "exact", similarity: 1, blocks: same.blocks, most: same.blocks };
}

/** Grounds for judging findings of a change without any known details. */
export function groundsOf(history: History, overrides: Partial<Grounds> = {}): Grounds {
  return { history, scope: "nothing", evidence: NO_EVIDENCE, acceptances: [], today: "2026-06-01", missing: [], ...overrides };
}

/** Both steps of a judgement, with these second runs. */
export function judgeWith(runs: readonly TestRun[], again: readonly TestRun[], grounds: Grounds): Judgement {
  return judge(compareRuns(runs, grounds), again);
}

/** The segments of a judgement's findings that have this status. */
export function namesOf({ findings }: Judgement, ...statuses: readonly JudgedStatus[]): readonly string[] {
  return findings.filter(({ status }) => statuses.includes(status)).map(({ finding: one }) => one.segment.join());
}

export function codesOf(list: readonly { readonly code: string }[]): readonly string[] {
  return list.map(({ code }) => code);
}

/** The same address for the same name, as for one call in one build. */
function addressOf(name: string): string {
  const sum = [...name].reduce((total, character) => (total * 31 + character.charCodeAt(0)) % 0xffffff, 7);
  return `0x${(0x100000 + sum).toString(16).toUpperCase()}`;
}
