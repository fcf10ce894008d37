// Runs the tests: first those of a few seconds each, then those that build and check a real CPython.
//   --fast       only the first
//   --slow       those that take minutes and rarely break: several builds of CPython, several machines; CI's nightly and .ci/run have them
//   --workflows  only those that run whole workflows
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { runSideBySide } from "./side-by-side.ts";

const files = globSync("__tests__/**/*.test.ts").sort();
const below = (folder: string): readonly string[] => files.filter((file) => file.startsWith(`__tests__/${folder}/`));
const [real, slow, workflows] = [below("real"), below("slow"), below("workflows")];
const quick = files.filter((file) => ![real, slow, workflows].some((list) => list.includes(file)));

function run(title: string, chosen: readonly string[], options: readonly string[]): boolean {
  console.log(`\n${title}`);
  const args = ["--disable-warning=ExperimentalWarning", "--test", "--test-reporter=spec", ...options, ...chosen];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0;
}

function installDependencies(): boolean {
  return spawnSync("scripts/install-dependencies", { stdio: "inherit" }).status === 0;
}

// Node's default leaves one core idle.
const AT_ONCE = [`--test-concurrency=${availableParallelism()}`];

async function runReal(title: string, chosen: readonly string[]): Promise<boolean> {
  console.log(`\n${title}`);
  const failed = await runSideBySide(chosen);
  console.log(failed.length === 0 ? `\nAll ${chosen.length} files passed` : `\nFailed:\n  ${failed.join("\n  ")}`);
  return failed.length === 0;
}

async function runAll(): Promise<boolean> {
  if (process.argv.includes("--workflows")) return run("Whole workflows", workflows, ["--test-concurrency=1"]);
  if (process.argv.includes("--slow")) return await runReal("Slow tests with a real CPython", slow);
  const isFast = process.argv.includes("--fast");
  return run("Quick tests", quick, AT_ONCE) && (isFast || (await runReal("Tests with a real CPython", real)));
}

process.exitCode = installDependencies() && (await runAll()) ? 0 : 1;
