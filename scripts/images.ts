// Makes the images of README and docs, and README's sample of a terminal, from a real run: a Py_DECREF of CPython's csv module is deleted, and a check
// finds the leak.
//   npm run images [-- FOLDER]
// With FOLDER, the run is kept there and reused the next time. Needs chromium (Debian: apt-get install chromium).
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { Chromium } from "../bench/chromium.ts";
import { endWithSignals, INVOKED_IN, newProcesses, readReport, SILENT, WORK_DIR } from "../bench/rig.ts";
import { fetchRelease } from "../src/build/release.ts";
import { annotationsOf } from "../src/report/annotations.ts";
import { htmlReport } from "../src/report/html/html-report.ts";
import { ReportSchema } from "../src/report/report.ts";
import { diffPage, readmeSample, terminalPage } from "./images/pages.ts";

const FILE = "Modules/_csv.c";
const RELEASED = "        Py_DECREF(field);\n        return -1;\n    }\n    Py_DECREF(field);\n";
const LEAKED = "        Py_DECREF(field);\n        return -1;\n    }\n";

const [given] = process.argv.slice(2);
const folder = given === undefined ? mkdtempSync(join(tmpdir(), "cpython-memcheck-images-")) : resolve(INVOKED_IN, given);
const source = join(folder, "cpython");
const output = join(folder, "output.txt");
const report = join(folder, "report.json");
const processes = newProcesses();
endWithSignals();

function git(...args: readonly string[]): Promise<string> {
  const who = ["-c", "user.name=Someone", "-c", "user.email=someone@localhost", "-c", "commit.gpgsign=false"];
  return processes.output("git", [...who, ...args], { cwd: source });
}

/** In a pseudo-terminal, for colors. */
async function check(): Promise<void> {
  const places = ["--source", source, "--baseline", join(folder, "baseline.json.gz"), "--report", report, "--work-dir", WORK_DIR];
  const words = [process.execPath, "dist/cli.js", "check", "--tests", "test_csv", "--scan", "test_csv", ...places];
  await processes.run("script", ["--quiet", "--return", "--command", words.join(" "), output]);
  if (!existsSync(report)) throw new Error(readFileSync(output, "utf8"));
}

async function runChecks(): Promise<void> {
  const { path } = await fetchRelease("3.13", WORK_DIR, { progress: SILENT, processes });
  mkdirSync(folder, { recursive: true });
  cpSync(path, source, { recursive: true, verbatimSymlinks: true });
  await git("init", "--quiet");
  await git("add", "--all", "--force");
  await git("commit", "--quiet", "--message=CPython");
  await check();
  const text = readFileSync(join(source, FILE), "utf8");
  if (!text.includes(RELEASED)) throw new Error(`${FILE} does not have the expected text.`);
  writeFileSync(
    join(source, FILE),
    text.replace(RELEASED, () => LEAKED),
  );
  await check();
}

async function screenshot(name: string, page: { readonly html: string; readonly width: number; readonly height: number }): Promise<void> {
  const html = join(folder, `${name}.html`);
  writeFileSync(html, page.html);
  const size = `--window-size=${page.width},${page.height}`;
  const look = ["--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=2", size];
  await processes.output("chromium", [...look, `--screenshot=${resolve("docs/images", `${name}.png`)}`, `file://${html}`]);
}

/** Replaces paths of this machine by those that users would see. */
function withUsualPaths(text: string): string {
  return text.replaceAll(WORK_DIR, "~/.cache/cpython-memcheck").replaceAll(`${homedir()}/`, "~/").replaceAll(source, "../cpython");
}

async function pageScreenshot(): Promise<void> {
  const html = join(folder, "page.html");
  writeFileSync(html, htmlReport(v.parse(ReportSchema, JSON.parse(withUsualPaths(readFileSync(report, "utf8"))))));
  using browser = new Chromium();
  await browser.start();
  await browser.open(pathToFileURL(html).href, { width: 1040, height: 860, colors: "light" });
  writeFileSync(resolve("docs/images", "report.png"), await browser.screenshot());
}

function updateReadme(): void {
  const sample = readmeSample(withUsualPaths(readFileSync(output, "utf8")));
  const text = readFileSync("README.md", "utf8");
  const changed = text.replace(/^```\nnew memory leak in [^`]*```$/m, () => `\`\`\`\n${sample}\n\`\`\``);
  if (!changed.includes(sample)) throw new Error("README.md has no sample of a terminal.");
  writeFileSync("README.md", changed);
}

if (!existsSync(join(source, ".git"))) await runChecks();
const [annotation] = annotationsOf(readReport(report), (file) => file).filter(({ level }) => level === "error");
if (annotation?.file !== FILE) throw new Error("The check did not annotate the change.");
await screenshot("annotation", diffPage(await git("diff", "--unified=4"), annotation));
await screenshot(
  "terminal",
  terminalPage("npm run check -- --source ../cpython --tests test_csv --scan test_csv", withUsualPaths(readFileSync(output, "utf8"))),
);
await pageScreenshot();
updateReadme();
