import * as v from "valibot";
import { DeadEndError, type Reader, ReadingError } from "./reader.ts";

const PAGE = 100;
/** Limit of commit pages for one search. A page has at least one commit of the branch, and a hundred if nothing was merged. */
const MAX_PAGES = 40;

const RefSchema = v.object({ ref: v.string(), object: v.object({ sha: v.string() }) });
const ComparisonSchema = v.object({ merge_base_commit: v.object({ sha: v.string() }) });
const CommitsSchema = v.array(v.object({ sha: v.string(), parents: v.array(v.object({ sha: v.string() })) }));

/**
 * The head commit of a branch. From here on the branch is identified by this commit: a bare name could also mean a tag, which can be pushed
 * despite branch protection. @throws DeadEndError if there is no such branch, ReadingError if GitHub does not answer.
 */
export async function tipOf(reader: Reader, repository: string, branch: string): Promise<string> {
  const path = branch.split("/").map(encodeURIComponent).join("/");
  const found = await reader.json(RefSchema, `/repos/${repository}/git/ref/heads/${path}`).catch(undefinedIfMissing);
  if (found?.ref === `refs/heads/${branch}`) return found.object.sha;
  throw new DeadEndError({ code: "no-branch", branch, repository });
}

/** The merge base of two commits. @throws ReadingError */
export async function mergeBaseOf(reader: Reader, repository: string, tip: string, sha: string): Promise<string> {
  const ends = `${encodeURIComponent(tip)}...${encodeURIComponent(sha)}`;
  const comparison = await reader.json(ComparisonSchema, `/repos/${repository}/compare/${ends}?per_page=1`).catch(undefinedIfMissing);
  if (comparison !== undefined) return comparison.merge_base_commit.sha;
  throw new DeadEndError({ code: "no-commit", sha });
}

function undefinedIfMissing(error: unknown): undefined {
  if (!(error instanceof ReadingError) || error.status !== 404) throw error;
}

/** The first parents of commits, which are the branch's history. Caches what it has read. */
export class FirstParents {
  readonly #reader: Reader;
  readonly #repository: string;
  readonly #parents = new Map<string, string | undefined>();
  #pages = 0;

  constructor(reader: Reader, repository: string) {
    this.#reader = reader;
    this.#repository = repository;
  }

  /** A commit and its first parents, nearest first, back to the root commit. @throws ReadingError, DeadEndError at the limit. */
  async *from(sha: string): AsyncGenerator<string, undefined> {
    for (let next: string | undefined = sha; next !== undefined; next = await this.#parentOf(next)) yield next;
    return undefined;
  }

  async #parentOf(sha: string): Promise<string | undefined> {
    if (!this.#parents.has(sha)) await this.#read(sha);
    return this.#parents.get(sha);
  }

  /** GitHub lists all ancestors, by date. Asking again from a first parent, instead of for the next page, skips merged commits. */
  async #read(sha: string): Promise<void> {
    this.#pages += 1;
    if (this.#pages > MAX_PAGES) throw new DeadEndError({ code: "history-too-long", sha });
    const query = `sha=${encodeURIComponent(sha)}&per_page=${PAGE}`;
    const commits = await this.#reader.json(CommitsSchema, `/repos/${this.#repository}/commits?${query}`);
    for (const commit of commits) this.#parents.set(commit.sha, commit.parents[0]?.sha);
    if (!this.#parents.has(sha)) throw new ReadingError(`GitHub lists the commits from ${sha} on without that commit`);
  }
}

/** How a commit's history left a branch. */
export interface Departure {
  /** The nearest commit among the first parents of both; undefined if there is none. */
  readonly commit: string | undefined;
  /** The commit and its first parents before that one: they belong to another branch, even if a merge brought them into this one. */
  readonly aside: readonly string[];
  /** The branch's commits after it. */
  readonly later: ReadonlySet<string>;
}

/** Follows both lines in step: once they meet they stay together, so the first common commit is the nearest. @throws ReadingError */
export async function departureOf(parents: FirstParents, tip: string, sha: string): Promise<Departure> {
  const [own, other] = [new Set<string>(), new Set<string>()];
  const lines = [parents.from(tip), parents.from(sha)] as const;
  for (;;) {
    const [{ value: ofOwn }, { value: ofOther }] = [await lines[0].next(), await lines[1].next()];
    if (ofOwn !== undefined) own.add(ofOwn);
    if (ofOther !== undefined) other.add(ofOther);
    const commit = [ofOwn, ofOther].find((one) => one !== undefined && own.has(one) && other.has(one));
    const isOver = ofOwn === undefined && ofOther === undefined;
    if (commit !== undefined || isOver) return { commit, aside: before(other, commit), later: new Set(before(own, commit)) };
  }
}

function before(commits: ReadonlySet<string>, end: string | undefined): readonly string[] {
  const all = [...commits];
  return end === undefined ? all : all.slice(0, all.indexOf(end));
}
