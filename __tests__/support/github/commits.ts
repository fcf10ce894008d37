// The commits, branches and tags of the fake repository.
import * as v from "valibot";
import { described, exampleOf } from "./openapi.ts";
import { type Answer, json } from "./server.ts";

const COMMITS = "/repos/{owner}/{repo}/commits";
const COMPARE = "/repos/{owner}/{repo}/compare/{basehead}";
const REF = "/repos/{owner}/{repo}/git/ref/{ref}";

const Example = v.record(v.string(), v.unknown());
const CommitsExample = v.array(v.looseObject({ parents: v.array(Example) }));
const CompareExample = v.looseObject({ merge_base_commit: Example });
const RefExample = v.looseObject({ object: Example });

export class Commits {
  /** The parents of each commit, the first one first. */
  readonly parents = new Map<string, readonly string[]>();
  readonly branches = new Map<string, string>();
  readonly tags = new Map<string, string>();

  /** Commits in a row, the oldest first, at the end of a branch. */
  grow(branch: string, ...shas: readonly string[]): void {
    for (const sha of shas) {
      const before = this.branches.get(branch);
      this.parents.set(sha, before === undefined ? [] : [before]);
      this.branches.set(branch, sha);
    }
  }

  /** @param path below the repository's. */
  answer(path: string, query: URLSearchParams): Answer | undefined {
    if (path === "/commits") return this.#history(query);
    if (path.startsWith("/compare/")) return this.#compare(decodeURIComponent(path.slice("/compare/".length)));
    if (path.startsWith("/git/ref/")) return this.#ref(decodeURIComponent(path.slice("/git/ref/".length)));
    return undefined;
  }

  /** What a bare name means: as in git itself, a tag comes before a branch. */
  #resolve(name: string): string {
    return this.tags.get(name) ?? this.branches.get(name) ?? name;
  }

  #ref(name: string): Answer {
    const [, kind, short = ""] = /^(heads|tags)\/(.+)$/.exec(name) ?? [];
    const sha = (kind === "tags" ? this.tags : this.branches).get(short);
    if (kind === undefined || sha === undefined) return NOT_FOUND;
    const example = v.parse(RefExample, exampleOf(REF));
    const answer = (id: string): unknown => ({ ...example, ref: `refs/${name}`, object: { ...example.object, sha: id } });
    // The tests' commits have short names; GitHub's description wants forty characters here.
    const checked = described(REF, answer(sha.padEnd(40, "0")));
    return checked.status === 200 ? json(200, answer(sha)) : checked;
  }

  /** All ancestors; by date, which is the order in which a test made them. */
  #history(query: URLSearchParams): Answer {
    const from = this.#resolve(query.get("sha") ?? "");
    if (!this.parents.has(from)) return json(404, { message: `No commit found for SHA: ${from}` });
    const ancestors = this.#ancestors(from);
    const shas = [...this.parents.keys()].reverse().filter((sha) => ancestors.has(sha));
    return described(
      COMMITS,
      page(shas, query).map((sha) => this.#commit(sha)),
    );
  }

  #commit(sha: string): unknown {
    const [example] = v.parse(CommitsExample, exampleOf(COMMITS));
    const parents = this.parents.get(sha)?.map((parent) => ({ ...example?.parents[0], sha: parent }));
    return { ...example, sha, parents };
  }

  #compare(ends: string): Answer {
    const [one, other] = ends.split("...").map((end) => this.#ancestors(this.#resolve(end)));
    const base = [...this.parents.keys()].reverse().find((commit) => one?.has(commit) && other?.has(commit));
    if (base === undefined) return NOT_FOUND;
    const example = v.parse(CompareExample, exampleOf(COMPARE));
    return described(COMPARE, { ...example, merge_base_commit: this.#commit(base) });
  }

  #ancestors(sha: string): ReadonlySet<string> {
    const known = new Set<string>();
    const open = [sha];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (known.has(next) || !this.parents.has(next)) continue;
      known.add(next);
      open.push(...(this.parents.get(next) ?? []));
    }
    return known;
  }
}

export const NOT_FOUND = json(404, { message: "Not Found" });

export function page<Item>(items: readonly Item[], query: URLSearchParams): readonly Item[] {
  const [size, number] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
  return items.slice(size * (number - 1), size * number);
}
