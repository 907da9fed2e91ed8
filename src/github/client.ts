/**
 * The way to GitHub's API: server errors are retried, rate limits are waited for, a refusal for want of a permission is
 * not, and all of it ends at one deadline. Proxies are those of the environment, as for every action.
 */
import { beforeDeadline, startDeadline, type Deadline } from '../lib/deadline.js';
import type { Connection, Octokit } from './octokit.js';

export type { Connection, Octokit } from './octokit.js';

/** A repository. */
export interface RepoName {
  readonly owner: string;
  readonly repo: string;
}

/** An open way to GitHub, and when it closes. */
export interface Client {
  readonly octokit: Octokit;
  /** For questions by GraphQL, each asked once: the plugins would make the next write wait a second after it. */
  readonly plain: Octokit;
  readonly deadline: Deadline;
  readonly secondMs: number;
}

const DEADLINE_MS = 20_000;

/** Does one job with GitHub under its deadline. Rejects with what went wrong: a RequestError or a DeadlineError. */
export async function withClient<T>(connection: Connection, work: (client: Client) => Promise<T>): Promise<T> {
  const deadline = startDeadline(connection.deadlineMs ?? DEADLINE_MS);
  const secondMs = connection.secondMs ?? 1000;
  try {
    // Loaded by the first job: it is a third of what the command line would load at its start, and most runs have none.
    const { openOctokit, openPlain } = await import('./octokit.js');
    const plain = openPlain(connection, deadline);
    const octokit = openOctokit(connection, deadline, secondMs);
    return await beforeDeadline(deadline, work({ octokit, plain, deadline, secondMs }));
  } finally {
    deadline.clear();
  }
}
