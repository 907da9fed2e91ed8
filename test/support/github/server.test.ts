import { afterEach, expect, test } from 'vitest';
import { OPERATIONS } from './operations.js';
import { openGitHub, type GitHub } from './server.js';
import { addComment, addPull, addRun } from './world.js';

const AUTHORIZATION = { authorization: 'token ghs_standin' };
const open: GitHub[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((github) => github.close().catch(() => undefined)));
});

async function standIn(): Promise<GitHub> {
  const github = await openGitHub();
  open.push(github);
  const { world } = github;
  addPull(world, { number: 12, state: 'closed', merged_at: '2026-11-01T08:00:00Z', merge_commit_sha: 'b'.repeat(40) });
  addComment(world, 12, 'First');
  addRun(world, { id: 90 });
  const artifact = { id: 1, run: 90, name: 'token-budget-report', expired: false, zip: Buffer.from('zip') };
  world.artifacts.push(artifact);
  world.files.set('.github/token-budget.yml@main', 'version: 1');
  world.viewer = { login: 'ada', type: 'User' };
  return github;
}

function ask(github: GitHub, path: string, method = 'GET', body?: unknown): Promise<Response> {
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json' };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${github.url}${path}`, { method, headers, redirect: 'manual', ...content });
}

const REPO = '/repos/octo/evals';
type Asked = readonly [operation: string, status: number, method: string, path: string, body?: object];

const REQUESTS: readonly Asked[] = [...(answer.headers.get('link') ?? '').matchAll(/[?&]page=(\d+)>; rel="(\w+)"/g)];
  const links = Object.fromEntries(rels.map(([, page = '', rel = '']) => [rel, Number(page)]));
  expect(links).toEqual({ prev: 1, first: 1, next: 3, last: 3 });
});

test('without a token nothing is answered', async () => {
  const github = await standIn();
  expect((await fetch(`${github.url}${REPO}`)).status).toBe(401);
});
