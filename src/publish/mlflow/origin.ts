/** Where a run came from, by what the CI system tells of itself. */
import type { EventContext } from '../../inputs.js';
import type { Origin } from '../../report/metrics.js';
import type { Environment } from './server.js';

/** Of an event of GitHub's; `pullRequest` where the user named one. */
export function originOf({ sha, pr, runId, runUrl }: EventContext, pullRequest = pr?.number): Origin {
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
