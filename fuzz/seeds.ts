// The inputs that a fuzzer begins with: valid ones for each target.

import { gzipSync } from "node:zlib";
import { errorWith, fileWith, recorded, stackOf, WHAT } from "../__tests__/engines/memcheck/xml-files.ts";
import { baseline, entry } from "../__tests__/support/builders.ts";
import { note, problem, report, reported } from "../__tests__/support/reports.ts";
import { plan, RESULTS } from "../__tests__/support/shards.ts";
import { STAMP_VERSION } from "../src/build/build-folder.ts";
import { PROTOCOL_VERSION } from "../src/probe/protocol.ts";

const ERROR = errorWith(WHAT + stackOf("0x1", "0x2"));
const LEAK = '{"event": "leak", "record": 1, "blocks": 2, "direct": 3, "indirect": 4, "frames": [["/o", 5], [null, 6]]}';
const BASELINE = JSON.stringify(baseline({ findings: [entry("f", { stack: [["f"], ["g", "h"]] })] }));
const MARKS = [
  `{"event": "file-start", "protocol": ${PROTOCOL_VERSION}}`,
  '{"event": "leaked-object", "record": 1, "type": "list", "refcount": 1, "length": 3}',
  '{"event": "leak-check", "of": "file", "seconds": 1}',
];

const MESSAGES = [
  `{"event": "ready", "protocol": ${PROTOCOL_VERSION}, "pid": 7, "workerKilobytes": 9000}`,
  '{"event": "start", "name": "test_x", "pid": 8}',
  '{"event": "end", "name": "test_x", "pid": 8, "exit": 0, "signal": null, "seconds": 1, "cpu": 1, "workerKilobytes": 9000}',
];

const STAMP = `{"stampVersion":${STAMP_VERSION},"key":"r-k","state":"built","tree":"/t","time":1,"files":{"Lib/a.py":{"hash":"a","kind":"file"}}}`;

const SEEDS: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  xml: [fileWith(ERROR), ...["errors", "messages", "protocol6", "crash"].map((name) => recorded(name))],
  "xml-body": [ERROR, `<clientmsg>\n  <tid>1</tid>\n  <text>cpython-memcheck ${MARKS[0]}\n  </text>\n</clientmsg>\n`],
  journal: [[...MARKS, LEAK].map((line) => `cpython-memcheck ${line}\n`).join("")],
  mark: [...MARKS, ...MESSAGES],
  symbols: ["0x0000000000000001\nf\n/tree/x.c:7\ng\n??:?\n", "0000000000001149 T f\n                 U g\nx.o:\n"],
  suppressions: [
    "malloc\nPyList_New\tx.c\t/o\0{\n  name\n  Memcheck:Leak\n  match-leak-kinds: definite\n  fun:mal*\n  ...\n  obj:/o*\n}\n",
  ],
  signature: ["malloc\nPyObject_Malloc\tobmalloc.c\nf.part.0\tx.c\n_PyEval_EvalFrameDefault", "L\nf.isra.0\ng_impl\n_tmp_12_rule"],
  baseline: [BASELINE, BASELINE.replace('"signatureVersion":2', '"signatureVersion":1')],
  plan: [JSON.stringify(plan())],
  shard: [JSON.stringify(RESULTS[0])],
  "baseline-bytes": [gzipSync(BASELINE)],
  report: [JSON.stringify(report({ problems: [problem("p")], notes: [note("n")], findings: [reported("f", { status: "new" })] }))],
  "build-archive": [
    [`0stamp.json\t${STAMP}`, "0tree/Makefile\ta = /t/b", "2tree/l\tMakefile", "1tree/h\ttree/Makefile", "5tree/Lib"].join("\0"),
    [`0stamp.json\t${STAMP}`, "2tree/Lib\t../../../source/Lib"].join("\0"),
    [`0stamp.json\t${STAMP}`, "2tree/Lib\t../../../source", "0tree/Lib/Lib/a.py\ttheirs"].join("\0"),
    [`0stamp.json\t${STAMP}`, "xh\t30 path=../../source/Lib/a.py\n", "0x\ttheirs", "1h\t../../source/Lib/a.py", "6tree/p"].join("\0"),
  ],
  stamp: [STAMP],
  "repository-settings": ['burst-limit = 3\n[[accept]]\nsignature = "0123456789abcdef"\ntest = "t"\nreason = "r"\nexpires = 2027-03-01\n'],
  settings: ["tests\ntest_csv test_json\nscan\nnone", "command\n-m 'x y'\ntimeout\n5m\njobs\n2\nvalgrind-args\n--num-callers=3"],
  "shell-words": ['a \'b c\' "d\\" e" f\\ g'],
  event: ['{"repository": {"default_branch": "main"}, "pull_request": {"number": 1}}'],
  diff: ["diff --git a/x.c b/y.c\nsimilarity index 90%\nrename from x.c\nrename to y.c\n--- a/x.c\n+++ b/y.c\n@@ -1,2 +3,4 @@ f\n-a\n+b\n"],
  apt: [
    "Types: deb\nURIs: http://x/debian\nSuites: bookworm bookworm-updates\nSigned-By: /k\n\ndeb [signed-by=/k] http://x/debian bookworm main\n",
  ],
  escape: ["::error::x `a` [b](c) <d> @e #1 \u001b[0m"],
};

export function seedsOf(target: string): readonly Uint8Array[] {
  return (SEEDS[target] ?? []).map((seed) => new Uint8Array(Buffer.from(seed)).slice(0, 8192));
}
