import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { SHARD_ENTRY } from "../../../src/hosts/github/archive.ts";
import { ArtifactUploader } from "../../../src/hosts/github/artifact-upload.ts";
import { GitHubReader } from "../../../src/hosts/github/reader.ts";
import { checkName, ShardArtifacts } from "../../../src/hosts/github/shard-artifacts.ts";
import type { UserError } from "../../../src/model/user-error.ts";
import { parseSettings } from "../../../src/settings/settings.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder } from "../../support/folders.ts";
import { FakeGitHub } from "../../support/github/fake-github.ts";
import { FORK_ID, type PlayedArtifact, REPOSITORY } from "../../support/github/rest.ts";
import { zip } from "../../support/zip.ts";

const github = await FakeGitHub.start();
after(() => github.server.close());

const NAME = "memcheck-shard-1-of-3-v1-0123456789ab-1";
const CONTENT = Buffer.from("a shard's result");

/** The artifact store of one job. */
function storeOf(runId: number, token: string | undefined = github.rest.token, attempt = 1): ShardArtifacts {
  const { services } = github.rights(runId);
  const uploader = new ArtifactUploader(new Processes(process.env), { ...process.env, ...services }, temporaryFolder(), 60);
  const reader = token === undefined ? undefined : new GitHubReader(github.server.url, token, { pause: async () => undefined });
  return new ShardArtifacts({ repository: REPOSITORY.name, runId, attempt, reader, uploader, check: "0123456789ab" });
}

const load = (runId: number) => storeOf(runId).load("shard-1-of-3");

function keptBy(run: number): readonly string[] {
  return github.rest.artifacts.filter((artifact) => artifact.run === run).map(({ name }) => name.replace(/^.*-/, "attempt "));
}

/** Adds an artifact to a new run. */
function planted(run: number, archive: Uint8Array, overrides: Partial<PlayedArtifact> = {}): void {
  github.rest.run({ id: run, sha: "m1" });
  github.artifacts.keep(run, NAME, archive, overrides);
}

async function faultOf(run: number, attempt = 1): Promise<string> {
  const lookup = await storeOf(run, github.rest.token, attempt).load("shard-1-of-3");
  return lookup.kind === "none" ? lookup.why.code : lookup.kind;
}

suite("an artifact of a shard job", () => {
  test("an artifact of a shard job is found by the report job of the same run, and by no other run", async () => {
    for (const id of [1, 2]) github.rest.run({ id, sha: "m1" });
    assert.equal(await faultOf(1), "missing");
    await storeOf(1).keep("shard-1-of-3", CONTENT);
    const lookup = await load(1);
    assert.deepEqual(lookup.kind === "found" && Buffer.from(lookup.packed), CONTENT);
    assert.equal(await faultOf(2), "missing");
  });

  test("an artifact of a shard job is found in a fork's pull request with a read-only token", async () => {
    github.rest.run({ id: 3, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
    await storeOf(3).keep("shard-1-of-3", CONTENT);
    assert.equal((await load(3)).kind, "found");
  });

  test("an artifact of a shard job replaces that of an earlier attempt, and can't be replaced in the same or an older attempt", async () => {
    await assert.rejects(storeOf(1).keep("shard-1-of-3", CONTENT), (error: UserError) => {
      assert.match(error.message, /was not uploaded: another job of this run has uploaded it\.$/);
      assert.match(error.hint ?? "", /separate workflows/);
      return true;
    });
    await storeOf(1, undefined, 10).keep("shard-1-of-3", Buffer.from("again"));
    await storeOf(1, undefined, 9).keep("shard-1-of-3", CONTENT);
    const lookup = await storeOf(1, github.rest.token, 10).load("shard-1-of-3");
    assert.equal(lookup.kind === "found" && Buffer.from(lookup.packed).toString(), "again");
  });

  test("artifacts of a shard job's earlier attempts are deleted before it runs again, but none of the same attempt", async () => {
    await storeOf(1, undefined, 10).drop("shard-1-of-3");
    assert.deepEqual(keptBy(1), ["attempt 10"]);
    await storeOf(1, undefined, 11).drop("shard-1-of-3");
    assert.deepEqual(keptBy(1), []);
    await storeOf(1, undefined, 11).drop("shard-1-of-3");
  });

  test("an unfinished upload of a killed shard job does not block later attempts", async () => {
    github.rest.run({ id: 5, sha: "m1" });
    github.artifacts.keep(5, NAME, Buffer.from("half"), { isFinal: false });
    assert.equal(await faultOf(5), "missing");
    await storeOf(5, undefined, 2).drop("shard-1-of-3");
    await storeOf(5, undefined, 2).keep("shard-1-of-3", CONTENT);
    assert.equal(await faultOf(5, 2), "found");
  });

  test("an artifact that claims to be from an attempt that has not begun does not count", async () => {
    github.rest.run({ id: 6, sha: "m1" });
    const prefix = NAME.replace(/1$/, "");
    for (const attempt of ["99", "2e0", "0x1", "01", "", " 1"])
      github.artifacts.keep(6, `${prefix}${attempt}`, zip({ name: SHARD_ENTRY, content: Buffer.from("forged") }));
    assert.equal(await faultOf(6), "missing");
    await storeOf(6).keep("shard-1-of-3", CONTENT);
    const lookup = await load(6);
    assert.deepEqual(lookup.kind === "found" && Buffer.from(lookup.packed), CONTENT);
  });

  test("an artifact of a shard job is damaged if its entry, digest or size is wrong, or it has expired", async () => {
    const whole = zip({ name: SHARD_ENTRY, content: CONTENT });
    planted(11, zip({ name: "other", content: CONTENT }));
    planted(12, whole, { digest: null });
    planted(13, whole, { digest: `sha256:${"0".repeat(64)}` });
    planted(14, whole, { size: 1e9 });
    planted(15, whole, { expired: true });
    for (const run of [11, 12, 13, 14, 15]) assert.equal(await faultOf(run), "damaged", `${run}`);
  });

  test("an artifact of a shard job is named in full, whether it is missing, unreachable or damaged", async () => {
    github.rest.run({ id: 17, sha: "m1" });
    assert.equal((await load(17)).where, `artifact ${NAME}`);
    assert.equal((await storeOf(17, "wrong").load("shard-1-of-3")).where, `artifact ${NAME}`);
    planted(18, zip({ name: "other", content: CONTENT }));
    assert.equal((await storeOf(18, github.rest.token, 2).load("shard-1-of-3")).where, `artifact ${NAME}`);
  });

  test("an artifact of a shard job is unreachable, not missing, if GitHub can't be asked", async () => {
    const unreadable = async (token: string | undefined): Promise<string> => {
      const lookup = await storeOf(1, token).load("plan");
      return lookup.kind === "none" ? lookup.why.code : lookup.kind;
    };
    assert.equal(await unreadable(""), "unreachable");
    assert.equal(await unreadable("wrong"), "unreachable");
  });

  test("the artifact names of different checks differ by the settings that decide what is found, not by those for speed", () => {
    const surroundings = {
      directory: "/cpython",
      home: "/home/me",
      cores: 2,
      workDir: "/tmp/w",
      source: { kind: "checkout", path: "/cpython" },
    } as const;
    const named = (raw: Readonly<Record<string, string>>): string => checkName(parseSettings(raw, surroundings), "x64");
    assert.equal(named({ jobs: "7", mode: "report" }), named({}));
    assert.notEqual(named({ torture: "all" }), named({}));
  });
});
