// A made-up report of any size, in the form of a nightly check of CPython, to measure report.html with.
import { REPORT_VERSION, type Report, type ReportedTest, reportNote, reportProblem } from "../src/report/report.ts";
import type { FindingStatus, ReportedFinding } from "../src/report/reported-finding.ts";

const FUNCTIONS = [
  "parse_save_field",
  "list_slice_lock_held",
  "_PyBytes_Resize",
  "unicode_decode_utf8",
  "dict_merge",
  "pattern_subx",
] as const;
const FILES = [
  "Modules/_csv.c",
  "Objects/listobject.c",
  "Objects/bytesobject.c",
  "Objects/unicodeobject.c",
  "Objects/dictobject.c",
  "Modules/_sre/sre.c",
];
const KINDS = ["Leak_DefinitelyLost", "Leak_DefinitelyLost", "UninitCondition", "InvalidRead", "ReferenceLeak"] as const;
const CALLERS = ["cfunction_call", "_PyObject_MakeTpCall", "_PyEval_EvalFrameDefault", "PyEval_EvalCode", "run_mod", "pymain_run_python"];
const SOURCE = [
  "static int",
  "parse_save_field(ReaderObj *self)",
  "{",
  "    PyObject *field;",
  "",
  "    field = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND,",
  "                                      (void *) self->field, self->field_len);",
  "    if (field == NULL)",
];

/** @param findings number of known findings; a few others are added: new, grown, fixed and so on */
export function sampleReport(findings: number): Report {
  const statuses: readonly FindingStatus[] = ["new", "new", "grown", "warning", "flaky", "fixed", "fixed", "accepted"];
  const all = [
    ...statuses.map((status, index) => findingOf(index, status)),
    ...Array.from({ length: findings }, (_, index) => findingOf(index + 8, "known")),
  ];
  return {
    schemaVersion: REPORT_VERSION,
    verdict: "new-errors",
    problems: [
      reportProblem({ code: "test-incomplete", test: "test_gdb", engine: "memcheck", incomplete: { code: "timeout", seconds: 1200 } }),
      reportProblem({ code: "fewer-tests", test: "test_socket", engine: "scan", ran: 12, ranBefore: 620 }),
    ],
    notes: [
      reportNote({
        code: "left-out",
        test: "test_faulthandler",
        engine: "memcheck",
        reason: "raises signals that memcheck takes for crashes",
      }),
      reportNote({ code: "slow-stacks" }),
      reportNote({ code: "children", started: 142, looked: 131, missed: [{ why: "killed", count: 11 }], others: 9 }),
    ],
    toolchain: {
      python: "/builds/tree/python",
      version: "3.15.0a5",
      valgrind: "3.26.0",
      compiler: "gcc 14.2.0",
      libc: "glibc 2.41",
      architecture: "x86_64",
      configureArgs: ["--with-valgrind", "--with-pydebug"],
    },
    build: { kind: "restored", seconds: 6.2 },
    baseline: { sha: "3f2a91c07b5d4e6f8a9b0c1d2e3f4a5b6c7d8e9f", recordedAt: "2026-07-20T02:11:05.000Z", origin: null },
    affected: null,
    tests: testsOf(),
    skipped: [{ test: "test_gdb", engine: "scan", reason: "hangs under ptrace: gh-123456", expires: "2027-03-01" }],
    relaxations: [{ kind: "suppression", title: "readline_leak", file: "Misc/valgrind-python.supp", line: 310 }],
    suppressed: [{ engine: "memcheck", name: "ADDRESS_IN_RANGE/Invalid read of size 4", tests: 41, testsBefore: 40 }],
    findings: all,
    timeline: timelineOf(all.filter(({ status }) => status === "known" || status === "grown").slice(0, 20)),
  };
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}

function findingOf(index: number, status: FindingStatus): ReportedFinding {
  const kind = status === "grown" ? "Leak_DefinitelyLost" : pick(KINDS, index);
  const name = index < FUNCTIONS.length ? pick(FUNCTIONS, index) : `${pick(FUNCTIONS, index)}_${Math.floor(index / FUNCTIONS.length)}`;
  const lost = kind.startsWith("Leak_") ? (index % 13) + 1 : 0;
  const one = {
    engine: index % 3 === 0 ? "scan" : "memcheck",
    signature: (0x3fa0c1d2e + index * 7919).toString(16).padStart(16, "a"),
    test: { file: `test_${pick(NAMES, index)}`, id: `test.test_csv.Test_Csv.test_case_${index}` },
    blocks: lost,
    bytes: lost * 56,
    blocksBefore: status === "grown" ? 1 : null,
  } as const;
  const path = [name, "Reader_iternext"];
  return {
    ...one,
    ...{ status, kind, confirmed: status === "new" || status === "grown", inChild: false, owner: "project", place: null, roots: [] },
    ...whereOf(index, name, status),
    what: lost > 0 ? "" : "Conditional jump or move depends on uninitialised value(s)",
    references: kind === "ReferenceLeak" ? 3 : 0,
    match: status === "known" || status === "grown" ? { pass: "exact", similarity: 1, signature: one.signature, segment: path } : null,
    acceptance: status === "accepted" ? { reason: "channel_send() loses a block per message: gh-123456", expires: "2027-03-01" } : null,
    occurrences: [one.test.file, "test_tools"].map((file) => ({ ...one, test: { ...one.test, file }, path })),
    objects: lost > 0 ? [{ type: "str", refcount: 1, length: 15, repr: "'François Pinard'", python: PYTHON }] : [],
    suppression:
      status === "known" ? null : `{\n   cpython-memcheck\n   Memcheck:Leak\n   fun:malloc\n   fun:${name}\n   fun:Reader_iternext\n}\n`,
    reproduce: `PYTHONHASHSEED=0 PYTHONMALLOC=malloc valgrind --leak-check=full --num-callers=40 python -m test ${one.test.file}`,
  };
}

