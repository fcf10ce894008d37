// Containers that share one work folder: process ids, abstract sockets and host names of one mean nothing in the other.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Checkout, leak, testFile } from "../support/checkout.ts";
import { ROOT, readReport, run, WORK_DIR } from "../support/command.ts";
import { isolated } from "../support/container.ts";
import { writeFiles } from "../support/folders.ts";
import { type Attack, type Group, inFolder } from "./attack.ts";

const CLI = [process.execPath, join(ROOT, "dist", "cli.js"), "check"] as const;

/** Rounds of checks of a real CPython, which take a hundred times as long as those of a small source. */
const ROUNDS_PER_REAL_ROUND = 20;

/** Runs in a container of its own. */
function contained(words: readonly [string, ...string[]]) {
  const [program, ...args] = isolated("all", words);
  return run(program, args);
}

/** In each round, both at once. @returns how many verdicts there were. */
async function inTwo(rounds: number, check: (own: "one" | "two", other: string) => Promise<void>): Promise<number> {
  for (let round = 0; round < rounds; round++) await Promise.all([check("one", "two"), check("two", "one")]);
  return 2 * rounds;
}

function filesOf(rounds: number): Attack {
  return {
    name: `three containers write one file ${rounds} times each, and hold a run's folder`,
    must: "no file is torn, no write fails, and none removes the folder of another one's run",
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

const MUST = "each verdict is of its own source, and no file is torn";

/** Prints all of its files, slowly, and does not build: what the compiler said is in the report. */
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
            // Where compiled files would be.
            ...Object.fromEntries(["Objects", "Parser", "Programs", "Python"].map((part) => [`${part}/none.txt`, ""])),
            ...Object.fromEntries(["a", "b", "c"].map((name) => [`Modules/${name}.c`, `error: ${name} of source ${source}\n`])),
          });
        const verdicts = await inTwo(rounds, async (own, other) => {
          const report = join(folder, `${own}.json`);
          const flags = ["--source", join(folder, own), "--work-dir", join(folder, "work"), "--report", report, "--tests", "test_csv"];
          const ran = await contained([...CLI, ...flags]);
          if (ran.code !== 2) throw new Error(`exit code ${ran.code}: ${ran.stdout}${ran.stderr}`);
          const said = existsSync(report) ? JSON.stringify(readReport(report).problems) : `no report: ${ran.stdout}${ran.stderr}`;
          const missing = ["a", "b", "c"].filter((name) => !said.includes(`${name} of source ${own}`));
          if (missing.length > 0 || said.includes(`source ${other}`)) throw new Error(`source ${own}: ${said}`);
        });
        return `${verdicts} verdicts, each of its own source`;
      }),
  };
}

function realBuilds(rounds: number): Attack {
  return {
    name: `two containers check a CPython that leaks and one that does not in one work folder, ${rounds} times each`,
    must: MUST,
    attempt: async () => {
      const checkouts = { one: await Checkout.open(), two: await Checkout.open() };
      const name = "test_zz_hostile_shared";
      const words = (own: "one" | "two", record: string) => {
        const { source, baseline, folder } = checkouts[own];
        const flags = ["--source", source, "--baseline", baseline, "--report", join(folder, "report.json"), "--work-dir", WORK_DIR];
        return [...CLI, ...flags, "--tests", name, "--scan", "none", "--record-baseline", record] as const;
      };
      try {
        for (const own of ["one", "two"] as const) {
          checkouts[own].add(`Lib/test/${name}.py`, testFile("pass"));
          const { code, stdout, stderr } = await contained(words(own, "always"));
          if (code !== 0) throw new Error(`nothing could be recorded: ${stdout}${stderr}`);
        }
        checkouts.one.add(`Lib/test/${name}.py`, testFile(leak("list(range(3))")));
        const verdicts = await inTwo(rounds, async (own) => {
          const ran = await contained(words(own, "never"));
          const { verdict, problems } = readReport(join(checkouts[own].folder, "report.json"));
          const must = own === "one" ? [1, "new-errors"] : [0, "clean"];
          if (ran.code !== must[0] || verdict !== must[1]) throw new Error(`source ${own}: ${verdict} ${JSON.stringify(problems)}`);
        });
        return `${verdicts} verdicts, each of its own source`;
      } finally {
        for (const checkout of Object.values(checkouts)) checkout.remove();
      }
    },
  };
}

/** @param isReal whether also on a real CPython, a twentieth of the rounds. */
export function attackByContainers(rounds: number, isReal: boolean): Group {
  const real = isReal ? [realBuilds(Math.ceil(rounds / ROUNDS_PER_REAL_ROUND))] : [];
  return { title: "Containers that share a work folder", attacks: [filesOf(rounds), failingBuilds(rounds), ...real] };
}
