// The toolkit's artifact client, in a process that can be killed: docs/decisions/cache-in-a-process.md. The file to upload is in the working
// folder.
import "../../inspector.ts";
import { join } from "node:path";
import { DefaultArtifactClient } from "@actions/artifact";
import type { BaselineRecording } from "../../findings/baseline-store.ts";
import { messageOf } from "../../model/user-error.ts";

// The toolkit writes its log, with workflow commands, to standard output, which is reserved for our answer.
const write = process.stdout.write.bind(process.stdout);
/** The digests of files that this process has sent. Until an artifact is final, the toolkit only logs them. */
const sent = new Set<string>();
process.stdout.write = (chunk: string | Uint8Array): boolean => {
  const digest = /SHA256 digest of uploaded artifact is ([0-9a-f]{64})/.exec(String(chunk))?.[1];
  if (digest !== undefined) sent.add(`sha256:${digest}`);
  return process.stderr.write(chunk);
};

/** @param since the start of this attempt of the run: an older artifact of the same name belongs to an earlier attempt. */
async function upload(name: string, since: Date, entry: string): Promise<BaselineRecording> {
  const client = new DefaultArtifactClient();
  const { artifacts } = await client.listArtifacts();
  const before = artifacts.find((artifact) => artifact.name === name);
  // The answer to the first try may get lost after the artifact was created.
  if (before?.digest !== undefined && sent.has(before.digest)) return { kind: "recorded", where: `artifact ${name}, ${before.id}` };
  if (before !== undefined) {
    if (before.createdAt === undefined || before.createdAt >= since) return { kind: "failed", why: { code: "other-job" } };
    await client.deleteArtifact(name);
  }
  const { id } = await client.uploadArtifact(name, [join(process.cwd(), entry)], process.cwd(), { compressionLevel: 0 });
  return { kind: "recorded", where: `artifact ${name}, ${id}` };
}

/** Deletes an artifact of this run. */
async function drop(name: string): Promise<BaselineRecording> {
  await new DefaultArtifactClient().deleteArtifact(name);
  return { kind: "recorded", where: "" };
}

const [name = "", since, entry = ""] = process.argv.slice(2);
const attempt = (): Promise<BaselineRecording> => (since === undefined ? drop(name) : upload(name, new Date(since), entry));
// The toolkit retries if GitHub asks it to, but not after a dropped connection.
attempt()
  .catch(attempt)
  .catch((thrown: unknown) => ({ kind: "failed", why: { code: "upload", detail: messageOf(thrown) } }))
  // Keep-alive connections would keep the process running.
  .then((answer) => write(JSON.stringify(answer), () => process.exit(0)));
