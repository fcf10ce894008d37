import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/install-dependencies");

/** Runs it as a user with sudo, with these commands of a shell as dpkg-query. Returns the calls of apt-get. */
function run(query: string): readonly string[] {
  const folder = temporaryFolder();
  const calls = join(folder, "calls");
  const programs = {
    id: "echo 1000",
    "dpkg-query": query,
    // Like sudo's env_reset.
    sudo: 'exec env -i PATH="$PATH" "$@"',
    "apt-get": `echo "$DEBIAN_FRONTEND $*" >> ${calls}`,
  };
  writeFiles(folder, Object.fromEntries(Object.entries(programs).map(([name, text]) => [`${name}.sh`, `#!/bin/sh\n${text}\n`])));
  const links = Object.keys(programs).map((name) => `ln -s ${name}.sh ${folder}/${name}`);
  spawnSync("sh", ["-ec", links.join("\n")]);
  const { status, stderr } = spawnSync(SCRIPT, { env: { PATH: `${folder}:${process.env.PATH}` }, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return existsSync(calls) ? readFileSync(calls, "utf8").trimEnd().split("\n") : [];
}

/** Like `dpkg-query -W -f FORMAT PACKAGE`, for a package with a state for each of its architectures. */
function query(...states: readonly string[]): string {
  return states.map((state) => `printf "$(printf %s "$3" | sed 's/.{db:Status-Status}/${state}/')"`).join("\n");
}

suite("the installation of packages", () => {
  test("the installation of packages asks no questions, although sudo clears the environment", () => {
    const calls = run("exit 1");
    assert.deepEqual(
      calls.map((call) => call.split(" ", 1)[0]),
      ["noninteractive", "noninteractive"],
    );
    assert.match(calls[1] ?? "", / install .* valgrind /);
  });

  test("the installation of packages has nothing to do for packages that are installed, also for two architectures", () => {
    assert.deepEqual(run(query("installed")), []);
    assert.deepEqual(run(query("installed", "installed")), []);
  });

  test("the installation of packages installs those that were removed but for their settings", () => {
    assert.equal(run(query("config-files")).length, 2);
  });
});
