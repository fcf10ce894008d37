import { createHash } from "node:crypto";
import * as v from "valibot";
import { ArchiveError } from "./archive.ts";
import type { Reader } from "./reader.ts";
import { type Artifact, ArtifactSchema, MOST_ARCHIVE_BYTES } from "./trust.ts";

const ListSchema = v.object({ artifacts: v.array(ArtifactSchema) });
const PAGE = 100;
/** A thousand artifacts: ten for each day that GitHub keeps them. */
const MOST_PAGES = 10;

/** All artifacts of a name, whichever run of whomever made them, the newest first. @throws ReadingError */
export async function listArtifacts(reader: Reader, repository: string, name: string): Promise<readonly Artifact[]> {
  const all: Artifact[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = `name=${encodeURIComponent(name)}&per_page=${PAGE}&page=${page}`;
    const { artifacts } = await reader.json(ListSchema, `/repos/${repository}/actions/artifacts?${query}`);
    all.push(...artifacts.filter((artifact) => artifact.name === name));
    if (artifacts.length < PAGE) break;
  }
  return all.toSorted((a, b) => b.id - a.id);
}

/** The archive of an artifact, as it was when it was uploaded. @throws ReadingError @throws ArchiveError for other bytes. */
export async function downloadArtifact(reader: Reader, repository: string, { id, digest }: Artifact): Promise<Uint8Array> {
  const archive = await reader.file(`/repos/${repository}/actions/artifacts/${id}/zip`, MOST_ARCHIVE_BYTES);
  const hash = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
  if (hash !== digest) throw new ArchiveError("its bytes are not those of GitHub's digest");
  return archive;
}
