// Stored files. Each is written again and again with one number in all of its parts, and read in the way a check reads it.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { folderAt, readStamp, removeStamp, writeStamp } from "../../../src/build/build-folder.ts";
import { BaselineFile } from "../../../src/hosts/common/baseline-file.ts";
import { writeReport } from "../../../src/hosts/common/report-file.ts";
import { BuildDirectory } from "../../../src/hosts/terminal/build-directory.ts";
import { ReportSchema } from "../../../src/report/report.ts";
import { baseline, entry } from "../../support/builders.ts";
import { BY_NAME } from "../../support/locate.ts";
import { report, reported } from "../../support/reports.ts";

export interface Store {
  /** A name for sentences. */
  readonly title: string;
  write(folder: string, number: number): Promise<void>;
  /** The number in all parts; undefined if it counts as missing. @throws Error if it is accepted with more than one number. */
  read(folder: string): Promise<number | undefined>;
}

const PARTS = 300;

/** Number of files in a build; each takes as long to write as another store. */
const FILES = 20;

function only(numbers: readonly number[], parts = PARTS): number {
  const [first, ...others] = new Set(numbers);
  if (first === undefined || others.length > 0 || numbers.length !== parts)
    throw new Error(`a mixture of ${numbers.length} parts is accepted`);
  return first;
}

const BASELINE: Store = {
  title: "a baseline",
  write: async (folder, number) => {
    const findings = Array.from({ length: PARTS }, (_, index) => entry(`f${index}`, { blocks: number }));
    await new BaselineFile(join(folder, "baseline"), "everything").record(baseline({ findings }));
  },
  read: async (folder) => {
    const lookup = await new BaselineFile(join(folder, "baseline"), "everything").load();
    if (lookup.kind === "none") return undefined;
    if (lookup.kind !== "found") throw new Error(JSON.stringify(lookup));
    return only(lookup.baseline.findings.map(({ blocks }) => blocks));
  },
};

const REPORT: Store = {
  title: "a report",
  write: async (folder, number) => {
    const findings = Array.from({ length: PARTS }, () => reported("f", { bytes: number }));
    await writeReport(join(folder, "report.json"), report({ findings }), () => null, BY_NAME);
  },
  read: async (folder) => {
    const path = join(folder, "report.json");
    if (!existsSync(path)) return undefined;
    if (existsSync(join(folder, "report.sarif"))) JSON.parse(readFileSync(join(folder, "report.sarif"), "utf8"));
    return only(v.parse(ReportSchema, JSON.parse(readFileSync(path, "utf8"))).findings.map(({ bytes }) => bytes));
  },
};

const BUILD: Store = {
  title: "a build folder",
  write: async (folder, number) => {
    const build = folderAt(join(folder, "build"));
    mkdirSync(build.tree, { recursive: true });
    await removeStamp(build);
    for (let part = 0; part < FILES; part++) writeFileSync(join(build.tree, `${part}`), `${number}`);
    await writeStamp(build, { key: `${number}`, state: "built", time: number, files: {} });
  },
  read: async (folder) => {
    const build = folderAt(join(folder, "build"));
    const stamp = await readStamp(build);
    if (stamp === undefined) return undefined;
    const parts = Array.from({ length: FILES }, (_, part) => Number(readFileSync(join(build.tree, `${part}`), "utf8")));
    return only([...parts, Number(stamp.key)], FILES + 1);
  },
};

const ARCHIVES: Store = {
  title: "a packed build",
  write: async (folder, number) => {
    const archive = join(folder, "archive");
    writeFileSync(archive, `${number}\n`.repeat(PARTS));
    await new BuildDirectory(join(folder, "kept")).keep(archive, `build-${number}`);
  },
  read: async (folder) => {
    await mkdir(join(folder, "kept"), { recursive: true });
    const restored = join(folder, "restored");
    const lookup = await new BuildDirectory(join(folder, "kept")).restore(restored, "none", ["build-"]);
    if (lookup.kind !== "restored") return undefined;
    const number = only(readFileSync(restored, "utf8").trimEnd().split("\n").map(Number));
    if (lookup.key !== `build-${number}`) throw new Error(`${lookup.key} has ${number} in it`);
    return number;
  },
};

export const STORES = { baseline: BASELINE, report: REPORT, build: BUILD, archives: ARCHIVES } as const;
export type StoreName = keyof typeof STORES;
