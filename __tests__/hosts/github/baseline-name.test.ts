import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { baselineName } from "../../../src/hosts/github/baseline-name.ts";
import type { JobIdentity } from "../../../src/hosts/github/job-identity.ts";
import { parseSettings } from "../../../src/settings/settings.ts";

const JOB: JobIdentity = { job: "memcheck", step: "__self", system: "ubuntu-24.04", architecture: "x64" };

function nameOf(raw: Record<string, string> = {}, job: Partial<JobIdentity> = {}, directory = "/w", python = "3.13"): string {
  const source = { kind: "checkout", path: directory } as const;
  const settings = parseSettings(raw, { directory, home: "/home/me", cores: 4, workDir: "/tmp/work", source });
  return baselineName(settings, python, { ...JOB, ...job });
}

suite("the name of a baseline's artifact", () => {
  test("the name of a baseline's artifact is readable, and valid for an artifact", () => {
    assert.match(nameOf(), /^memcheck-baseline-v\d+-memcheck-3\.13-[0-9a-f]{12}$/);
    assert.match(nameOf({}, { job: 'a/b:"c"' }), /^memcheck-baseline-v\d+-a-b--c--3\.13-/);
  });

  const distinct: Readonly<Record<string, string>> = {
    "another job": nameOf({}, { job: "other" }),
    "another step": nameOf({}, { step: "__self_2" }),
    "another system": nameOf({}, { system: "ubuntu-22.04" }),
    "another architecture": nameOf({}, { architecture: "arm64" }),
    "another Python of the checkout": nameOf({}, {}, "/w", "3.14"),
    "another place of the source": nameOf({ source: "cpython" }),
    "a release": nameOf({ "python-version": "3.13" }),
    "a certain release": nameOf({ "python-version": "3.13.5" }),
    "a free-threaded Python": nameOf({}, {}, "/w", "3.13t"),
    "an installed Python": nameOf({ python: "python3", command: "-m pytest" }),
    "an installed free-threaded Python": nameOf({ python: "python3", command: "-m pytest" }, {}, "/w", "3.13t"),
    "packages to install": nameOf({ command: "-m pytest", install: "numpy<2" }),
    "other packages to install": nameOf({ command: "-m pytest", install: "numpy>2" }),
    "a command without forks": nameOf({ command: "-m pytest", fork: "no" }),
    "other tests": nameOf({ tests: "test_csv" }),
    "another scan": nameOf({ scan: "test_csv" }),
    "no scan": nameOf({ scan: "none" }),
    "other suppressions": nameOf({ suppressions: "a.supp" }),
    torture: nameOf({ torture: "test_csv" }),
    "a command": nameOf({ command: "-m pytest" }),
    "a command in a folder": nameOf({ command: "-m pytest", directory: "packages/foo" }),
    "a command in another folder": nameOf({ command: "-m pytest", directory: "packages/bar" }),
    "a command without memcheck": nameOf({ command: "-m pytest", "memcheck-budget": "none" }),
    "a choice of tests without memcheck": nameOf({ affected: "auto", "memcheck-budget": "none" }),
    "another way to build": nameOf({ "configure-args": "--with-pydebug" }),
    "other arguments of valgrind": nameOf({ "valgrind-args": "--track-origins=yes" }),
    "another leak check": nameOf({ "leak-check": "none" }),
  };
  test("the name of a baseline's artifact distinguishes the checks of one workflow", () => {
    const names = [nameOf(), ...Object.values(distinct)];
    assert.equal(new Set(names).size, names.length, JSON.stringify(distinct));
  });

  test("the name of a baseline's artifact stays when only how the check works changes, or where the runner put it", () => {
    const same = [{ jobs: "3" }, { "fail-on": "none" }, { "work-dir": "/x" }, { comment: "x" }, { "test-timeout": "1h" }];
    const recorded = { affected: "auto", scan: "all" };
    // What it finds is judged by the change.
    assert.equal(nameOf({ ...recorded, torture: "changed" }), nameOf(recorded));
    for (const raw of same) assert.equal(nameOf(raw), nameOf(), JSON.stringify(raw));
    const inFolder = { "python-version": "3.13", command: "-m pytest", directory: "packages/foo", suppressions: "a.supp" };
    assert.equal(nameOf(inFolder, {}, "/elsewhere"), nameOf(inFolder));
    assert.equal(nameOf({ command: "-m pytest", directory: "." }), nameOf({ command: "-m pytest" }));
    const placed = { source: "cpython", suppressions: "a.supp" };
    assert.equal(nameOf(placed, {}, "/elsewhere"), nameOf(placed));
  });
});
