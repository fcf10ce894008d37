// The lines of source around the places of findings, as report.json and report.html show them.

import { realpath } from "node:fs/promises";
import type { Report } from "../report/report.ts";
import type { ReportedFinding } from "../report/reported-finding.ts";
import { readSourceLines } from "../system/source-lines.ts";
import { isForeign } from "./preparation.ts";
import type { CheckContext } from "./stage.ts";

/** Where the checked source is. */
export interface CheckedSource {
  /** Folders that findings' files are relative to, without links; the first that has a file counts. */
  readonly roots: readonly string[];
  /** By file, the SHA-256 of what was checked; a file with another content is not shown. Files that it lacks are shown as they are. */
  readonly files: ReadonlyMap<string, { readonly hash: string }>;
}

interface Checked {
  readonly settings: Pick<CheckContext["settings"], "work" | "source">;
  readonly prepared: { readonly source: Pick<CheckContext["prepared"]["source"], "files"> };
  readonly runContext: { readonly project: Pick<CheckContext["runContext"]["project"], "roots"> };
}

/** Before any test runs, which may put a link in the place of a folder. */
export async function checkedSource({ settings, prepared, runContext }: Checked): Promise<CheckedSource> {
  const roots = await Promise.all(runContext.project.roots.map((root) => realpath(root).catch(() => root)));
  // An extension's own files were not read before the check.
  return { roots, files: isForeign(settings) ? new Map() : prepared.source.files };
}

/** Findings with one, worst first: a first run of a whole suite has thousands. */
const MAX_EXCERPTS = 300;
const LINES_BEFORE = 4;
const LINES_AFTER = 3;
/** Characters. Generated code has lines of thousands. */
const MAX_LINE = 200;

type Excerpt = ReportedFinding["excerpt"];

/** The report with excerpts of the checked source, for as many findings as get one. What cannot be read safely is left out. */
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

/** Null where the file has no such line. */
function excerptOf(all: readonly string[], line: number): Excerpt {
  if (line < 1 || line > all.length) return null;
  const first = Math.max(1, line - LINES_BEFORE);
  const lines = all.slice(first - 1, line + LINES_AFTER).map((text) => text.replace(/\r$/, "").slice(0, MAX_LINE));
  return { first, lines };
}
