// Runs the tests: first those of a few seconds each, then, unless `--fast` is given, those that build and check a real CPython. With `--workflows`
// only those that run whole workflows.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const fast = process.argv.includes("--fast");
const files = globSync("__tests__/**/*.test.ts").sort();
const below = (folder: string): readonly string[] => files.filter((file) => file.startsWith(`__tests__/${folder}/`));
const [real, workflows] = [below("real"), below("workflows")];
const quick = files.filter((file) => !real.includes(file) && !workflows.includes(file));

function run(title: string, chosen: readonly string[], options: readonly string[]): boolean {
  console.log(`\n${title}`);
  const args = ["--disable-warning=ExperimentalWarning", "--test", "--test-reporter=spec", ...options, ...chosen];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0;
}

function installDependencies(): boolean {
  return spawnSync("scripts/install-dependencies", { stdio: "inherit" }).status === 0;
}

// The slow ones one after the other: they share the machine's cores with the tests under memcheck that they start.
const SLOW = ["--test-concurrency=1"];

function runAll(): boolean {
  if (process.argv.includes("--workflows")) return run("Whole workflows", workflows, SLOW);
  return run("Quick tests", quick, []) && (fast || run("Tests with a real CPython", real, SLOW));
}

process.exitCode = installDependencies() && runAll() ? 0 : 1;
