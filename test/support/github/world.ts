/** What the stand-in for GitHub holds: one repository with its pull requests, comments, runs, artifacts and files. */

export interface Account {
  readonly login: string;
  readonly type: 'Bot' | 'User';
}

export interface Comment {
  readonly id: number;
  readonly node_id: string;
  readonly issue: number;
  readonly user: Account;
  body: string;
  readonly created_at: string;
  updated_at: string;
  minimized: boolean;
}

export interface Pull {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly locked: boolean;
  /** Deleted, as issues can be: 410. */
  readonly gone: boolean;
  readonly base: { readonly ref: string; readonly sha: string };
  readonly head: { readonly ref: string; readonly sha: string };
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly updated_at: string;
}

export interface Run {
  readonly id: number;
  readonly workflow: string;
  readonly event: string;
  readonly conclusion: 'success' | 'failure';
  readonly head_sha: string;
  readonly head_branch: string;
  /** Of a fork where it is not the repository's own id. */
  readonly head_repository_id: number;
}

export interface Artifact {
  readonly id: number;
  readonly run: number;
  readonly name: string;
  readonly expired: boolean;
  readonly zip: Buffer;
  /** As the API states it; the zip's own where left out. */
  readonly size?: number;
}

/** What the token may do; a token for a fork's pull request may only read. */
export interface Permissions {
  pull_requests: 'none' | 'read' | 'write';
  actions: 'none' | 'read';
  contents: 'none' | 'read';
}

export interface World {
  readonly owner: string;
  readonly repo: string;
  readonly repositoryId: number;
  /** Whose token it is. */
  viewer: Account;
  permissions: Permissions;
  readonly pulls: Pull[];
  readonly comments: Comment[];
  readonly runs: Run[];
  readonly artifacts: Artifact[];
  /** By `path@ref`. */
  readonly files: Map<string, string>;
}

const ACTIONS_BOT: Account = { login: 'github-actions[bot]', type: 'Bot' };
const REPOSITORY_ID = 4711;

/** An empty repository whose token belongs to the workflow and may comment. */
export function openWorld(): World {
  return {
    owner: 'octo',
    repo: 'evals',
    repositoryId: REPOSITORY_ID,
    viewer: ACTIONS_BOT,
    permissions: { pull_requests: 'write', actions: 'read', contents: 'read' },
    pulls: [],
    comments: [],
    runs: [],
    artifacts: [],
    files: new Map(),
  };
}

export function addPull(world: World, fields: Partial<Pull> & { number: number }): Pull {
  const pull: Pull = {
    state: 'open',
    locked: false,
    gone: false,
    base: { ref: 'main', sha: 'b'.repeat(40) },
    head: { ref: 'feature', sha: 'a'.repeat(40) },
    merged_at: null,
    merge_commit_sha: null,
    updated_at: '2026-11-02T08:00:00Z',
    ...fields,
  };
  world.pulls.push(pull);
  return pull;
}

/** Times and ids grow with each comment, as GitHub's do. */
export function addComment(world: World, issue: number, body: string, user: Account = world.viewer): Comment {
  const serial = 1 + Math.max(0, ...world.comments.map(({ id }) => id - 1000));
  const at = new Date(Date.UTC(2026, 10, 3, 8, 0, serial)).toISOString().replace('.000', '');
  const id = 1000 + serial;
  const comment = { id, node_id: `IC_${id}`, issue, user, body, created_at: at, updated_at: at, minimized: false };
  world.comments.push(comment);
  return comment;
}

export function addRun(world: World, fields: Partial<Run> & { id: number }): Run {
  const run: Run = {
    workflow: 'evals.yml',
    event: 'push',
    conclusion: 'success',
    head_sha: 'b'.repeat(40),
    head_branch: 'main',
    head_repository_id: world.repositoryId,
    ...fields,
  };
  world.runs.push(run);
  return run;
}
