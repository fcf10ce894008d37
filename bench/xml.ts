// Compares the speed and memory of the reader, for a large report, with Python's expat on the same file.
// `bench/xml.ts [--megabytes N] [report.xml]`; exits with 0 if the reader has a third of expat's speed and stays under 200 MB.

import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, open, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { readMemcheckXml } from "../src/engines/memcheck/xml-reader.ts";
import { incompleteInWords } from "../src/report/incomplete-messages.ts";

const RECORDED = new URL("../__tests__/engines/memcheck/xml/cpython-leaks.xml", import.meta.url);
const ROUNDS = 3;
const SLOWEST_RATIO = 1 / 3;
const MAX_PEAK_BYTES = 200e6;
const EXPAT = `
import json, resource, sys, time
from xml.parsers import expat
count = 0
def start(name, attributes):
    global count
    count += 1
parser = expat.ParserCreate()
parser.StartElementHandler = start
began = time.perf_counter()
with open(sys.argv[1], "rb") as file:
    while chunk := file.read(65536):
        parser.Parse(chunk, False)
parser.Parse(b"", True)
print(json.dumps({"seconds": time.perf_counter() - began, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
`;

/** Seconds of reading, without the start of the process, and the process's peak resident set in bytes. */
interface Measured {
  readonly seconds: number;
  readonly peak: number;
}

const { values, positionals } = parseArgs({
  options: { megabytes: { type: "string", default: "1000" }, read: { type: "string" } },
  allowPositionals: true,
});
if (values.read === undefined) process.exitCode = await compare(positionals[0] ?? RECORDED, Number(values.megabytes));
else process.stdout.write(JSON.stringify(await readFileOnce(values.read)));

async function compare(recorded: string | URL, megabytes: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "xml-bench-"));
  try {
    const file = join(folder, "large.xml");
    await repeatErrors(recorded, file, megabytes * 1e6);
    return report((await stat(file)).size, await alternate(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a copy of this report in which everything from the first error to the last is repeated. */
async function repeatErrors(from: string | URL, to: string, size: number): Promise<void> {
  const content = await readFile(from);
  const [start, end] = [content.indexOf("<error>"), content.lastIndexOf("</error>") + "</error>\n".length];
  const errors = content.subarray(start, end);
  const file = await open(to, "w");
  await file.write(content.subarray(0, start));
  for (let written = 0; written < size; written += errors.length) await file.write(errors);
  await file.write(content.subarray(end));
  await file.close();
}

/** Measures both in turns, so that other load on the machine slows both. */
async function alternate(file: string): Promise<{ ours: Measured[]; expat: Measured[] }> {
  const [ours, expat]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await measure(process.execPath, [fileURLToPath(import.meta.url), "--read", file]));
    expat.push(await measure("python3", ["-c", EXPAT, file]));
  }
  return { ours, expat };
}

async function measure(program: string, words: readonly string[]): Promise<Measured> {
  return JSON.parse((await promisify(execFile)(program, words)).stdout);
}

async function readFileOnce(file: string): Promise<Measured> {
  const began = performance.now();
  const events = readMemcheckXml(createReadStream(file));
  for (let step = await events.next(); ; step = await events.next()) {
    if (!step.done) continue;
    if (!step.value.complete) throw new Error(`The large report was not read to its end: ${incompleteInWords(step.value.fault)}`);
    return { seconds: (performance.now() - began) / 1000, peak: process.resourceUsage().maxRSS * 1024 };
  }
}

function report(size: number, { ours, expat }: { ours: Measured[]; expat: Measured[] }): number {
  const speed = (runs: readonly Measured[]): number => size / 1e6 / median(runs.map(({ seconds }) => seconds));
  const ratio = speed(ours) / speed(expat);
  const peak = Math.max(...ours.map((run) => run.peak));
  console.log(`file    ${(size / 1e6).toFixed(0)} MB, medians of ${ROUNDS} runs each`);
  console.log(`reader  ${speed(ours).toFixed(1)} MB/s, peak ${(peak / 1e6).toFixed(0)} MB`);
  console.log(`expat   ${speed(expat).toFixed(1)} MB/s`);
  console.log(`ratio   ${ratio.toFixed(2)} (at least ${SLOWEST_RATIO.toFixed(2)}, with a peak under ${MAX_PEAK_BYTES / 1e6} MB)`);
  return ratio >= SLOWEST_RATIO && peak < MAX_PEAK_BYTES ? 0 : 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
