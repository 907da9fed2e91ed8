/** Where a run came from, by what the CI system tells of itself. */
import type { Origin } from '../domain/metrics.js';
import type { Environment } from '../lib/environment.js';

/** What an event of GitHub's tells of a run: its commit, its pull request, its page. */
interface GitHubRun {
  readonly sha: string;
  readonly pr?: { readonly number: number };
  /** 0 outside of GitHub. */
  readonly runId: number;
  readonly runUrl: string;
}

/** Of an event of GitHub's; `pullRequest` where the user named one. */
export function originOf({ sha, pr, runId, runUrl }: GitHubRun, pullRequest = pr?.number): Origin {
  return {
    ...(sha !== '' && { commit: sha }),
    ...(pullRequest !== undefined && { pullRequest }),
    ...(runId > 0 && { runUrl }),
  };
}

/** Of a job of GitLab's, by its predefined variables; nothing elsewhere. */
export function gitlabOrigin({ CI_COMMIT_SHA: commit, CI_JOB_URL: runUrl, ...env }: Environment): Origin {
  const pullRequest = Number(env.CI_MERGE_REQUEST_IID);
  return {
    ...(commit !== undefined && { commit }),
    ...(pullRequest > 0 && { pullRequest }),
    ...(runUrl !== undefined && { runUrl }),
  };
}
