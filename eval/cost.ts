import { readFileSync } from "node:fs";

/** In seconds. CPU times can be compared even if other work shares the machine. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

export async function timed<Result>(work: () => Promise<Result>): Promise<{ cost: Cost; result: Result }> {
  const began = costNow();
  const result = await work();
  return { cost: costSince(began), result };
}

/** The difference of two of these is the cost of the work in between. */
export function costNow(): Cost {
  return { wall: performance.now() / 1000, cpu: cpuSeconds() };
}

export function costSince(began: Cost): Cost {
  const now = costNow();
  return { wall: now.wall - began.wall, cpu: now.cpu - began.cpu };
}

/** CPU seconds of this process and of all its ended descendants that were waited for. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  // See proc_pid_stat(5): what follows the name in parentheses begins with field 3; cutime is field 16, cstime 17, in ticks of 1/100 second.
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100;
}
