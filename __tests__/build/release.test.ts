import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fetchRelease, whyNotListed } from "../../src/build/release.ts";
import type { SourceTree } from "../../src/build/source.ts";
import { UserError } from "../../src/model/user-error.ts";
import { Processes } from "../../src/system/processes.ts";
import { CPYTHON_FILES, temporaryFolder, writeFiles } from "../support/folders.ts";
import { QuietProgress } from "../support/progress.ts";

/**
 * Programs that do what apt does, without a network: `apt-get update` and `source`, and `apt-cache showsrc`. Each update writes a line when it begins
 * and ends, and behaves as the file `update` says.
 */
function playedApt(): { work: string; log: string; fetch: (wanted?: string) => Promise<SourceTree>; update: (script: string) => void } {
  const root = temporaryFolder();
  const [bin, log, update] = [join(root, "bin"), join(root, "log"), join(root, "update.sh")];
  writeFiles(root, Object.fromEntries(Object.entries(CPYTHON_FILES).map(([name, text]) => [`tarball/Python-3.13.5/${name}`, text])));
  writeFiles(root, { "update.sh": "exit 0\n" });
  const get = [
    "#!/bin/sh",
    'for last; do :; done; case "$*" in',
    `*" update") echo "begin update" >> ${log}; sleep 0.3; sh ${update}; code=$?; echo "end update" >> ${log}; exit $code;;`,
    `*" source "*) tar -C ${root}/tarball --owner=1234 --group=1234 -cJf python3.13_3.13.5.orig.tar.xz Python-3.13.5; echo "source $last" >> ${log};;`,
    "esac",
  ];
  const cache = ["#!/bin/sh", `sh ${update} > /dev/null 2>&1 || [ -e ${root}/listed ] || exit 0`, "echo Version: 3.13.5-2"];
  for (const [name, lines] of Object.entries({ "apt-get": get, "apt-cache": cache })) {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, name), `${lines.join("\n")}\n`, { mode: 0o755 });
  }
  const work = join(root, "work");
  const tools = { progress: new QuietProgress(), processes: new Processes({ ...process.env, PATH: `${bin}:${process.env.PATH}` }) };
  return {
    work,
    log,
    fetch: (wanted = "3.13") => fetchRelease(wanted, work, tools),
    update: (script) => writeFiles(root, { "update.sh": script, listed: "" }),
  };
}

const lines = (path: string): readonly string[] => (existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : []);

suite("a release that is fetched", () => {
  test("a fetched release is used again as it is, without apt", async () => {
    const { work, log, fetch } = playedApt();
    const source = await fetch();
    assert.deepEqual([source.path, source.version], [join(work, "sources", "Python-3.13.5"), "3.13.5+"]);
    const before = lines(log);
    assert.deepEqual((await fetch()).contentHash, source.contentHash);
    assert.deepEqual(lines(log), before);
    const record = readFileSync(join(work, "sources", "fetched-3.13.5.json"), "utf8");
    assert.equal(record, `{"fetchedVersion":1,"contentHash":"${source.contentHash}"}`);
  });

  test("a fetched release belongs to the user, not to the owner in its tarball, who may not exist in a rootless container", async () => {
    const { path } = await playedApt().fetch();
    assert.equal(statSync(join(path, "configure")).uid, process.getuid?.());
  });

  test("a fetched release is fetched again if a file changed, was added or is gone, or the record is gone", async () => {
    const { log, fetch } = playedApt();
    const source = await fetch();
    for (const change of [
      () => writeFileSync(join(source.path, "Lib/csv.py"), "import evil\n"),
      () => writeFileSync(join(source.path, "Lib/sitecustomize.py"), ""),
      () => rmSync(join(source.path, "configure")),
      () => rmSync(join(source.path, "..", "fetched-3.13.5.json")),
    ]) {
      change();
      const before = lines(log).length;
      assert.equal((await fetch()).contentHash, source.contentHash);
      assert.ok(lines(log).length > before);
      assert.ok(!existsSync(join(source.path, "Lib/sitecustomize.py")));
    }
  });

  test("a fetched release is the one that apt has just verified, not a tarball that tests left there under another suffix", async () => {
    const { work, fetch } = playedApt();
    const forged = temporaryFolder();
    writeFiles(forged, Object.fromEntries(Object.entries(CPYTHON_FILES).map(([name, text]) => [`Python-3.13.5/${name}`, text])));
    writeFiles(forged, { "Python-3.13.5/Lib/csv.py": "forged = True\n" });
    mkdirSync(join(work, "sources"), { recursive: true });
    execFileSync("tar", ["-C", forged, "-czf", join(work, "sources/python3.13_3.13.5.orig.tar.gz"), "Python-3.13.5"]);
    const { path } = await fetch();
    assert.equal(readFileSync(join(path, "Lib/csv.py"), "utf8"), CPYTHON_FILES["Lib/csv.py"]);
  });

  test("a release is fetched once by two checks at once, and apt never runs twice at a time", async () => {
    const { log, fetch } = playedApt();
    const [one, other] = await Promise.all([fetch(), fetch()]);
    assert.equal(one.contentHash, other.contentHash);
    assert.deepEqual(lines(log), ["begin update", "end update", "source python3.13=3.13.5-2"]);
  });

  test("a release is fetched, if it is listed, even if apt's update failed", async () => {
    const { fetch, update } = playedApt();
    update("echo 'E: Some index files failed to download.' >&2; exit 100\n");
    assert.equal((await fetch()).version, "3.13.5+");
  });

  test("a fetched release replaces the remains of a check that was killed while unpacking", async () => {
    const { work, fetch } = playedApt();
    writeFiles(work, { "sources/unpacking-1/x": "", "sources/unpacking-3.13.5/x": "" });
    const source = await fetch();
    assert.ok(!existsSync(join(source.path, "x")));
    assert.deepEqual(
      readdirSync(join(work, "sources")).filter((name) => name.startsWith("unpacking") || name === "lock"),
      [],
    );
  });
});

suite("a release that is not listed", () => {
  test("the error for a release that is not listed quotes apt and its exit code if the update failed", async () => {
    const { fetch, work } = playedApt();
    writeFileSync(join(work, "..", "update.sh"), "echo 'E: Could not get lock /x/lists/lock.' >&2; exit 100\n");
    await assert.rejects(fetch(), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /`apt-get update` failed with exit code 100/);
      assert.match(error.hint ?? "", /Could not get lock \/x\/lists\/lock/);
      return true;
    });
  });

  test("the error for a release that is not listed says that the archive lacks it if all lists were read", () => {
    assert.match(whyNotListed("3.13", { code: 0, timedOut: false, stderr: "W: Unsandboxed\n" }).message, /has no source of CPython 3\.13/);
  });

  test("the error for a release that is not listed says that a list may be unread, although apt exited with 0", () => {
    const stderr =
      "W: Failed to fetch http://mirror.example/dists/sid/InRelease  Could not connect\nW: Some index files failed to download.\n";
    const error = whyNotListed("3.13", { code: 0, timedOut: false, stderr });
    assert.match(error.message, /could not read all lists/);
    assert.match(error.hint ?? "", /Could not connect/);
    assert.match(whyNotListed("3.13", { code: null, timedOut: true, stderr: "" }).message, /took too long/);
  });
});
