// The fuzzed functions. Each takes any bytes, and throws if something forbidden happened.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import * as v from "valibot";
import { fileWith, inChunks } from "../__tests__/engines/memcheck/xml-files.ts";
import { SOURCE } from "../__tests__/support/prepared.ts";
import { plan } from "../__tests__/support/shards.ts";
import { tar } from "../__tests__/support/tar.ts";
import { parseAptSources, sourceLines } from "../src/build/apt-archive.ts";
import { unpackBuild } from "../src/build/build-archive.ts";
import { folderAt, readStamp } from "../src/build/build-folder.ts";
import { readMemcheckXml } from "../src/engines/memcheck/xml-reader.ts";
import { ProcessReport } from "../src/engines/process-report.ts";
import { readJournal } from "../src/engines/scan/journal.ts";
import { suppressionFor } from "../src/engines/scan/suppressions.ts";
import { AnswerReader, Symbols } from "../src/engines/scan/symbols.ts";
import { incompatibility, upgradeSignatures } from "../src/findings/baseline.ts";
import { compare } from "../src/findings/compare.ts";
import { parseSymbols } from "../src/findings/function-table.ts";
import { FindingCollection, findingOf } from "../src/findings/make-finding.ts";
import { NO_EVIDENCE } from "../src/findings/match.ts";
import { parseLeakSuppressions } from "../src/findings/suppression-file.ts";
import { parseDiff } from "../src/git/changes.ts";
import { decodeBaseline, encodeBaseline } from "../src/hosts/common/baseline-file.ts";
import { ArchiveError, BASELINE_ENTRY, unpackEntry } from "../src/hosts/github/archive.ts";
import { readEvent } from "../src/hosts/github/event.ts";
import type { EngineEvent, MemoryError } from "../src/model/memory-error.ts";
import { UserError } from "../src/model/user-error.ts";
import { MARK, parseLine, parseMessage } from "../src/probe/protocol.ts";
import { allAnnotations } from "../src/report/annotations.ts";
import { htmlText, logText, markdownBlock, markdownCode, markdownText, printable } from "../src/report/escape.ts";
import { markdownReport } from "../src/report/markdown.ts";
import { problemMessage } from "../src/report/messages.ts";
import { ReportSchema } from "../src/report/report.ts";
import { sarifReport } from "../src/report/sarif.ts";
import { commentReport } from "../src/report/short-report.ts";
import { PLAIN } from "../src/report/style.ts";
import { textReport } from "../src/report/text.ts";
import { readRepositorySettings } from "../src/settings/repository-settings.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { quoteWord, splitWords } from "../src/settings/shell-words.ts";
import { gatherShards } from "../src/shards/gather.ts";
import { ShardPlanSchema } from "../src/shards/shard-plan.ts";
import { decodeStored } from "../src/shards/stored-file.ts";
import { Processes } from "../src/system/processes.ts";

export type Target = (bytes: Uint8Array, folder: string) => void | Promise<void>;

const PROJECT = { roots: ["/tree"] };

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** Passes a file's bytes through everything that reads a process's report. Returns the events, and how reading ended. */
async function readXml(bytes: Uint8Array, chunk: number): Promise<string> {
  const [events, report, findings]: [EngineEvent[], ProcessReport, FindingCollection] = [
    [],
    new ProcessReport("live"),
    new FindingCollection(),
  ];
  const reading = readMemcheckXml(inChunks(bytes, [chunk]));
  for (let step = await reading.next(); ; step = await reading.next()) {
    if (step.done) {
      findings.all();
      return JSON.stringify([events, step.value]);
    }
    events.push(step.value);
    for (const observed of report.take(step.value)) findings.add(findingOf({ ...observed, engine: "memcheck", testFile: "t" }, PROJECT));
  }
}

async function xml(bytes: Uint8Array): Promise<void> {
  assert.equal(await readXml(bytes, 7), await readXml(bytes, 4096), "the result depends on the chunks");
}

class NoSymbols extends Symbols {
  override async learn(): Promise<void> {}
}

