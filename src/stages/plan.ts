import type { Python } from "../build/build.ts";
import { commandEnvironment, type Threading, testEnvironment } from "../build/recipe.ts";
import { DEFAULT_TESTS, type Selection, selectAll } from "../build/tests.ts";
import type { Job } from "../engines/job.ts";
import type { Settings } from "../settings/settings.ts";
import type { Scan, Torture } from "../settings/work.ts";
import type { Processes } from "../system/processes.ts";

export interface Plan {
  readonly jobs: readonly Job[];
  /** Test files of `all` that are left out, with the reason. */
  readonly leftOut: Selection["leftOut"];
}

export interface Places {
  /** Folder in which the user's command runs. */
  readonly directory: string;
  /** A folder for regrtest, which creates its own working directories there. */
  readonly scratch: string;
}

/** What runs under memcheck: test files, or the user's command. */
export async function planMemcheck(
  { work, passEnv }: Pick<Settings, "work" | "passEnv">,
  python: Python,
  places: Places,
  processes: Processes,
): Promise<Plan> {
  switch (work.kind) {
    case "suite":
      return { jobs: [], leftOut: [] };
    case "command": {
      const args = ["command", ...work.words];
      const env = commandEnvironment(processes.env, passEnv, python);
      return { jobs: [{ name: work.words.join(" "), args, cwd: places.directory, env }], leftOut: [] };
    }
    case "default-tests":
      return planTests(DEFAULT_TESTS, python, places, processes);
    case "tests":
      return planTests(work.names, python, places, processes);
    case "all-tests": {
      const { names, leftOut } = await selectAll("memcheck", python, places.scratch, processes);
      return planTests(names, python, places, processes, leftOut);
    }
  }
}

/** What the scan runs. */
export async function planScan(scan: Exclude<Scan, { kind: "none" }>, python: Python, places: Places, processes: Processes): Promise<Plan> {
  if (scan.kind === "names") return planTests(scan.names, python, places, processes);
  const { names, leftOut } = await selectAll("scan", python, places.scratch, processes);
  return planTests(names, python, places, processes, leftOut);
}

/** The test files in which allocations are made to fail. */
export async function planTorture(
  torture: Exclude<Torture, { kind: "none" | "changed" }>,
  python: Python,
  places: Places,
  processes: Processes,
): Promise<Plan> {
  if (torture.kind === "names") return planTests(torture.names, python, places, processes);
  const { names, leftOut } = await selectAll("torture", python, places.scratch, processes);
  return planTests(names, python, places, processes, leftOut);
}

/** A job for each test file, in a separate folder. */
export function planTests(
  names: readonly string[],
  python: Threading,
  places: Pick<Places, "scratch">,
  processes: Processes,
  leftOut: Plan["leftOut"] = [],
): Plan {
  const env = testEnvironment(processes.env, python);
  return { jobs: names.map((name) => ({ name, args: ["test", name], cwd: places.scratch, env })), leftOut };
}
