// Runs the tests: first those of a few seconds each, then, unless `--fast` is given, those that build and check a real CPython.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const fast = process.argv.includes("--fast");
const files = globSync("__tests__/**/*.test.ts").sort();
const isReal = (file: string): boolean => file.startsWith("__tests__/real/");

function run(title: string, chosen: readonly string[], options: readonly string[]): boolean {
  console.log(`\n${title}`);
  const args = ["--disable-warning=ExperimentalWarning", "--test", "--test-reporter=spec", ...options, ...chosen];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0;
}

function installDependencies(): boolean {
  return spawnSync("scripts/install-dependencies", { stdio: "inherit" }).status === 0;
}

let passed =
  installDependencies() &&
  run(
    "Quick tests",
    files.filter((file) => !isReal(file)),
    [],
  );
// One after the other: they share the machine's cores with the tests under memcheck that they start.
if (passed && !fast) passed = run("Tests with a real CPython", files.filter(isReal), ["--test-concurrency=1"]);
process.exitCode = passed ? 0 : 1;