/** Unpacks a build. Its entries are separated by NULs; each has a type, a name and, after a tab, a content. */
async function buildArchive(bytes: Uint8Array, folder: string): Promise<void> {
  const [source, archive, build] = [join(folder, "source"), join(folder, "archive"), folderAt(join(folder, "build"))];
  for (const path of [source, build.path]) rmSync(path, { recursive: true, force: true });
  for (const path of [join(source, "Lib"), build.path]) mkdirSync(path, { recursive: true });
  writeFileSync(join(source, "Lib/a.py"), "mine");
  const entries = text(bytes)
    .split("\0")
    .map((entry) => entry.split("\t"))
    .map(([name = "", ...rest]) => ({ type: name.slice(0, 1), name: name.slice(1), content: rest.join("\t") }));
  writeFileSync(archive, zstdCompressSync(tar(...entries)));
  const files = new Map([["Lib/a.py", { hash: "a", kind: "file" }]] as const);
  const destination = { folder: build, recipeKey: "r", key: "r-k", source: { ...SOURCE, path: source, files } };
  const { kind } = await unpackBuild(archive, destination, new Processes(process.env));
  assert.deepEqual(readdirSync(folder).sort(), ["archive", "build", "source"]);
  assert.deepEqual(readdirSync(source, { recursive: true }), ["Lib", "Lib/a.py"]);
  assert.equal(readFileSync(join(source, "Lib/a.py"), "utf8"), "mine");
  assert.deepEqual(readdirSync(build.path), kind === "unpacked" ? ["tree"] : []);
  for (const name of readdirSync(build.path, { recursive: true, encoding: "utf8" })) {
    const path = join(build.path, name);
    assert.ok(realpathSync(path).startsWith(`${realpathSync(build.path)}/`), `${name} leads out`);
    assert.ok(statSync(path).isFile() || statSync(path).isDirectory(), `${name} is not a file`);
  }
}

/** An error with these lines as its stack. */
function errorOf(lines: readonly string[]): MemoryError {
  const frames = lines.map((line, index) => {
    const [name = "", file = "", object = ""] = line.split("\t");
    return { address: `0x${index}`, function: name, file, directory: "/tree/Modules", object };
  });
  return {
    unique: "0x0",
    kind: lines[0]?.startsWith("L") ? "Leak_DefinitelyLost" : "InvalidRead",
    what: lines[0] ?? "",
    frames,
    auxiliary: [],
  };
}

function only(kind: new (...args: never[]) => Error, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
  }
}

async function onlyAsync(kind: new (...args: never[]) => Error, work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof kind)) throw error;
  });
}

const HERE = { directory: "/x", home: "/home", cores: 2, workDir: "/w", source: { kind: "checkout", path: "/x" } } as const;
const IDENTITY = {
  python: "",
  check: 1,
  valgrind: "",
  compiler: "",
  libc: "",
  architecture: "",
  configureArgs: [],
  valgrindArgs: [],
  leakCheck: "live",
  children: false,
};

