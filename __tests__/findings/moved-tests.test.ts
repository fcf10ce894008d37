import assert from "node:assert/strict";
import { test } from "node:test";
import type { History } from "../../src/findings/history.ts";
import { followMovedTests, movedIntoPackage } from "../../src/findings/moved-tests.ts";
import { baseline, entry } from "../support/builders.ts";

const past: History = { kind: "comparable", where: "here", baseline: baseline({ findings: [entry("f")] }, ["test_x", "test_y"]) };

const follow = (moves: readonly [string, string][]) => {
  const history = followMovedTests(past, { moves: new Map(moves), lines: new Map() }, "");
  return history.kind === "comparable" ? [history.baseline.tests.map(({ name }) => name), history.baseline.findings[0]?.test] : [];
};

test("a test file that moved keeps its baseline", () => {
  assert.deepEqual(follow([["Lib/test/test_x.py", "Lib/test/test_pack/test_z.py"]]), [["test_pack.test_z", "test_y"], "test_pack.test_z"]);
});

test("a test file that became a package keeps its name if regrtest does not list the package's files", () => {
  const moves = new Map([["Lib/test/test_x.py", "Lib/test/test_x/test_core.py"]]);
  const changes = { moves, lines: new Map() };
  const namesIf = (listed: readonly string[]) => {
    const history = followMovedTests(past, changes, "", (name) => listed.includes(name));
    return history.kind === "comparable" ? history.baseline.tests.map(({ name }) => name) : [];
  };
  assert.ok(movedIntoPackage(changes));
  assert.deepEqual(namesIf(["test_x", "test_y"]), ["test_x", "test_y"]);
  assert.deepEqual(namesIf(["test_x.test_core", "test_y"]), ["test_x.test_core", "test_y"]);
  assert.ok(!movedIntoPackage({ ...changes, moves: new Map([["Lib/test/test_x.py", "Lib/test/test_z.py"]]) }));
  assert.ok(!movedIntoPackage({ ...changes, moves: new Map([["tests/test_x.py", "tests/unit/test_x.py"]]) }));
});

test("a moved file that is not a test file, before or after, is ignored", () => {
  assert.deepEqual(
    follow([
      ["Lib/test/test_x.py", "Lib/test/support/x.py"],
      ["Modules/test_x.c", "Modules/test_z.c"],
    ]),
    [["test_x", "test_y"], "test_x"],
  );
});

test("a moved test file of a project's own suite keeps its baseline, too", () => {
  const own: History = { ...past, baseline: baseline({}, ["tests/test_x.py"]) };
  const moves = new Map([["tests/test_x.py", "tests/unit/test_x.py"]]);
  const follows = (folder: string | undefined, prefix = "") => {
    const prefixed = [...moves].map(([from, to]) => [prefix + from, prefix + to] as const);
    const moved = followMovedTests(own, { moves: new Map(prefixed), lines: new Map() }, folder);
    return moved.kind === "comparable" ? moved.baseline.tests.map(({ name }) => name) : [];
  };
  assert.deepEqual(follows(""), ["tests/unit/test_x.py"]);
  assert.deepEqual(follows("packages/foo", "packages/foo/"), ["tests/unit/test_x.py"]);
  for (const other of ["packages/bar/", ""]) assert.deepEqual(follows("packages/foo", other), ["tests/test_x.py"]);
  assert.deepEqual(follows(undefined), ["tests/test_x.py"]);
});
