import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { BASELINE_VERSION, type Baseline } from "../../../src/findings/baseline.ts";
import { BaselineFile, decodeBaseline, encodeBaseline } from "../../../src/hosts/common/baseline-file.ts";
import { UserError } from "../../../src/model/user-error.ts";
import { testBaselineStore } from "../../support/baseline-store-cases.ts";
import { baseline, entry, IDENTITY, recordedTest } from "../../support/builders.ts";
import { temporaryFolder } from "../../support/folders.ts";

const WHOLE = baseline({ findings: [entry("f", { blocks: 2 })] });

/** What is wrong with these bytes; fails when they are a baseline. */
function detailOf(packed: Uint8Array): string {
  const lookup = decodeBaseline(packed, "here");
  assert.equal(lookup.kind, "unreadable");
  return lookup.kind === "unreadable" ? lookup.detail : "";
}

const packedJson = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value));

suite("a stored baseline", () => {
  test("a stored baseline is read as it was written", () => {
    const text = fc.string({ unit: "binary" }).filter((chosen) => chosen.isWellFormed());
    const baselines: fc.Arbitrary<Baseline> = fc
      .record({ sha: fc.option(fc.stringMatching(/^[0-9a-f]{40}$/)), test: text, stack: fc.array(fc.array(text)), blocks: fc.nat() })
      .map((any) =>
        baseline({ sha: any.sha, findings: [entry("f", { test: any.test, stack: any.stack, blocks: any.blocks })] }, [any.test]),
      );
    fc.assert(
      fc.property(baselines, (any) => {
        assert.deepEqual(decodeBaseline(encodeBaseline(any), "here"), { kind: "found", where: "here", baseline: any });
      }),
    );
  });

  test("a stored baseline has the same bytes every time", () => {
    assert.deepEqual(encodeBaseline(structuredClone(WHOLE)), encodeBaseline(WHOLE));
  });

  /** When this fails, the stored form changed: BASELINE_VERSION must go up, so that older versions say why they cannot read it. */
  test("a stored baseline has the form of its version", () => {
    const stored =
      '{"baselineVersion":9,"signatureVersion":4,"recordedAt":"2026-01-02T03:04:05.000Z","sha":"0123456789abcdef0123456789abcdef01234567",' +
      '"content":"c0ffee",' +
      '"identity":{"python":"3.13","check":1,"valgrind":"3.19.0","compiler":"gcc (Debian 12.2.0-14) 12.2.0","libc":"glibc 2.36","architecture":"x86_64",' +
      '"configureArgs":["--with-valgrind"],"valgrindArgs":[],"leakCheck":"exit","children":false},' +
      '"tests":[{"name":"test_x","engine":"memcheck","status":"passed","seconds":1.5,"ran":null,"cause":null,"latest":null}],' +
      '"findings":[{"engine":"memcheck","test":"test_x","signature":"SIGNATURE","kind":"Leak_DefinitelyLost","stack":[["f"]],"blocks":2}],"relaxations":[],"suppressed":[],"functions":[],"otherBuilds":[],"builds":[],"footprints":null,"timeline":[]}';
    const text = stored.replace("SIGNATURE", WHOLE.findings[0]?.signature ?? "");
    assert.equal(gunzipSync(encodeBaseline(WHOLE)).toString(), text);
    assert.equal(decodeBaseline(gzipSync(text), "here").kind, "found");
  });
});

test("a baseline is recorded where it was looked for, even if a test changes what its path depends on", async () => {
  const folder = temporaryFolder();
  let name = "one";
  const store = new BaselineFile(async () => join(folder, name), "everything");
  assert.deepEqual(await store.load(), { kind: "none", where: join(folder, "one") });
  name = "other";
  assert.deepEqual(await store.record(WHOLE), { kind: "recorded", where: join(folder, "one") });
});

suite("an unreadable baseline", () => {
  test("random bytes, also gzipped, are an unreadable baseline, with the reason", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.notEqual(detailOf(bytes), "");
        assert.notEqual(detailOf(gzipSync(bytes)), "");
      }),
    );
  });

  test("JSON that is not a baseline is unreadable, with the reason", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.notEqual(detailOf(packedJson(value)), "")));
  });

  test("a baseline that is cut off anywhere is unreadable, with the reason", () => {
    const packed = encodeBaseline(WHOLE);
    for (let length = 0; length < packed.length; length += 7) detailOf(packed.subarray(0, length));
  });

  test("a baseline with another value in any place is unreadable, with the reason", () => {
    const broken: readonly (readonly [Record<string, unknown>, RegExp])[] = [
      [{ tests: [recordedTest({ ran: -1 })] }, /tests\.0\.ran/],
      [{ findings: [{ ...entry("f"), signature: "../../etc" }] }, /findings\.0\.signature/],
      [{ findings: [{ ...entry("f"), blocks: -1 }] }, /findings\.0\.blocks/],
      [{ findings: [{ ...entry("f"), extra: 1 }] }, /findings\.0\.extra/],
      [{ identity: { ...IDENTITY, libc: null } }, /identity\.libc/],
      [{ sha: 7 }, /sha/],
      [{ sha: "--output=/tmp/x" }, /sha/],
      [{ extra: "x" }, /extra/],
    ];
    for (const [change, place] of broken) assert.match(detailOf(packedJson({ ...WHOLE, ...change })), place);
  });

  test("a baseline of another version is unreadable, and both versions are named", () => {
    const detail = detailOf(packedJson({ baselineVersion: BASELINE_VERSION + 1, whatever: [] }));
    assert.equal(detail, `its format has version ${BASELINE_VERSION + 1}, and this cpython-memcheck uses version ${BASELINE_VERSION}`);
  });

  test("a baseline that unpacks to hundreds of megabytes is unreadable, with the reason", () => {
    const member = gzipSync(Buffer.alloc(16 * 1024 * 1024, " "));
    assert.match(detailOf(Buffer.concat(Array.from({ length: 20 }, () => member))), /not gzipped JSON/);
  });

  test("a baseline with millions of wrong values is unreadable, with a short reason", () => {
    const bomb = `{"baselineVersion":2,"findings":[${"0,".repeat(3_000_000)}0]}`;
    assert.ok(detailOf(gzipSync(bomb)).length <= 500);
    assert.ok(detailOf(packedJson({ ...WHOLE, findings: [{ ...entry("f"), signature: "A".repeat(5_000_000) }] })).length <= 500);
  });
});

