import { createHash } from "node:crypto";
import * as v from "valibot";
import { MAX_STORED } from "../../model/limits.ts";
import { ArchiveError } from "./archive.ts";
import type { Reader } from "./reader.ts";
import { type Artifact, ArtifactSchema, EVENTS, type Run, RunSchema, rejectRun, type TrustRule } from "./trust.ts";

const ListSchema = v.object({ artifacts: v.array(ArtifactSchema) });
const RunsSchema = v.object({ workflow_runs: v.array(RunSchema) });
const PAGE = 100;
/** Three thousand artifacts: thirty for each day that GitHub keeps them. */
const MAX_PAGES = 30;
/** GitHub lists at most a thousand runs for a branch and an event. */
const MAX_RUN_PAGES = 10;

/** A listing. If it is truncated, nothing follows from a missing entry. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly isCut: boolean;
}

/** All artifacts of a name, from any run and author. @throws ReadingError */
export async function listArtifacts(reader: Reader, repository: string, name: string): Promise<Listing<Artifact>> {
  const path = `/repos/${repository}/actions/artifacts?name=${encodeURIComponent(name)}`;
  const { items, isCut } = await readPages(MAX_PAGES, async (page) => (await reader.json(ListSchema, `${path}&${page}`)).artifacts);
  return { items: items.filter((artifact) => artifact.name === name), isCut };
}

/** The artifacts of a name from one run. @throws ReadingError */
export async function listArtifactsOfRun(reader: Reader, repository: string, run: number, name: string): Promise<readonly Artifact[]> {
  const path = `/repos/${repository}/actions/runs/${run}/artifacts?name=${encodeURIComponent(name)}&per_page=${PAGE}`;
  const { artifacts } = await reader.json(ListSchema, path);
  return artifacts.filter((artifact) => artifact.name === name).toSorted((a, b) => b.id - a.id);
}

/** All artifacts of one run, newest first. @throws ReadingError */
export async function listAllOfRun(reader: Reader, repository: string, run: number): Promise<readonly Artifact[]> {
  const path = `/repos/${repository}/actions/runs/${run}/artifacts`;
  const { items } = await readPages(MAX_PAGES, async (page) => (await reader.json(ListSchema, `${path}?${page}`)).artifacts);
  return items.toSorted((a, b) => b.id - a.id);
}

/** The runs whose baselines are accepted. Only people with push access to the branch can add to this list. @throws ReadingError */
export async function listTrustedRuns(reader: Reader, repository: string, rule: TrustRule): Promise<Listing<Run>> {
  const listings: Listing<Run>[] = [];
  for (const branch of rule.branches) {
    for (const event of EVENTS) {
      const query = `branch=${encodeURIComponent(branch)}&event=${event}`;
      const path = `/repos/${repository}/actions/workflows/${rule.workflowId}/runs?${query}`;
      listings.push(await readPages(MAX_RUN_PAGES, async (page) => (await reader.json(RunsSchema, `${path}&${page}`)).workflow_runs));
    }
  }
  const trusted = listings.flatMap(({ items }) => items).filter((run) => rejectRun(run, rule) === undefined);
  return { items: trusted, isCut: listings.some(({ isCut }) => isCut) };
}

/** @throws ReadingError */
export async function readPages<Item>(most: number, read: (page: string) => Promise<readonly Item[]>): Promise<Listing<Item>> {
  const items: Item[] = [];
  for (let page = 1; page <= most; page++) {
    const more = await read(`per_page=${PAGE}&page=${page}`);
    items.push(...more);
    if (more.length < PAGE) return { items, isCut: false };
  }
  return { items, isCut: true };
}

/** The archive of an artifact, as it was uploaded. @throws ReadingError @throws ArchiveError if the bytes differ. */
export async function downloadArtifact(reader: Reader, repository: string, { id, digest }: Artifact): Promise<Uint8Array> {
  const archive = await reader.file(`/repos/${repository}/actions/artifacts/${id}/zip`, MAX_STORED);
  const hash = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
  if (hash !== digest) throw new ArchiveError("its content does not match GitHub's digest");
  return archive;
}
