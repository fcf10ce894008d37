import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { type Report, ReportSchema } from "../../src/report/report.ts";

export const ROOT = resolve(import.meta.dirname, "..", "..");

/** Shared by all runs of the tests on this machine, so that CPython is fetched and built once. */
export const WORK_DIR = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, or until the signal is aborted: then it is interrupted. */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd = ROOT,
  signal?: AbortSignal,
): Promise<Ran> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
    signal?.addEventListener("abort", () => child.kill("SIGINT"));
    const texts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text));
    child.once("error", failed);
    child.once("close", (code) => done({ code, ...texts }));
  });
}

/** The shipped terminal command, as a process. */
export function runCommand(args: readonly string[], env: NodeJS.ProcessEnv = process.env, directory = ROOT): Promise<Ran> {
  return run(process.execPath, [join(ROOT, "dist", "cli.js"), ...args], { ...env, INIT_CWD: directory });
}

/** Flags with their values, without those that other flags replace: the command refuses a flag that is given twice. */
export function withDefaults(defaults: readonly string[], flags: readonly string[]): readonly string[] {
  const isReplaced = (name: string): boolean => flags.some((flag) => flag === name || flag.startsWith(`${name}=`));
  return [...defaults.filter((_, index) => !isReplaced(defaults[index - (index % 2)] ?? "")), ...flags];
}

/** The shipped action, as the runner starts it: inputs by environment. */
export function runAction(inputs: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Ran> {
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return run(process.execPath, [join(ROOT, "dist", "main.js")], { ...process.env, ...env, ...Object.fromEntries(given) }, ROOT, signal);
}

/** Reads report.json, and validates it by its schema. */
export function readReport(path: string): Report {
  return v.parse(ReportSchema, JSON.parse(readFileSync(path, "utf8")));
}

/** Asserts the exit code, and shows the output if it differs. */
export function assertExit(ran: Ran, code: number): void {
  assert.equal(ran.code, code, `exit code ${ran.code}\n${ran.stdout}\n${ran.stderr}`);
}
