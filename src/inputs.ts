import { UsageError } from './domain/errors.js';
import type { Overrides } from './policy/override.js';
import { isObject, objectAt, textOf, type JsonObject } from './meter/json.js';

const COMMENT_MODES = ['update', 'delete-and-new', 'hide-and-new', 'new', 'off'] as const;
const COMMENT_WHEN = ['always', 'on-exceed', 'on-change', 'on-failure'] as const;

/** The action's inputs, read once. */
export interface Inputs {
  readonly policy: string;
  readonly policyInline: string;
  readonly policySource: 'head' | 'base';
  /** Under `policy-source: base`, where the base branch has no policy: fail, or take the pull request's own. */
  readonly policyFallback: 'fail' | 'head';
  readonly overrides: Overrides;
  readonly workingDirectory: string;
  readonly shell: string;
  readonly reportDir: string;
  readonly token: string;
  readonly prNumber: number | undefined;
  readonly comment: (typeof COMMENT_MODES)[number];
  readonly commentWhen: (typeof COMMENT_WHEN)[number];
  readonly commentKey: string;
  /** The job's matrix values as JSON. */
  readonly matrix: string;
  readonly publish: 'best-effort' | 'required';
}

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

/**
 * @param get an input by its name; empty where it was not given
 * @throws UsageError naming each input that has no such value
 */
export function readInputs(get: (name: string) => string): Inputs {
  const problems: string[] = [];
  const oneOf = <T extends string>(name: string, words: readonly T[], fallback: T): T => {
    const given = get(name);
    const known = words.find((word) => word === given);
    if (given !== '' && known === undefined)
      problems.push(`input ${name}: "${given}" is not one of ${words.join(', ')}`);
    return known ?? fallback;
  };
  const pr = get('pr-number');
  if (pr !== '' && !/^[1-9]\d{0,9}$/.test(pr)) problems.push(`input pr-number: "${pr}" is no number of a pull request`);
  if (get('policy') !== '' && get('policy-inline') !== '')
    problems.push('inputs policy and policy-inline exclude each other');
  const inputs: Inputs = {
    policy: get('policy'),
    policyInline: get('policy-inline'),
    policySource: oneOf('policy-source', ['head', 'base'], 'head'),
    policyFallback: oneOf('policy-fallback', ['fail', 'head'], 'fail'),
    overrides: {
      run: get('run'),
      onExceed: get('on-exceed'),
      maxTokens: get('max-tokens'),
      maxCostUsd: get('max-cost-usd'),
      maxCalls: get('max-calls'),
      mlflow: get('mlflow'),
      mlflowTrackingUri: get('mlflow-tracking-uri'),
      mlflowExperiment: get('mlflow-experiment'),
    },
    workingDirectory: get('working-directory'),
    shell: get('shell'),
    reportDir: get('report-dir') || 'token-budget-report',
    token: get('github-token'),
    prNumber: pr === '' ? undefined : Number(pr),
    comment: oneOf('comment', COMMENT_MODES, 'update'),
    commentWhen: oneOf('comment-when', COMMENT_WHEN, 'always'),
    commentKey: get('comment-key'),
    matrix: get('matrix'),
    publish: oneOf('publish', ['best-effort', 'required'], 'best-effort'),
  };
  if (problems.length > 0) throw new UsageError(problems.join('; '));
  return inputs;
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
