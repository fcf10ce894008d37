// Artifacts that must not be used as a baseline.
import { gzipSync } from "node:zlib";
import { BASELINE_VERSION, type Baseline } from "../../../src/findings/baseline.ts";
import { encodeBaseline } from "../../../src/hosts/common/baseline-file.ts";
import { BASELINE_ENTRY } from "../../../src/hosts/github/archive.ts";
import { baseline, entry } from "../builders.ts";
import { zip } from "../zip.ts";
import type { FakeGitHub } from "./fake-github.ts";
import { FORK_ID, type PlayedArtifact, type PlayedRun, WORKFLOW } from "./rest.ts";

/** A baseline that can be distinguished from others. */
export const of = (name: string): Baseline => baseline({ findings: [entry(name)] });
export const archived = (one: Baseline): Buffer => zip({ name: BASELINE_ENTRY, content: encodeBaseline(one) });

/** Ways to smuggle in another baseline: a run and its artifact at the merge base, with something wrong in them. */
export interface Poison {
  readonly run?: Partial<PlayedRun>;
  readonly artifact?: Partial<PlayedArtifact>;
  readonly archive?: () => Buffer;
  readonly why: RegExp;
}

export const POISON: Readonly<Record<string, Poison>> = {
  "of a fork's branch that is called main": { run: { from: FORK_ID, event: "pull_request" }, why: /another repository/ },
  "of a fork's own push": { run: { from: FORK_ID }, why: /another repository/ },
  "of another branch": { run: { branch: "feature" }, why: /branch feature/ },
  "of another workflow": { run: { workflow: WORKFLOW + 1 }, why: /another workflow .*other\.yml\)/ },
  "of a pull request from main": { run: { event: "pull_request" }, why: /event pull_request/ },
  "of a run that was cancelled": { run: { conclusion: "cancelled" }, why: /ended as cancelled/ },
  "with a wrong digest": { artifact: { digest: `sha256:${"0".repeat(64)}` }, why: /its content does not match GitHub's digest/ },
  "without a digest": { artifact: { digest: null }, why: /no digest for it/ },
  "with a huge declared size": { artifact: { size: 5e9 }, why: /larger than \d+ bytes/ },
  "that is huge": { archive: () => Buffer.alloc(65 * 1024 * 1024), artifact: { size: 9 }, why: /it has more than \d+ bytes/ },
  "that is not an archive": { archive: () => Buffer.from("hello"), why: /not an archive .*/ },
  "whose file has a path out of the folder": {
    archive: () => zip({ name: `../../../${BASELINE_ENTRY}`, content: encodeBaseline(of("evil")) }),
    why: /invalid relative path: .*/,
  },
  "that unpacks to more than it declares": {
    archive: () => zip({ name: BASELINE_ENTRY, content: Buffer.alloc(20_000_000), claimed: 1000 }),
    why: /too many bytes.*/,
  },
  "that unpacks to 300 MB of JSON": {
    archive: () => {
      const member = gzipSync(Buffer.alloc(20 * 1024 * 1024, " "));
      const members = Array.from({ length: 15 }, () => member);
      return zip({ name: BASELINE_ENTRY, content: Buffer.concat([gzipSync("{"), ...members, gzipSync("}")]) });
    },
    why: /not gzipped JSON.*/,
  },
  "with another structure": {
    archive: () => zip({ name: BASELINE_ENTRY, content: gzipSync('{"known":[]}') }),
    why: /not valid in a baseline.*/,
  },
  "of another version": {
    archive: () => zip({ name: BASELINE_ENTRY, content: gzipSync(JSON.stringify({ ...of("f"), baselineVersion: BASELINE_VERSION + 1 })) }),
    why: /its format has version \d+, and this cpython-memcheck uses version \d+/,
  },
  "with an unknown key": {
    archive: () => zip({ name: BASELINE_ENTRY, content: gzipSync(JSON.stringify({ ...of("f"), trust: "me" })) }),
    why: /trust is not valid in a baseline.*/,
  },
};

/** Matches the sentence that names it: the reason, and its run among others with the same reason. */
export function reasonOf({ why }: Poison, id: number): RegExp {
  return new RegExp(`${why.source}: (?:run \\d+, )*run ${id}[,.]`);
}

/** Has a run upload it, at a commit where a trusted one would be taken. */
export function plant(github: FakeGitHub, { run, artifact, archive }: Poison, place: { id: number; sha: string; name: string }): void {
  github.rest.run({ id: place.id, sha: place.sha, ...run });
  github.artifacts.keep(place.id, place.name, archive?.() ?? archived(of("evil")), artifact);
}
