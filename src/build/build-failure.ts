import { readFile } from "node:fs/promises";
import { UserError } from "../model/user-error.ts";
import type { Ended, Processes } from "../system/processes.ts";

/** A build that did not come to its own end: what it was writing may be half there, and nothing may continue from it. */
export class BuildCutOff extends UserError {}

/** Undefined where a step ended by itself, well or not. */
export function cutOff(step: string, { signal, timedOut, seconds }: Ended, processes: Processes, log: string): BuildCutOff | undefined {
  if (processes.stopped !== undefined) return stopOf(processes);
  const hint = `Its log: ${log}`;
  if (timedOut) return new BuildCutOff(`CPython does not build: \`${step}\` took longer than ${Math.round(seconds)} s.`, { hint });
  if (signal === null || !KILLS.includes(signal)) return undefined;
  const message = `CPython does not build: \`${step}\` was killed (${signal}), perhaps because the machine ran out of memory.`;
  return new BuildCutOff(message, { hint });
}

/** Undefined while the check may go on. */
export function stopOf({ stopped }: Processes): BuildCutOff | undefined {
  return stopped === undefined ? undefined : new BuildCutOff(`The build was stopped: ${stopped}.`);
}

/** Signals that come from outside. */
const KILLS: readonly string[] = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"];

/** A build's failure in the compiler's words: its errors, else its last lines, and where the rest is. */
export async function describeBuildFailure(step: "configure" | "make", log: string): Promise<UserError> {
  const text = await readFile(log, "utf8").catch(() => "");
  return new UserError(`CPython does not build: \`${step}\` failed.`, { hint: `${essence(text)}\nThe whole log: ${log}` });
}

/** Exported for its tests. */
export function essence(log: string): string {
  const lines = log.trim().split("\n");
  if (/No space left on device/.test(log)) return "The disk is full (No space left on device).";
  const errors = lines.filter((line) => /\berror:|undefined reference|\*\*\* .*Error|Killed/.test(line));
  return (errors.length > 0 ? errors.slice(0, 8) : lines.slice(-8)).join("\n");
}
