/**
 * The way to GitHub's API: server errors are retried, rate limits are waited for, a refusal for want of a permission is
 * not, and all of it ends at one deadline. Proxies are those of the environment, as for every action.
 */
import { randomUUID } from 'node:crypto';
import { defaults, getOctokitOptions, GitHub } from '@actions/github/lib/utils';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { beforeDeadline, startDeadline, type Deadline } from '../lib/deadline.js';

/** How to reach GitHub, for all that is published or read in one run. */
export interface Connection {
  readonly token: string;
  /** Without a slash at its end: `https://api.github.com`, or that of a GitHub Enterprise server. */
  readonly apiUrl: string;
  /** For one job (a comment, a look-up) with all its retries, in ms; 20,000 where left out. */
  readonly deadlineMs?: number;
  /** What one second of waiting before a retry lasts, in ms; 1,000 where left out. Tests make time short by it. */
  readonly secondMs?: number;
}

/** A repository. */
export interface RepoName {
  readonly owner: string;
  readonly repo: string;
}

/** GitHub's client with our plugins. */
export type Octokit = InstanceType<typeof GitHub>;

/** An open way to GitHub, and when it closes. */
export interface Client {
  readonly octokit: Octokit;
  /** For questions by GraphQL, each asked once: the plugins would make the next write wait a second after it. */
  readonly plain: Octokit;
  readonly deadline: Deadline;
  readonly secondMs: number;
}

const DEADLINE_MS = 20_000;
const RETRIES = 3;
/** 429 is left to the throttling plugin, which heeds Retry-After; the others say the same at every try. */
const FINAL = [400, 401, 403, 404, 409, 410, 422, 429, 451];

const PluggedGitHub = GitHub.plugin(retry, throttling);

/** Does one job with GitHub under its deadline. Rejects with what went wrong: a RequestError or a DeadlineError. */
export async function withClient<T>(connection: Connection, work: (client: Client) => Promise<T>): Promise<T> {
  const deadline = startDeadline(connection.deadlineMs ?? DEADLINE_MS);
  const secondMs = connection.secondMs ?? 1000;
  try {
    const plain = new GitHub(withToken(connection.token, basics(connection, deadline)));
    const octokit = openOctokit(connection, deadline, secondMs);
    return await beforeDeadline(deadline, work({ octokit, plain, deadline, secondMs }));
  } finally {
    deadline.clear();
  }
}

function basics({ apiUrl }: Connection, { signal }: Deadline) {
  return {
    baseUrl: apiUrl,
    userAgent: 'token-budget',
    // The toolkit's defaults are replaced as a whole: its fetch, which knows the proxies, has to be repeated.
    request: { ...defaults.request, signal },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  };
}

function openOctokit(connection: Connection, deadline: Deadline, secondMs: number): Octokit {
  const worthWaiting = (seconds: number, _options: unknown, _octokit: unknown, retried: number) =>
    retried < RETRIES - 1 && seconds * secondMs < deadline.left();
  return new PluggedGitHub(
    withToken(connection.token, {
      ...basics(connection, deadline),
      retry: { doNotRetry: FINAL, retries: RETRIES, retryAfterBaseValue: secondMs },
      throttle: {
        // Queues are shared by id across the process; two jobs must not wait for each other's.
        id: randomUUID(),
        retryAfterBaseValue: secondMs,
        onRateLimit: worthWaiting,
        onSecondaryRateLimit: worthWaiting,
      },
    }),
  );
}

/** Without a token, what is public can still be read. */
function withToken(token: string, options: NonNullable<Parameters<typeof getOctokitOptions>[1]>) {
  return token === '' ? options : getOctokitOptions(token, options);
}

/** What fails is told once, by whoever asked; the plugins' own lines would only repeat it. */
function ignore(): void {
  return;
}
