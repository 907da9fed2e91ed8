/** Pull requests, found by a commit of theirs or by when they were merged. */
import { withClient, type Client, type Connection, type RepoName } from './client.js';

/** The open pull request that a pushed commit belongs to; undefined where there is none, or it cannot be looked up. */
export async function pullOfCommit(connection: Connection, repo: RepoName, sha: string): Promise<number | undefined> {
  if (sha === '') return undefined;
  try {
    return await withClient(connection, async ({ octokit }) => {
      const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha });
      return data.find(({ state }) => state === 'open')?.number;
    });
  } catch {
    // An event without a pull request is not an error, and neither is one that we may not look up.
    return undefined;
  }
}

interface Base {
  readonly repo: RepoName;
  readonly baseSha: string;
  readonly baseRef: string;
}

/** How many of those merged last are worth a look each. */
const MOST = 3;

/** The number of the pull request that the base commit came from; none where it was pushed directly. */
export async function mergedAs({ octokit }: Client, { repo, baseSha, baseRef }: Base): Promise<number[]> {
  const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: baseSha });
  return data
    .filter((pull) => pull.merged_at !== null && pull.merge_commit_sha === baseSha && pull.base.ref === baseRef)
    .map((pull) => pull.number);
}

/** The numbers of the pull requests merged into the base branch last, newest first. */
export async function mergedLast({ octokit }: Client, { repo, baseRef }: Base): Promise<number[]> {
  const order = { state: 'closed', sort: 'updated', direction: 'desc' } as const;
  const { data } = await octokit.rest.pulls.list({ ...repo, ...order, base: baseRef, per_page: 30 });
  const merged = data.flatMap(({ number, merged_at: at }) => (at === null ? [] : [{ number, at }]));
  return merged
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, MOST)
    .map(({ number }) => number);
}
