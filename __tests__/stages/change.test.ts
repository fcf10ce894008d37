import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { History } from "../../src/findings/history.ts";
import { NOTHING } from "../../src/findings/judgement.ts";
import { changesSince, needsChanges } from "../../src/stages/change.ts";
import { Processes } from "../../src/system/processes.ts";
import { baseline, finding } from "../support/builders.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

function git(folder: string, ...args: readonly string[]): string {
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}

/** A repository in which a test file was renamed since the baseline's commit, and the checkout of it that a runner makes by default. */
function renamedSince(): { recorded: History; full: string; shallow: string } {
  const full = temporaryFolder();
  git(full, "init");
  writeFiles(full, { "Lib/test/test_old.py": "import unittest\n".repeat(20) });
  git(full, "add", ".");
  git(full, "commit", "-m", "one");
  const sha = git(full, "rev-parse", "HEAD");
  git(full, "mv", "Lib/test/test_old.py", "Lib/test/test_new.py");
  git(full, "commit", "-m", "two");
  const shallow = join(temporaryFolder(), "shallow");
  git(full, "clone", "--depth=1", `file://${full}`, shallow);
  return { recorded: { kind: "comparable", baseline: baseline({ sha }), where: "here" }, full, shallow };
}

suite("what changed since the baseline's commit", () => {
  test("what changed since the baseline's commit is known of a checkout with that commit", async () => {
    const { recorded, full } = renamedSince();
    const { changes, note } = await changesSince(recorded, full, new Processes(process.env));
    assert.deepEqual([...changes.moves], [["Lib/test/test_old.py", "Lib/test/test_new.py"]]);
    assert.equal(note, undefined);
  });

  test("what changed since the baseline's commit is not known of one without it, and a note names the commit", async () => {
    const { recorded, shallow } = renamedSince();
    const { changes, note } = await changesSince(recorded, shallow, new Processes(process.env));
    assert.equal(changes.moves.size, 0);
    assert.deepEqual(note, { code: "change-unknown", sha: recorded.kind === "comparable" ? recorded.baseline.sha : "" });
  });
});

test("what changed since the baseline matters if something is new or has no record, and not elsewhere", () => {
  const judged = (status: "new" | "unrecorded" | "flaky", isConfirmed: boolean) => ({
    ...NOTHING,
    findings: [{ finding: finding(), status, isConfirmed }],
  });
  assert.equal(needsChanges(judged("new", true)), true);
  assert.equal(needsChanges(judged("unrecorded", false)), true);
  assert.equal(needsChanges(judged("flaky", false)), false);
  assert.equal(needsChanges({ ...NOTHING, problems: [{ code: "test-missing", test: "test_old" }] }), true);
  assert.equal(needsChanges(NOTHING), false);
});
