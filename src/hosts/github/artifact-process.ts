// The toolkit's artifacts, in a process of its own, which can be ended: docs/decisions/cache-in-a-process.md. What is uploaded is in the working folder.
import "../../inspector.ts";
import { join } from "node:path";
import { DefaultArtifactClient } from "@actions/artifact";
import type { BaselineRecording } from "../../findings/baseline-store.ts";
import { messageOf } from "../../model/user-error.ts";

// The toolkit writes its log, and workflow commands with it, to standard output. That is for the answer here.
const write = process.stdout.write.bind(process.stdout);
/** The digests of what this process has sent, which the toolkit only logs until an artifact is final. */
const sent = new Set<string>();
process.stdout.write = (chunk: string | Uint8Array): boolean => {
  const digest = /SHA256 digest of uploaded artifact is ([0-9a-f]{64})/.exec(String(chunk))?.[1];
  if (digest !== undefined) sent.add(`sha256:${digest}`);
  return process.stderr.write(chunk);
};

/** @param since when this attempt of the run began: an artifact of the same name from before is an earlier attempt's. */
async function upload(name: string, since: Date, entry: string): Promise<BaselineRecording> {
  const client = new DefaultArtifactClient();
  const { artifacts } = await client.listArtifacts();
  const before = artifacts.find((artifact) => artifact.name === name);
  // The answer to the first attempt may get lost after the artifact was made.
  if (before?.digest !== undefined && sent.has(before.digest)) return { kind: "recorded", where: `artifact ${name}, ${before.id}` };
  if (before !== undefined) {
    if (before.createdAt === undefined || before.createdAt >= since) return { kind: "failed", why: { code: "other-job" } };
    await client.deleteArtifact(name);
  }
  const { id } = await client.uploadArtifact(name, [join(process.cwd(), entry)], process.cwd(), { compressionLevel: 0 });
  return { kind: "recorded", where: `artifact ${name}, ${id}` };
}

/** Takes an artifact of this run away. */
async function drop(name: string): Promise<BaselineRecording> {
  await new DefaultArtifactClient().deleteArtifact(name);
  return { kind: "recorded", where: "" };
}

const [name = "", since, entry = ""] = process.argv.slice(2);
const attempt = (): Promise<BaselineRecording> => (since === undefined ? drop(name) : upload(name, new Date(since), entry));
// The toolkit tries again what GitHub refuses for now, but nothing that is hung up on.
attempt()
  .catch(attempt)
  .catch((thrown: unknown) => ({ kind: "failed", why: { code: "upload", detail: messageOf(thrown) } }))
  // Connections that are kept alive would keep the process, too.
  .then((answer) => write(JSON.stringify(answer), () => process.exit(0)));
