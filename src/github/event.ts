/** Where a run happens, by the runner's variables and the event's payload. */
import { readFileSync } from 'node:fs';
import { isObject, objectAt, textOf, type JsonObject } from '../lib/json.js';

/** A pull request, as far as the event tells. */
export interface PullContext {
  readonly number: number;
  /** Empty where the event does not say it: a comment's. */
  readonly baseSha: string;
  readonly baseRef: string;
  readonly fork: boolean;
  /** `owner/repo` of its branch, where that is known. */
  readonly headRepo?: string;
}

/** Where the action runs, from the runner's environment and the event's payload. */
export interface EventContext {
  readonly eventName: string;
  readonly owner: string;
  readonly repo: string;
  /** The commit that the event is about: of a pull request its head, not the merge commit. */
  readonly sha: string;
  /** Of a pull request. */
  readonly pr?: PullContext;
  readonly defaultBranch: string;
  readonly workflow: string;
  /** File name of the workflow: `evals.yml`; empty where the runner does not say. */
  readonly workflowFile: string;
  readonly job: string;
  readonly runId: number;
  readonly attempt: number;
  readonly runUrl: string;
  readonly apiUrl: string;
}

/** The event's payload from the file that the runner names; undefined where there is none to read. */
export function readPayload(file: string | undefined): unknown {
  if (file === undefined || file === '') return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads the runner's variables and the event's payload; what an event does not say is empty, never an error. */
export function readEvent(env: Readonly<Record<string, string | undefined>>, payload: unknown): EventContext {
  const [owner = '', repo = ''] = (env.GITHUB_REPOSITORY ?? '').split('/');
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const runId = Number(env.GITHUB_RUN_ID ?? 0);
  const defaultBranch = textOf(objectAt(payload, 'repository').default_branch) ?? 'main';
  const pull = pullOf(payload, defaultBranch);
  const head = textOf(objectAt(payload, 'pull_request', 'head').sha);
  return {
    eventName: env.GITHUB_EVENT_NAME ?? '',
    owner,
    repo,
    sha: head ?? env.GITHUB_SHA ?? '',
    ...(pull ? { pr: pull } : {}),
    defaultBranch,
    workflow: env.GITHUB_WORKFLOW ?? '',
    workflowFile: /\/([^/@]+)@/.exec(env.GITHUB_WORKFLOW_REF ?? '')?.[1] ?? '',
    job: env.GITHUB_JOB ?? '',
    runId,
    attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
    runUrl: `${server}/${owner}/${repo}/actions/runs/${runId}`,
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
  };
}

/** The pull request of a payload: its own, or that of an issue comment. */
function pullOf(payload: unknown, defaultBranch: string): EventContext['pr'] {
  if (!isObject(payload)) return undefined;
  const pull = objectAt(payload, 'pull_request');
  if (typeof pull.number === 'number') return { number: pull.number, ...basesOf(pull, defaultBranch) };
  const issue = objectAt(payload, 'issue');
  if (!isObject(issue.pull_request) || typeof issue.number !== 'number') return undefined;
  return { number: issue.number, baseSha: '', baseRef: defaultBranch, fork: false };
}

function basesOf(pull: JsonObject, defaultBranch: string): Omit<PullContext, 'number'> {
  const base = objectAt(pull, 'base');
  const { id, full_name: name } = objectAt(pull, 'head', 'repo');
  const headRepo = textOf(name);
  return {
    baseSha: textOf(base.sha) ?? '',
    baseRef: textOf(base.ref) ?? defaultBranch,
    fork: id !== objectAt(base, 'repo').id,
    ...(headRepo !== undefined && { headRepo }),
  };
}
