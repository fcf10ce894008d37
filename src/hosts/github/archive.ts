import { fromBufferPromise } from "yauzl";
import { MAX_STORED } from "../../model/limits.ts";

/** The one file in a baseline's archive. */
export const BASELINE_ENTRY = "baseline.json.gz";

/** The one file in the archive of a plan, or of what a shard found. */
export const SHARD_ENTRY = "shard.json.gz";

export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

/** The content of an archive's only file, in memory: no name in an archive is ever used as a path. @throws ArchiveError */
export async function unpackEntry(archive: Uint8Array, name: string): Promise<Uint8Array> {
  try {
    const zip = await fromBufferPromise(Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength), { strictFileNames: true });
    if (zip.entryCount !== 1) throw new ArchiveError(`it has ${zip.entryCount} files, not one`);
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== name) throw new ArchiveError(`its file is called ${JSON.stringify(entry.fileName).slice(0, 100)}`);
      if (entry.uncompressedSize > MAX_STORED) throw new ArchiveError(`its file has ${entry.uncompressedSize} bytes`);
      // Fails if there is more data than the archive declares.
      return Buffer.concat(await (await zip.openReadStreamPromise(entry)).toArray());
    }
    throw new ArchiveError("it has no file");
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(`it is not an archive that can be unpacked (${error instanceof Error ? error.message : String(error)})`);
  }
}
