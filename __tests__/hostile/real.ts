// Runs the attacks of test files on a real CPython, several at a time, and judges each by the check's report.

import type { Report } from "../../src/report/report.ts";
import { Checkout, isNewIn, testFile } from "../support/checkout.ts";
import type { Ran } from "../support/command.ts";
import type { Attack, Group } from "./attack.ts";
import type { HostileTest } from "./hostile-test.ts";
import { HOSTILE_TESTS, leftovers, nameOf, textOf } from "./tests.ts";

/** A check of some attacks takes a few minutes. */
const AT_ONCE = { memcheck: 11, scan: 50 };

interface Numbered {
  readonly test: HostileTest;
  readonly index: number;
}

interface Checked {
  readonly ran: Ran;
  readonly report: Report;
  readonly left: readonly string[];
}

/**
 * Groups of attacks, by names. Each group takes two checks: the first records a baseline of test files that do nothing, so only the leaks that the attacks
 * hide prevent a green check.
 */
export function attacksByTests(): Readonly<Record<string, () => Promise<Group>>> {
  const groups: Record<string, () => Promise<Group>> = {};
  for (const engine of ["memcheck", "scan"] as const) {
    const all = HOSTILE_TESTS.map((test, index) => ({ test, index })).filter(({ test }) => (test.only ?? engine) === engine && !test.alone);
    for (let at = 0; at < all.length; at += AT_ONCE[engine]) {
      const name = `${engine}-${at / AT_ONCE[engine] + 1}`;
      groups[name] = () => attack(name, all.slice(at, at + AT_ONCE[engine]), engine);
    }
  }
  const alone = HOSTILE_TESTS.map((test, index) => ({ test, index })).filter((one) => one.test.alone);
  groups.alone = () => attack("alone", alone, "memcheck");
  return groups;
}

async function attack(name: string, some: readonly Numbered[], engine: "memcheck" | "scan"): Promise<Group> {
  const checkout = await Checkout.open();
  try {
    const checked = await checkOf(checkout, some, engine);
    const attacks = [...some.map((one) => judged(one, checked, engine)), sideEffects(checked, engine, name)];
    return { title: `Test files on a real CPython: ${name}`, attacks };
  } finally {
    checkout.remove();
  }
}

async function checkOf(checkout: Checkout, some: readonly Numbered[], engine: "memcheck" | "scan"): Promise<Checked> {
  const names = some.map(({ index }) => nameOf(index));
  const words =
    engine === "scan" ? ["--scan", names.join(" "), "--tests", "test_bisect"] : ["--tests", [...names, "test_bisect"].join(" ")];
  const flags = [...words, "--test-timeout", "40s", "--jobs", "2"];
  for (const { index } of some) checkout.add(`Lib/test/${nameOf(index)}.py`, testFile("pass"));
  await checkout.check([...flags, "--record-baseline", "always"]);
  for (const { test, index } of some) checkout.add(`Lib/test/${nameOf(index)}.py`, textOf(test));
  const { ran, report } = await checkout.check([...flags, "--record-baseline", "never"]);
  return { ran, report, left: leftovers() };
}

function judged({ test, index }: Numbered, { report }: Checked, engine: string): Attack {
  return {
    name: `${engine}: a test file ${test.name}`,
    must: "its leak is found, or it does not count as checked",
    attempt: () => {
      const name = nameOf(index);
      const own = report.tests.find((one) => one.name === name && one.engine === engine);
      if (own === undefined) throw new Error(`the report lacks the test file: ${report.problems.map(({ message }) => message).join(" ")}`);
      if (own.incomplete !== null) return `incomplete: ${own.incomplete.message}`;
      if (isNewIn(report, name)) return "its leak is found";
      if (report.problems.some((problem) => "test" in problem && problem.test === name))
        return `${own.status}, and reported as less than before`;
      throw new Error(`${own.status}, complete, and no leak`);
    },
  };
}

function sideEffects({ ran, report, left }: Checked, engine: string, group: string): Attack {
  return {
    name: `${engine}: all of these, together with an innocent one`,
    must: "the check is not green, an innocent test file is checked, no process is left, and no command or escape code is printed",
    attempt: () => {
      if (ran.code === 0 || report.verdict === "clean") throw new Error(`exit code ${ran.code}`);
      const outcome = outcomeOf("test_bisect", report, group);
      if (left.length > 0) throw new Error(`left: ${left.join("; ")}`);
      const shown = ran.stdout + ran.stderr;
      if (/^\s*::|##\[/m.test(shown) || shown.includes("\u001b]")) throw new Error("it printed a command or an escape code of a test");
      return `exit code ${ran.code}, ${report.verdict}, test_bisect ${outcome}, no process left`;
    },
  };
}

/** The outcome of an innocent test file. @throws Error unless it passed or, after an attack on the check's own files, is reported as not run. */
function outcomeOf(innocent: string, { tests, problems }: Report, group: string): string {
  const run = tests.find(({ name }) => name === innocent);
  if (run?.status === "passed" && run.incomplete === null) return "passed";
  const isReported = problems.some(
    (one) =>
      ("engine" in one && one.code === "engine-failed" && one.engine === "memcheck") ||
      (group === "alone" && "test" in one && one.test === innocent),
  );
  if (isReported) return "reported as not run";
  throw new Error(`${innocent}: ${run?.incomplete?.message}`);
}
