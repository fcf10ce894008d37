// Runs the tests: first those of a few seconds each, then those that build and check a real CPython.
//   --fast       only the first
//   --slow       only those that build CPython several times, or change what it is built from; CI's nightly and .ci/run have them
//   --workflows  only those that run whole workflows
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";

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

// Node's own default leaves one core idle.
const AT_ONCE = [`--test-concurrency=${availableParallelism()}`];

// One file after the other: each uses all of the machine's cores for the tests under memcheck that it starts.
const ONE_BY_ONE = ["--test-concurrency=1"];

function runAll(): boolean {
  if (process.argv.includes("--workflows")) return run("Whole workflows", workflows, ONE_BY_ONE);
  if (process.argv.includes("--slow")) return run("Slow tests with a real CPython", slow, ONE_BY_ONE);
  const isFast = process.argv.includes("--fast");
  return run("Quick tests", quick, AT_ONCE) && (isFast || run("Tests with a real CPython", real, ONE_BY_ONE));
}

process.exitCode = installDependencies() && runAll() ? 0 : 1;
