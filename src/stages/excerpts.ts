// Source lines around findings, for report.json and report.html.

import { realpath } from "node:fs/promises";
import type { Report } from "../report/report.ts";
import type { ReportedFinding } from "../report/reported-finding.ts";
import { readSourceLines } from "../system/source-lines.ts";
import { isForeign } from "./preparation.ts";
import type { CheckContext } from "./stage.ts";

/** Location and content of the checked source. */
export interface CheckedSource {
  /** Folders that findings' files are relative to, without symbolic links. The first that contains a file is used. */
  readonly roots: readonly string[];
  /** SHA-256 of the checked content, by file. A file whose content has changed is not shown. Files without a hash are shown as they are. */
  readonly files: ReadonlyMap<string, { readonly hash: string }>;
}

interface Checked {
  readonly settings: Pick<CheckContext["settings"], "work" | "source">;
  readonly prepared: { readonly source: Pick<CheckContext["prepared"]["source"], "files"> };
  readonly runContext: { readonly project: Pick<CheckContext["runContext"]["project"], "roots"> };
}

/** Called before any test runs, because a test may replace a folder by a symbolic link. */
export async function checkedSource({ settings, prepared, runContext }: Checked): Promise<CheckedSource> {
  const roots = await Promise.all(runContext.project.roots.map((root) => realpath(root).catch(() => root)));
  // There are no hashes of an extension's files from before the tests ran.
  return { roots, files: isForeign(settings) ? new Map() : prepared.source.files };
}

/** Maximum number of findings with an excerpt, worst first: a first run of a whole suite has thousands of findings. */
const MAX_EXCERPTS = 300;
const LINES_BEFORE = 4;
const LINES_AFTER = 3;
/** In characters. Generated code can have lines of thousands. */
const MAX_LINE = 200;

type Excerpt = ReportedFinding["excerpt"];

/** Adds excerpts of the checked source to the first findings of a report. Files that cannot be read safely are left out. */
export async function addExcerpts(report: Report, source: CheckedSource): Promise<Report> {
  const shown = report.findings.filter(({ site }) => site.file !== null && site.line !== null).slice(0, MAX_EXCERPTS);
  const excerpts = new Map<ReportedFinding, Excerpt>();
  for (const [file, findings] of Map.groupBy(shown, ({ site }) => site.file ?? "")) {
    const lines = await readFrom(source, file);
    for (const finding of findings) excerpts.set(finding, lines === undefined ? null : excerptOf(lines, finding.site.line ?? 0));
  }
  return { ...report, findings: report.findings.map((finding) => ({ ...finding, excerpt: excerpts.get(finding) ?? null })) };
}

async function readFrom({ roots, files }: CheckedSource, file: string): Promise<readonly string[] | undefined> {
  for (const root of roots) {
    const lines = await readSourceLines(root, file, files.get(file)?.hash);
    if (lines !== undefined) return lines;
  }
  return undefined;
}

/** Null if the file has no such line. */
function excerptOf(all: readonly string[], line: number): Excerpt {
  if (line < 1 || line > all.length) return null;
  const first = Math.max(1, line - LINES_BEFORE);
  const lines = all.slice(first - 1, line + LINES_AFTER).map((text) => text.replace(/\r$/, "").slice(0, MAX_LINE));
  return { first, lines };
}
