import { readFile } from "node:fs/promises";
import { UserError } from "../model/user-error.ts";
import type { Ended, Processes } from "../system/processes.ts";

/** A build that was cut off: files may be half written, so nothing may continue from it. */
export class BuildCutOff extends UserError {}

/** Undefined if the step ended by itself, successfully or not. */
export function cutOff(step: string, { signal, timedOut, seconds }: Ended, processes: Processes, log: string): BuildCutOff | undefined {
  if (processes.stopped !== undefined) return stopOf(processes);
  const hint = `Its log: ${log}`;
  if (timedOut) return new BuildCutOff(`CPython does not build: \`${step}\` took longer than ${Math.round(seconds)} s.`, { hint });
  if (signal === null || !KILLS.includes(signal)) return undefined;
  const message = `CPython does not build: \`${step}\` was killed (${signal}), perhaps because the machine ran out of memory.`;
  return new BuildCutOff(message, { hint });
}

/** Undefined if the check may continue. */
export function stopOf({ stopped }: Processes): BuildCutOff | undefined {
  return stopped === undefined ? undefined : new BuildCutOff(`The build was stopped: ${stopped}.`);
}

/** Signals that come from outside. */
const KILLS: readonly string[] = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"];

/** The compiler's errors of a failed build, or its last lines, and the path of the log. */
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