testBaselineStore("a file", () => {
  const path = join(temporaryFolder(), "baseline.json.gz");
  return {
    next: () => new BaselineFile(path, "everything"),
    damage: () => writeFileSync(path, "no baseline"),
    close: () => {
      rmSync(path);
      mkdirSync(path);
    },
  };
});

suite("the file of a baseline", () => {
  test("a missing baseline file is no baseline, and recording creates it with its folders", async () => {
    const path = join(temporaryFolder(), "deep", "down", "baseline.json.gz");
    const store = new BaselineFile(path, "what-is-missing");
    assert.deepEqual(await store.load(), { kind: "none", where: path });
    assert.deepEqual(await store.record(WHOLE), { kind: "recorded", where: path });
    assert.deepEqual(await store.load(), { kind: "found", where: path, baseline: WHOLE });
    assert.deepEqual(readdirSync(join(path, "..")), ["baseline.json.gz"]);
  });

  test("a baseline's file that cannot be read as one is kept beside the one that replaces it", async () => {
    const path = join(temporaryFolder(), "baseline.json.gz");
    writeFileSync(path, "precious");
    const store = new BaselineFile(path, "everything");
    assert.equal((await store.load()).kind, "unreadable");
    await store.record(WHOLE);
    assert.equal((await store.load()).kind, "found");
    assert.equal(readFileSync(`${path}.unreadable`, "utf8"), "precious");
  });

  test("a folder in place of a baseline's file is the user's mistake, and not an empty baseline", async () => {
    const path = join(temporaryFolder(), "baseline.json.gz");
    mkdirSync(path);
    await assert.rejects(new BaselineFile(path, "nothing").load(), (error) => error instanceof UserError && error.message.includes(path));
  });
});

suite("two checks with one file", () => {
  const inFile = (path: string) => [1, 2].map(() => new BaselineFile(path, "everything"));
  const part = (name: string): Baseline => baseline({ findings: [entry(`leaky_${name}`, { test: name })] }, [name]);

  async function namesIn(path: string): Promise<readonly string[]> {
    const lookup = await new BaselineFile(path, "everything").load();
    return lookup.kind === "found" ? lookup.baseline.tests.map(({ name }) => name) : [lookup.kind];
  }

  test("two checks with one baseline file lose nothing of what either records, one after the other", async () => {
    const path = join(temporaryFolder(), "baseline.json.gz");
    const [first, second] = inFile(path);
    await first?.load();
    await second?.load();
    await first?.record(part("test_a"));
    await second?.record(part("test_b"));
    assert.deepEqual(await namesIn(path), ["test_a", "test_b"]);
  });

  test("a report that resumes from its plan's baseline keeps the tests that another check has recorded since", async () => {
    const path = join(temporaryFolder(), "baseline.json.gz");
    const [planned, other] = inFile(path);
    const lookup = await planned?.load();
    await other?.load();
    await other?.record(part("test_a"));
    const report = new BaselineFile(path, "everything");
    assert.ok(lookup);
    report.resume(lookup);
    await report.record(part("test_b"));
    assert.deepEqual(await namesIn(path), ["test_a", "test_b"]);
  });

  test("two checks with one baseline file lose no recorded tests when they record at the same time", async () => {
    const path = join(temporaryFolder(), "baseline.json.gz");
    const names = Array.from({ length: 8 }, (_, index) => `test_${index}`);
    const stores = names.map((name) => ({ name, store: new BaselineFile(path, "everything") }));
    for (const { store } of stores) await store.load();
    const outcomes = await Promise.all(stores.map(({ name, store }) => store.record(part(name))));
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(["recorded"]));
    assert.deepEqual(await namesIn(path), names);
    assert.deepEqual(readdirSync(join(path, "..")), ["baseline.json.gz"]);
  });

  test("if two checks with one baseline file can't be compared, the second reports it and keeps the first's record", async () => {
    const path = join(temporaryFolder(), "baseline.json.gz");
    const [first, second] = inFile(path);
    await first?.load();
    await second?.load();
    await first?.record({ ...part("test_a"), identity: { ...IDENTITY, compiler: "gcc 99" } });
    assert.equal((await second?.record(part("test_b")))?.kind, "failed");
    assert.deepEqual(await namesIn(path), ["test_a"]);
  });
});
