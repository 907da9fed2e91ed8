import { withClient, type Connection, type RepoName } from './client.js';

/** The open pull request that a pushed commit belongs to; undefined where there is none, or it cannot be looked up. */
export async function pullOfCommit(connection: Connection, repo: RepoName, sha: string): Promise<number | undefined> {
  if (sha === '') return undefined;
  try {
    return await withClient(connection, async ({ octokit }) => {
      const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha });
      return data.find(({ state }) => state === 'open')?.number;
    });
  } catch {
    // An event without a pull request is no error, and neither is one that we may not look up.
    return undefined;
  }
}
