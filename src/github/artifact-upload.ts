import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DefaultArtifactClient } from "@actions/artifact";
import { messageOf } from "../errors.ts";
import type { BaselineRecording } from "../ports.ts";
import { BASELINE_ENTRY } from "./archive.ts";
import { type Rights, withServices } from "./services.ts";

const NEEDED = ["ACTIONS_RESULTS_URL", "ACTIONS_RUNTIME_TOKEN"];

export interface Upload {
  readonly name: string;
  readonly packed: Uint8Array;
  /** When this attempt of the run began: an artifact of the same name from before is an earlier attempt's. */
  readonly since: Date;
}

/** Keeps a packed baseline as an artifact of this run. Never throws: a check is not lost because its baseline is. */
export async function uploadBaseline({ name, packed, since }: Upload, rights: Rights, folder: string): Promise<BaselineRecording> {
  const missing = NEEDED.filter((variable) => rights.services[variable] === undefined);
  if (missing.length > 0) return { kind: "failed", reason: `the runner gives no ${missing.join(" and no ")}, by which artifacts are kept` };
  try {
    const aside = await mkdtemp(join(folder, "baseline-"));
    try {
      const file = join(aside, BASELINE_ENTRY);
      await writeFile(file, packed);
      const attempt = () => withServices(rights, process.env, () => replace({ name, since }, file, aside));
      // The toolkit tries again what GitHub refuses for now, but nothing that is hung up on.
      return await attempt().catch(attempt);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  } catch (error) {
    // Below the first line the toolkit has advice on firewalls.
    return { kind: "failed", reason: messageOf(error).split("\n")[0] ?? "" };
  }
}

async function replace({ name, since }: Pick<Upload, "name" | "since">, file: string, folder: string): Promise<BaselineRecording> {
  const client = new DefaultArtifactClient();
  const { artifacts } = await client.listArtifacts();
  const before = artifacts.find((artifact) => artifact.name === name);
  if (before !== undefined) {
    if (before.createdAt === undefined || before.createdAt >= since) return { kind: "failed", reason: TAKEN };
    await client.deleteArtifact(name);
  }
  const { id } = await client.uploadArtifact(name, [file], folder, { compressionLevel: 0 });
  return { kind: "recorded", where: `artifact ${name}, ${id}` };
}

const TAKEN =
  "another job of this run has recorded one with the same settings: jobs of a matrix that differ only in their other steps cannot have a baseline each";
