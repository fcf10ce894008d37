// How long a browser takes to load report.html with many findings, and to apply its filters. Needs chromium.
//   npm run bench:page [-- --findings 10000] [--report report.json]
//   npm run bench:page -- --screenshots FOLDER   (screenshots of all parts: wide and narrow, light and dark)
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { htmlReport } from "../src/report/html/html-report.ts";
import type { Report } from "../src/report/report.ts";
import { Chromium, DRAWN, type Look } from "./chromium.ts";
import { INVOKED_IN, readReport } from "./rig.ts";
import { sampleReport } from "./sample-report.ts";

const { values } = parseArgs({
  options: { findings: { type: "string", default: "10000" }, report: { type: "string" }, screenshots: { type: "string" } },
});

const LOOKS: readonly Look[] = [1280, 400].flatMap((width) =>
  (["light", "dark"] as const).map((colors) => ({ width, height: 1600, colors })),
);

/** Expressions in the page, each timed until the browser has drawn the change. */
const ACTIONS = {
  "filter by words": `(form.elements.q.value = "sre pattern_subx_7", form.dispatchEvent(new Event("input")), applied())`,
  "filter by status": `(form.elements.q.value = "", form.elements.s.value = "known", form.dispatchEvent(new Event("input")), applied())`,
  "clear the filters": `(form.reset(), form.dispatchEvent(new Event("input")), applied())`,
  "open the last group": `(document.querySelector("#known").open = true, undefined)`,
  "scroll to its end": `(document.querySelector("#known").lastElementChild.lastElementChild.scrollIntoView(), undefined)`,
};

const PRELUDE = `globalThis.form = document.querySelector("#filters");
globalThis.applied = () => { const before = form.dataset.applied; return new Promise((done) => { const look = () => form.dataset.applied !== before ? done() : setTimeout(look, 2); look(); }); };`;

function reportToShow(): Report {
  return values.report === undefined ? sampleReport(Number(values.findings)) : readReport(resolve(INVOKED_IN, values.report));
}

const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-page-"));
const path = join(folder, "report.html");
try {
  const report = reportToShow();
  const started = performance.now();
  writeFileSync(path, htmlReport(report));
  const made = performance.now() - started;
  console.log(`${report.findings.length} findings: ${(statSync(path).size / 1e6).toFixed(1)} MB, made in ${made.toFixed(0)} ms`);
  using browser = new Chromium();
  await browser.start();
  const url = pathToFileURL(path).href;
  if (values.screenshots === undefined) await measure(browser, url);
  else await takeScreenshots(browser, url, resolve(INVOKED_IN, values.screenshots));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(browser: Chromium, url: string): Promise<void> {
  for (const round of [1, 2, 3]) {
    await timed(browser, `ready, round ${round}`, () => browser.open(url, { width: 1280, height: 900, colors: "light" }));
  }
  await browser.evaluate(PRELUDE);
  for (const [name, expression] of Object.entries(ACTIONS)) {
    await timed(browser, name, () => browser.evaluate(`(async () => { await (${expression}); await ${DRAWN}; })()`));
  }
}

async function timed(browser: Chromium, name: string, act: () => Promise<unknown>): Promise<void> {
  const [start, before] = [performance.now(), browser.cpuSeconds()];
  await act();
  const [wall, cpu] = [performance.now() - start, (browser.cpuSeconds() - before) * 1000];
  console.log(`${name}: ${wall.toFixed(0)} ms, CPU time ${cpu.toFixed(0)} ms`);
}

async function takeScreenshots(browser: Chromium, url: string, into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  for (const look of LOOKS) {
    await browser.open(url, look);
    for (const part of ["main", "findings", "trend", "coverage"]) {
      const scroll = part === "main" ? "scrollTo(0, 0)" : `document.getElementById("${part}").scrollIntoView()`;
      await browser.evaluate(`(${scroll}, ${DRAWN})`);
      writeFileSync(join(into, `${part}-${look.width}-${look.colors}.png`), await browser.screenshot());
    }
  }
}
