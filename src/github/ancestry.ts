import * as v from "valibot";
import type { Reader } from "./reader.ts";

const PAGE = 100;
/** A thousand commits, most of a year of CPython's first parents. */
const MOST_PAGES = 10;

const ComparisonSchema = v.object({ merge_base_commit: v.object({ sha: v.string() }) });
const CommitsSchema = v.array(v.object({ sha: v.string(), parents: v.array(v.object({ sha: v.string() })) }));

/** The commit in which a branch and a commit's history meet. @throws ReadingError */
export async function mergeBaseOf(reader: Reader, repository: string, branch: string, sha: string): Promise<string> {
  const ends = `${encodeURIComponent(branch)}...${encodeURIComponent(sha)}`;
  const comparison = await reader.json(ComparisonSchema, `/repos/${repository}/compare/${ends}?per_page=1`);
  return comparison.merge_base_commit.sha;
}

/**
 * A commit and its first parents, nearest first, with their distance: what the branch was one after the other. Ends at the first commit or
 * the limit. @throws ReadingError
 */
export async function* firstParents(reader: Reader, repository: string, from: string): AsyncGenerator<{ sha: string; distance: number }> {
  const parents = new Map<string, string | undefined>();
  let [sha, distance]: [string | undefined, number] = [from, 0];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = `sha=${encodeURIComponent(from)}&per_page=${PAGE}&page=${page}`;
    const commits = await reader.json(CommitsSchema, `/repos/${repository}/commits?${query}`);
    for (const commit of commits) parents.set(commit.sha, commit.parents[0]?.sha);
    // The list has all ancestors by date; a first parent may be on a later page.
    for (; sha !== undefined && parents.has(sha); sha = parents.get(sha)) yield { sha, distance: distance++ };
    if (sha === undefined || commits.length < PAGE) return;
  }
}
