// Containers that share one work folder: process ids, abstract sockets and host names of one have no meaning in another.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/checkout.ts";
import { ROOT, readReport, run, WORK_DIR } from "../support/command.ts";
import { isolated } from "../support/container.ts";
import { writeFiles } from "../support/folders.ts";
import { type Attack, type Group, inFolder } from "./attack.ts";

const CLI = [process.execPath, join(ROOT, "dist", "cli.js"), "check"] as const;

/** A check of a real CPython takes a hundred times as long as one of a small source. */
const ROUNDS_PER_REAL_ROUND = 20;

type Name = "one" | "two";

/** How many tests each source's test file has. */
const COUNTS = { one: 3, two: 5 } as const;

/** Runs in a separate container. */
function contained(words: readonly [string, ...string[]]) {
  const [program, ...args] = isolated("all", words);
  return run(program, args);
}

/** Runs both checks at once in each round. @returns the number of verdicts. */
async function inTwo(rounds: number, check: (own: Name, other: Name) => Promise<void>): Promise<number> {
  for (let round = 0; round < rounds; round++) await Promise.all([check("one", "two"), check("two", "one")]);
  return 2 * rounds;
}

function filesOf(rounds: number): Attack {
  return {
    name: `three containers write one file ${rounds} times each, and hold a run's folder`,
    must: "no file is damaged, no write fails, and no run's folder is removed by another",
    attempt: () =>
      inFolder(async (folder) => {
        const program = join(import.meta.dirname, "..", "system", "programs", "share-folder.ts");
        const words = [process.execPath, "--disable-warning=ExperimentalWarning", program, folder, `${rounds}`] as const;
        const ran = await Promise.all([contained(words), contained(words), contained(words)]);
        const whole = JSON.stringify({ whole: rounds, torn: 0, failed: 0, runFoldersLost: 0 });
        for (const { stdout, stderr } of ran) if (stdout !== whole) throw new Error(stdout + stderr);
        return `${3 * rounds} files were written and read whole`;
      }),
  };
}

const MUST = "each verdict is about its own source, and no file is damaged";

/** Prints all of its files slowly, and fails: the report quotes the compiler's output. */
const FAILING_BUILD = [
  "printf 'all:\\n' > Makefile",
  ...["a", "b", "c"].map((name) => `printf '\\t@cat Modules/${name}.c; sleep 0.02\\n' >> Makefile`),
  "printf '\\t@echo error: it ends here; exit 1\\n' >> Makefile",
];

function failingBuilds(rounds: number): Attack {
  return {
    name: `two containers check two sources in one work folder, ${rounds} times each`,
    must: MUST,
    attempt: () =>
      inFolder(async (folder) => {
        for (const source of ["one", "two"])
          writeFiles(join(folder, source), {
            "Include/patchlevel.h": '#define PY_VERSION "3.13.5"\n',
            configure: `#!/bin/sh\n${FAILING_BUILD.join("\n")}\n`,
            "Lib/test/test_csv.py": "",
            // Folders for compiled files.
            ...Object.fromEntries(["Objects", "Parser", "Programs", "Python"].map((part) => [`${part}/none.txt`, ""])),
            ...Object.fromEntries(["a", "b", "c"].map((name) => [`Modules/${name}.c`, `error: ${name} of source ${source}\n`])),
          });
        const verdicts = await inTwo(rounds, async (own, other) => {
          const report = join(folder, `${own}.json`);
          const flags = ["--source", join(folder, own), "--work-dir", join(folder, "work"), "--report", report, "--tests", "test_csv"];
          const ran = await contained([...CLI, ...flags]);
          if (ran.code !== 2) throw new Error(`exit code ${ran.code}: ${ran.stdout}${ran.stderr}`);
          const reported = existsSync(report) ? JSON.stringify(readReport(report).problems) : `no report: ${ran.stdout}${ran.stderr}`;
          const missing = ["a", "b", "c"].filter((name) => !reported.includes(`${name} of source ${own}`));
          if (missing.length > 0 || reported.includes(`source ${other}`)) throw new Error(`source ${own}: ${reported}`);
        });
        return `${verdicts} verdicts, each of its own source`;
      }),
  };
}

const TEST = "test_zz_hostile_shared";

/** A test file in which each test looks for the name of its source in a compiled module. */
function testsOf(own: Name): string {
  const tests = Array.from(
    { length: COUNTS[own] },
    (_, index) => `    def test_${index}(self): self.assertIn("source ${own}", _bisect.__doc__)\n`,
  );
  return `import _bisect, unittest\nclass T(unittest.TestCase):\n${tests.join("")}`;
}

function realBuilds(rounds: number): Attack {
  return {
    name: `two containers check two versions of CPython in one work folder, ${rounds} times each`,
    must: MUST,
    attempt: async () => {
      const checkouts = { one: await Checkout.open(), two: await Checkout.open() };
      try {
        for (const own of ["one", "two"] as const) {
          checkouts[own].edit("Modules/_bisectmodule.c", "Bisection algorithms.", `Bisection algorithms of source ${own}.`);
          checkouts[own].add(`Lib/test/${TEST}.py`, testsOf(own));
        }
        const verdicts = await inTwo(rounds, async (own) => {
          const { source, baseline, folder } = checkouts[own];
          const report = join(folder, "report.json");
          const what = ["--command", `-m unittest test.${TEST}`, "--scan", "all", "--memcheck-budget", "none"];
          const ran = await contained([
            ...CLI,
            "--source",
            source,
            "--baseline",
            baseline,
            "--report",
            report,
            "--work-dir",
            WORK_DIR,
            ...what,
          ]);
          if (ran.code !== 0) throw new Error(`source ${own}: exit code ${ran.code}: ${ran.stdout}${ran.stderr}`);
          const [test] = readReport(report).tests;
          if (test?.ran !== COUNTS[own]) throw new Error(`source ${own}: ${test?.ran} tests`);
        });
        return `${verdicts} verdicts, each of its own source`;
      } finally {
        for (const checkout of Object.values(checkouts)) checkout.remove();
      }
    },
  };
}

/** @param isReal whether to attack a real CPython, too, with a twentieth of the rounds. */
export function attackByContainers(rounds: number, isReal: boolean): Group {
  const real = isReal ? [realBuilds(Math.ceil(rounds / ROUNDS_PER_REAL_ROUND))] : [];
  return { title: "Containers that share a work folder", attacks: [filesOf(rounds), failingBuilds(rounds), ...real] };
}
