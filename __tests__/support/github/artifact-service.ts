// The service that takes artifacts, version 4: twirp in JSON, the content as blobs.
import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Blobs } from "./blobs.ts";
import type { PlayedArtifact, RestApi } from "./rest.ts";
import { jobOf } from "./runtime-token.ts";
import { type Answer, type Asked, json, type LoopbackServer } from "./server.ts";

const PATH = "/twirp/github.actions.results.api.v1.ArtifactService/";

/** Fields that have their default are left out, as protocol buffers do. */
const RequestSchema = v.object({
  workflow_run_backend_id: v.string(),
  workflow_job_run_backend_id: v.string(),
  name: v.optional(v.string(), ""),
  size: v.optional(v.union([v.string(), v.number()]), 0),
  hash: v.optional(v.string()),
  name_filter: v.optional(v.string()),
  id_filter: v.optional(v.union([v.string(), v.number()])),
});
type Request = v.InferOutput<typeof RequestSchema>;

/** The service identifies a run by its public id: `runtimeToken({ run: "7", … })`. */
export class ArtifactService {
  readonly #rest: RestApi;
  readonly #blobs: Blobs;
  #made = 0;

  constructor(server: LoopbackServer, blobs: Blobs, rest: RestApi) {
    this.#blobs = blobs;
    this.#rest = rest;
    server.add((asked) => this.#serve(asked));
  }

  /** An artifact as if a run had uploaded these bytes. */
  keep(run: number, name: string, archive: Uint8Array, overrides: Partial<PlayedArtifact> = {}): PlayedArtifact {
    const digest = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
    const artifact = this.#add(run, name, { size: archive.length, digest, isFinal: true, ...overrides });
    this.#blobs.put(artifact.path, archive, "application/zip");
    return artifact;
  }

  #add(run: number, name: string, overrides: Partial<PlayedArtifact> = {}): PlayedArtifact {
    const id = ++this.#made;
    const path = `artifacts/${id}.zip`;
    const artifact = { id, run, name, path, created: new Date(), size: 0, digest: null, expired: false, isFinal: false, ...overrides };
    this.#rest.artifacts.push(artifact);
    return artifact;
  }

  #serve({ method, url, headers, body }: Asked): Answer | undefined {
    if (method !== "POST" || !url.pathname.startsWith(PATH)) return undefined;
    const job = jobOf(headers.authorization);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), RequestSchema), body.toString());
    if (!parsed.success) return refused(400, "malformed", "the json request could not be decoded");
    const request = parsed.output;
    if (job === undefined || job.run !== request.workflow_run_backend_id) return refused(401, "unauthenticated", "invalid token");
    const own = this.#rest.artifacts.filter(({ run }) => run === Number(job.run));
    switch (url.pathname.slice(PATH.length)) {
      case "CreateArtifact":
        return this.#create(request, own);
      case "FinalizeArtifact":
        return this.#finalize(request, own);
      case "ListArtifacts":
        return list(request, own);
      case "DeleteArtifact":
        return this.#delete(request, own);
      case "GetSignedArtifactURL":
        return this.#sign(request, own);
      default:
        return refused(404, "bad_route", "no handler for this path");
    }
  }

  /** A name is reserved as soon as its upload begins. */
  #create({ name, workflow_run_backend_id: run }: Request, own: readonly PlayedArtifact[]): Answer {
    if (named(name, own) !== undefined) {
      return refused(409, "already_exists", "an artifact with this name already exists on the workflow run");
    }
    const { path } = this.#add(Number(run), name);
    return json(200, { ok: true, signed_upload_url: this.#blobs.signedUrl(path, "w") });
  }

  #finalize({ name, size, hash }: Request, own: readonly PlayedArtifact[]): Answer {
    const artifact = named(name, own);
    if (artifact === undefined) return refused(404, "not_found", "artifact not found");
    const content = this.#blobs.content(artifact.path);
    if (content?.length !== Number(size)) return json(200, { ok: false });
    Object.assign(artifact, { size: content.length, digest: hash ?? null, isFinal: true });
    return json(200, { ok: true, artifact_id: `${artifact.id}` });
  }

  #delete({ name }: Request, own: readonly PlayedArtifact[]): Answer {
    const artifact = named(name, own);
    if (artifact === undefined) return refused(404, "not_found", "artifact not found");
    this.#rest.artifacts.splice(this.#rest.artifacts.indexOf(artifact), 1);
    return json(200, { ok: true, artifact_id: `${artifact.id}` });
  }

  #sign({ name }: Request, own: readonly PlayedArtifact[]): Answer {
    const artifact = named(name, own);
    if (artifact === undefined || !artifact.isFinal) return refused(404, "not_found", "artifact not found");
    return json(200, { signed_url: this.#blobs.signedUrl(artifact.path, "r") });
  }
}

function list({ name_filter: name, id_filter: id, ...job }: Request, own: readonly PlayedArtifact[]): Answer {
  const chosen = own.filter(
    (one) => one.isFinal && (name === undefined || one.name === name) && (id === undefined || `${one.id}` === `${id}`),
  );
  const artifacts = chosen.map((artifact) => ({
    workflow_run_backend_id: job.workflow_run_backend_id,
    workflow_job_run_backend_id: job.workflow_job_run_backend_id,
    database_id: `${artifact.id}`,
    name: artifact.name,
    size: `${artifact.size}`,
    created_at: artifact.created.toISOString(),
    ...(artifact.digest === null ? {} : { digest: artifact.digest }),
  }));
  return json(200, { artifacts });
}

function named(name: string, artifacts: readonly PlayedArtifact[]): PlayedArtifact | undefined {
  return artifacts.find((artifact) => artifact.name === name);
}

/** An error as twirp writes it. */
function refused(status: number, code: string, msg: string): Answer {
  return json(status, { code, msg });
}
