import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { RecordedFootprints } from "../../src/affected/footprints.ts";
import { matrixOf, mismatchOf, ShardPlanSchema, shardNames } from "../../src/shards/shard-plan.ts";
import { ShardResultSchema } from "../../src/shards/shard-result.ts";
import { decodeStored, encodeStored } from "../../src/shards/stored-file.ts";
import { mergeFootprints, readFootprints, storeFootprints } from "../../src/shards/stored-footprints.ts";
import { baseline, CRASHED, finding, run } from "../support/builders.ts";
import { plan, SUBJECT, shardResult } from "../support/shards.ts";

suite("stored files of a check in shards", () => {
  test("a stored plan is read back as it was, with its baseline", () => {
    const given = plan({ lookup: { kind: "found", where: "here", name: "memcheck-baseline-v7-x", baseline: baseline() } });
    assert.deepEqual(decodeStored(ShardPlanSchema, encodeStored(given)), { value: given });
  });

  test("a shard's stored runs are read back as they were", () => {
    const leaked = finding("leaky", {
      further: [{ what: "freed", frames: [] }],
      objects: [{ type: "str", refcount: 1, repr: "'x'" }],
      part: ["f"],
      failure: { site: ["g"], lasting: true },
    });
    const given = shardResult("1/2", [
      run({ findings: [leaked, finding("other", { kind: "InvalidRead" })], slice: "1/2", leftByInterpreter: { sites: 1, blocks: 2 } }),
      run({ name: "test_y", status: "crashed", incomplete: CRASHED, lastWords: ["Fatal"], hasRunningInterpreters: true }),
      run({ name: "test_slow", engine: "scan", slowTests: [{ id: "test.test_slow.A.test_a", seconds: 2.5 }], repeated: true }),
      run({ name: "test_z", children: { started: 1, looked: 0, missed: [{ why: "exit", count: 1 }], others: 0 } }),
    ]);
    assert.deepEqual(decodeStored(ShardResultSchema, encodeStored(given)), { value: given });
  });

  test("a stored file of another format is damaged, and the detail names the place", () => {
    const damaged = (value: object) => decodeStored(ShardPlanSchema, encodeStored(value));
    assert.match(JSON.stringify(damaged({ ...plan(), today: "yesterday" })), /"code":"damaged","detail":"today /);
    assert.match(JSON.stringify(damaged({ ...plan(), planVersion: 0 })), /version 0/);
    assert.match(JSON.stringify(decodeStored(ShardPlanSchema, gzipSync("no JSON"))), /not gzipped JSON/);
    assert.match(JSON.stringify(damaged({ ...plan(), further: 1 })), /"code":"damaged"/);
  });

  test("stored footprints are read back as they were recorded", () => {
    const recorded: RecordedFootprints = {
      watched: new Set(["f", "g", "h"]),
      shared: { functions: new Set(["f"]), files: new Set(["Lib/os.py"]) },
      tests: new Map([
        ["test_a", { functions: new Set(["f", "g"]), files: new Set(["Lib/csv.py", "Lib/os.py"]) }],
        ["test_b", { functions: new Set<string>(), files: new Set<string>() }],
      ]),
    };
    assert.deepEqual(readFootprints(storeFootprints(recorded)), recorded);
  });

  test("merged footprints have the test files of all machines, and everything shared on any of them", () => {
    const of = (test: string, shared: string): RecordedFootprints => ({
      watched: new Set(["f", "g"]),
      shared: { functions: new Set([shared]), files: new Set([`${shared}.py`]) },
      tests: new Map([[test, { functions: new Set(["g"]), files: new Set() }]]),
    });
    const merged = mergeFootprints([of("test_a", "f"), of("test_b", "g")]);
    assert.deepEqual(
      [[...merged.tests.keys()], [...merged.shared.functions], [...merged.shared.files]],
      [
        ["test_a", "test_b"],
        ["f", "g"],
        ["f.py", "g.py"],
      ],
    );
  });
});

suite("a plan", () => {
  test("a plan names its shards for a workflow's matrix", () => {
    assert.deepEqual(shardNames(plan()), ["1/2", "2/2"]);
    assert.equal(matrixOf(plan()), '{"shard":["1/2","2/2"]}');
  });

  test("a plan is of another check if the commit, a setting, a tool or the build differs", () => {
    const fieldOf = (other: Partial<typeof SUBJECT>) => mismatchOf(SUBJECT, { ...SUBJECT, ...other })?.field;
    assert.equal(fieldOf({}), undefined);
    assert.equal(fieldOf({ commit: null, content: "other" }), "commit");
    assert.equal(fieldOf({ settings: { scan: '"none"' } }), "scan");
    assert.equal(fieldOf({ identity: { ...SUBJECT.identity, valgrind: "3.26.0" } }), "valgrind");
    assert.equal(fieldOf({ identity: { ...SUBJECT.identity, configureArgs: ["3.14.7 (main) [GCC 12]"] } }), "configureArgs");
    assert.equal(fieldOf({ content: "other" }), "content");
    assert.equal(fieldOf({ build: "other" }), "build");
    assert.match(fieldOf({ hiding: "other" }) ?? "", /suppressions/);
  });
});