const PYTHON = ["Lib/csv.py:116 in __next__", "Lib/test/test_csv.py:412 in test_write_bigfield"];

/** The site, source and stacks of a finding. */
function whereOf(index: number, name: string, status: FindingStatus): Pick<ReportedFinding, "site" | "excerpt" | "stack" | "further"> {
  const site = { function: name, file: pick(FILES, index), line: 660 + (index % 900) };
  const frame = (called: string, role: "key" | "caller" | "allocator" | null) => ({
    ...site,
    function: called,
    object: "/builds/tree/python",
    role,
  });
  const inner = [frame("_PyMem_RawMalloc", "allocator"), frame("PyUnicode_FromKindAndData", "allocator"), frame(name, "key")];
  const further = [{ what: "Uninitialised value was created by a heap allocation", frames: CALLERS.map((called) => frame(called, null)) }];
  return {
    site: status === "fixed" ? { ...site, file: null, line: null } : site,
    // A check reads source lines for this many findings only.
    excerpt: status === "fixed" || index > 300 ? null : { first: site.line - 5, lines: SOURCE },
    stack: [...inner, frame("Reader_iternext", "key"), ...CALLERS.map((called) => frame(called, "caller"))],
    further: status === "known" ? [] : further,
  };
}

function testsOf(): ReportedTest[] {
  const none = { incomplete: null, ran: 20, children: null, log: null, lastWords: [] };
  const scanned = Array.from(
    { length: 486 },
    (_, index): ReportedTest => ({
      ...none,
      name: `test_${NAMES[index] ?? `module_${index}`}`,
      engine: "scan",
      status: index % 61 === 7 ? "skipped" : "passed",
      seconds: 0.4 + ((index * 37) % 100) / 10,
      costs: { start: 0.1, leakChecks: 0.2, reading: 0 },
    }),
  );
  const checked = NAMES.slice(0, 12).map(
    (name, index): ReportedTest => ({
      ...none,
      name: `test_${name}`,
      engine: "memcheck",
      status: index === 3 ? "failed" : "passed",
      seconds: 20 + index * 7,
      costs: { start: 3, leakChecks: 2, reading: 1 },
    }),
  );
  const late: ReportedTest = {
    ...none,
    name: "test_gdb",
    engine: "memcheck",
    status: "timeout",
    seconds: 1200,
    incomplete: { code: "timeout", seconds: 1200, message: "it took longer than 20 min 0 s and was killed" },
    log: "/runs/12/output.log",
    lastWords: ["test_basic (test.test_gdb.PrettyPrintTests) ... ok", "test_threads (test.test_gdb.PyBtTests) ..."],
    costs: { start: 3, leakChecks: 0, reading: 0 },
  };
  const life: ReportedTest = {
    ...none,
    name: "lifecycle.interpreter",
    engine: "lifecycle",
    status: "passed",
    seconds: 3.1,
    costs: { start: 0, leakChecks: 0, reading: 0 },
  };
  return [...scanned, ...checked, late, life];
}

const NAMES = [
  "csv",
  "list",
  "bytes",
  "codecs",
  "dict",
  "re",
  "json",
  "struct",
  "io",
  "bisect",
  "socket",
  "ssl",
  "asyncio",
  "threading",
] as const;

function timelineOf(known: readonly ReportedFinding[]): Report["timeline"] {
  return Array.from({ length: 28 }, (_, index) => ({
    recordedAt: new Date(Date.UTC(2026, 5, 23 + index, 2, 11)).toISOString(),
    sha: `${(index * 7 + 16).toString(16).padStart(2, "0")}2a91c07b5d4e6f8a9b0c1d2e3f4a5b6c7d8e9f`,
    kinds: [
      { kind: "Leak_DefinitelyLost", errors: 14 - Math.floor(index / 9) + (index > 20 ? 3 : 0) },
      { kind: "UninitCondition", errors: 5 + (index % 2) },
      { kind: "ReferenceLeak", errors: index > 12 ? 2 : 3 },
      { kind: "InvalidRead", errors: index > 5 ? 1 : 0 },
    ].filter(({ errors }) => errors > 0),
    stages: [
      { engine: "memcheck", tests: 40, seconds: 1900 + ((index * 83) % 300) },
      { engine: "scan", tests: 486, seconds: 610 + ((index * 31) % 60) },
      { engine: "torture", tests: 12, seconds: index > 9 ? 400 : 0 },
    ],
    leaks: known
      .filter(({ blocks }) => blocks > 0)
      .map(({ signature, site, blocks }, row) => ({
        signature,
        function: site.function,
        blocks: row > index ? 0 : blocks + (row === 2 ? index : 0),
      }))
      .filter(({ blocks }) => blocks > 0),
    moreLeaks: 0,
  }));
}
