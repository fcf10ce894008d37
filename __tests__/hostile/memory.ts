// Attacks on our own memory, by endless reports.

import { join } from "node:path";
import { run } from "../support/command.ts";
import type { Attack, Group } from "./attack.ts";

const READER = join(import.meta.dirname, "programs", "read-forever.ts");

/** Megabytes. With two test files read at once, a runner with 7 GB has room left for the tests. */
const HEAP = 700;

function reads(kind: string, expected: "complete" | "incomplete", megabytes: number): Attack {
  return {
    name: `a report of ${megabytes} MB of ${kind}`,
    must: `it is read with a heap of ${HEAP} MB, and counts as ${expected}`,
    attempt: async () => {
      const ran = await run(process.execPath, [`--max-old-space-size=${HEAP}`, READER, kind, `${megabytes}`]);
      if (ran.code !== 0 || !ran.stdout.startsWith(`${expected},`))
        throw new Error(`exit code ${ran.code}: ${ran.stdout}${ran.stderr.slice(-200)}`);
      return ran.stdout;
    },
  };
}

export function attackMemory(megabytes: number): Group {
  const kinds = {
    "different errors": "incomplete",
    "different leaks": "incomplete",
    "marks of tests": "complete",
    "one element": "incomplete",
  } as const;
  return { title: "Our own memory", attacks: Object.entries(kinds).map(([kind, expected]) => reads(kind, expected, megabytes)) };
}
