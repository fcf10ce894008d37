import { readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { UserError } from "../model/user-error.ts";
import { writeAtomically } from "../system/atomic-write.ts";
import type { Processes } from "../system/processes.ts";
import { openSource, type SourceTree } from "./source.ts";

const RecordSchema = v.object({ fetchedVersion: v.literal(1), contentHash: v.string() });

/** Records the content of a release's folder after unpacking. */
export async function recordFetched(path: string, { contentHash }: SourceTree): Promise<void> {
  await rm(recordPath(path), { recursive: true, force: true });
  await writeAtomically(recordPath(path), JSON.stringify({ fetchedVersion: 1, contentHash }));
}

/** Undefined if the folder's content differs from its record, or there is no record. */
export async function openFetched(path: string, processes: Processes): Promise<SourceTree | undefined> {
  const text = await readFile(recordPath(path), "utf8").catch(() => "");
  const record = v.safeParse(v.pipe(v.string(), v.parseJson(), RecordSchema), text);
  if (!record.success) return undefined;
  const source = await openSource(path, processes).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  return source?.contentHash === record.output.contentHash ? source : undefined;
}

/** A record beside the folder: `Python-3.13.5` has `fetched-3.13.5.json`. */
function recordPath(path: string): string {
  return join(dirname(path), `fetched-${basename(path).replace(/^Python-/, "")}.json`);
}