export const TARGETS: Readonly<Record<string, Target>> = {
  xml,
  "xml-body": (bytes) => xml(Buffer.from(fileWith(text(bytes)))),
  journal: async (bytes, folder) => {
    const path = join(folder, "journal");
    writeFileSync(path, bytes);
    const report = new ProcessReport("live");
    const reading = readJournal(path, new NoSymbols(new Processes(process.env)), () => undefined);
    for (let step = await reading.next(); !step.done; step = await reading.next()) report.take(step.value);
  },
  mark: (bytes) => {
    parseLine(MARK + text(bytes));
    parseMessage(text(bytes));
  },
  symbols: (bytes) => {
    const reader = new AnswerReader("/o");
    for (const line of text(bytes).split("\n")) reader.take(line);
    parseSymbols(text(bytes));
  },
  suppressions: (bytes) => {
    const [stack = "", ...rest] = text(bytes).split("\u0000");
    const frames = errorOf(stack.split("\n").slice(0, 30));
    only(UserError, () => suppressionFor(frames, parseLeakSuppressions(rest.join("\u0000"), "fuzzed")));
  },
  signature: (bytes) => {
    const error = errorOf(text(bytes).split("\n"));
    const moved = { ...error, frames: error.frames.map((frame) => ({ ...frame, address: `${frame.address}0`, line: 5 })) };
    const [one, other] = [error, moved].map((each) =>
      findingOf({ engine: "memcheck", error: each, testFile: "t", testId: null, objects: [] }, PROJECT),
    );
    assert.equal(one?.signature, other?.signature, "the signature depends on addresses or lines");
    assert.match(one?.signature ?? "", /^[0-9a-f]{16}$/);
  },
  baseline: (bytes) => {
    const lookup = decodeBaseline(gzipSync(bytes, { level: 0 }), "here");
    if (lookup.kind !== "found") return;
    incompatibility(lookup.baseline, IDENTITY);
    const today = upgradeSignatures(lookup.baseline);
    compare(
      today,
      today.tests.map(({ name }) => name),
      [],
      NO_EVIDENCE,
    );
    assert.deepEqual(decodeBaseline(encodeBaseline(lookup.baseline), "here"), lookup);
  },
  "baseline-bytes": (bytes) => {
    decodeBaseline(bytes, "here");
  },
  plan: (bytes) => {
    const decoded = decodeStored(ShardPlanSchema, gzipSync(bytes, { level: 0 }));
    if ("value" in decoded) gatherShards(decoded.value, new Map());
  },
  shard: (bytes) => {
    const lookup = { kind: "found", where: "here", packed: gzipSync(bytes, { level: 0 }) } as const;
    const { problems } = gatherShards(plan(), new Map([["shard-1-of-2", lookup]]));
    for (const problem of problems) problemMessage(problem);
  },
  archive: (bytes) => onlyAsync(ArchiveError, () => unpackEntry(bytes, BASELINE_ENTRY)),
  report: (bytes) => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ReportSchema), text(bytes));
    if (!parsed.success) return;
    const report = parsed.output;
    JSON.stringify(
      sarifReport(
        report,
        (file) => file,
        (test) => test,
      ),
    );
    allAnnotations(report, (file) => file);
    const shown = [textReport(report, PLAIN), markdownReport(report), commentReport(report, { title: "x", key: "" }, { sha: "", url: "" })];
    for (const one of shown) assert.doesNotMatch(one, /[^\P{Cc}\n]|\p{Cs}/u);
  },
  "build-archive": buildArchive,
  stamp: async (bytes, folder) => {
    writeFileSync(join(folder, "stamp.json"), bytes);
    const stamp = await readStamp({ ...folderAt(folder), tree: folder });
    for (const name of Object.keys(stamp?.files ?? {})) assert.ok(join(folder, name).startsWith(`${folder}/`), name);
  },
  "repository-settings": async (bytes, folder) => {
    writeFileSync(join(folder, ".memcheck.toml"), bytes);
    await onlyAsync(UserError, () => readRepositorySettings(folder, "2026-06-01"));
  },
  settings: (bytes) => {
    const words = text(bytes).split("\n");
    const raw: Record<string, string> = {};
    for (let index = 0; index + 1 < words.length; index += 2) raw[words[index] ?? ""] = words[index + 1] ?? "";
    only(UserError, () => parseSettings(raw, HERE));
  },
  "shell-words": (bytes) => {
    splitWords(text(bytes));
    assert.deepEqual(splitWords(quoteWord(text(bytes))), [text(bytes)]);
  },
  event: async (bytes, folder) => {
    const path = join(folder, "event.json");
    writeFileSync(path, bytes);
    for (const name of ["push", "pull_request", "schedule"]) {
      await onlyAsync(UserError, () => readEvent({ GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_REF: "refs/heads/main" }));
    }
  },
  diff: (bytes) => {
    parseDiff(text(bytes));
  },
  apt: (bytes) => {
    const files = [
      { file: "a.sources", text: text(bytes) },
      { file: "a.list", text: text(bytes) },
    ];
    const archive = parseAptSources(files, "ID=debian\nVERSION_CODENAME=bookworm\n");
    if (archive !== undefined) sourceLines(archive);
  },
  escape: (bytes) => {
    const raw = text(bytes);
    assert.doesNotMatch(printable(raw), /[^\P{C}\n\p{Cn}\p{Co}]/u);
    assert.doesNotMatch(logText(raw), /^\s*::|##\[/m);
    assert.doesNotMatch(markdownText(raw), /<|(?<!\\)[[\]`*_]|@\w|\n/);
    assert.doesNotMatch(htmlText(raw), /[<>\n]|@\w/);
    const block = markdownBlock(raw);
    const fence = /^`+/.exec(block)?.[0] ?? "";
    assert.ok(!block.slice(fence.length, -fence.length).includes(fence), "a block ends early");
    assert.doesNotMatch(markdownCode(raw), /\n/);
  },
};
