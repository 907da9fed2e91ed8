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
type Asked = [operation: string, status: number, method: string, path: string, body?: object];

const REQUESTS: Asked[] = [
  ['issues/list-comments', 200, 'GET', `${REPO}/issues/12/comments?per_page=100`],
  ['issues/create-comment', 201, 'POST', `${REPO}/issues/12/comments`, { body: 'Second' }],
  ['issues/get-comment', 200, 'GET', `${REPO}/issues/comments/1001`],
  ['issues/update-comment', 200, 'PATCH', `${REPO}/issues/comments/1001`, { body: 'Changed' }],
  ['issues/delete-comment', 204, 'DELETE', `${REPO}/issues/comments/1001`],
  ['pulls/get', 200, 'GET', `${REPO}/pulls/12`],
  ['pulls/list', 200, 'GET', `${REPO}/pulls?state=closed&base=main&sort=updated&direction=desc`],
  ['repos/list-pull-requests-associated-with-commit', 200, 'GET', `${REPO}/commits/${'b'.repeat(40)}/pulls`],
  ['actions/list-workflow-runs', 200, 'GET', `${REPO}/actions/workflows/evals.yml/runs?status=success&branch=main`],
  ['actions/get-workflow-run', 200, 'GET', `${REPO}/actions/runs/90`],
  ['actions/list-workflow-run-artifacts', 200, 'GET', `${REPO}/actions/runs/90/artifacts`],
  ['actions/download-artifact', 302, 'GET', `${REPO}/actions/artifacts/1/zip`],
  ['repos/get', 200, 'GET', REPO],
  ['repos/get-content', 200, 'GET', `${REPO}/contents/${encodeURIComponent('.github/token-budget.yml')}?ref=main`],
  ['git/get-commit', 200, 'GET', `${REPO}/git/commits/${'b'.repeat(40)}`],
  ['users/get-authenticated', 200, 'GET', '/user'],
];

test.each(REQUESTS)(
  '%s answers %i as GitHub describes it',
  async (...[operation, status, method, path, body]: Asked) => {
    const github = await standIn();
    const answer = await ask(github, path, method, body);
    expect([github.operations(), answer.status]).toEqual([[operation], status]);
    await github.close();
  },
);

test('no operation goes without a test of its answer', () => {
  expect(REQUESTS.map(([operation]) => operation).sort()).toEqual(Object.keys(OPERATIONS).sort());
});

test.each([
  ['a body without its text', 'POST', `${REPO}/issues/12/comments`, { text: 'x' }],
  ['a text that is no string', 'PATCH', `${REPO}/issues/comments/1001`, { body: 1 }],
  ['an unknown order', 'GET', `${REPO}/pulls?sort=size`, undefined],
  ['a number that is none', 'GET', `${REPO}/issues/twelve/comments`, undefined],
  ['an operation outside the slice', 'GET', `${REPO}/branches`, undefined],
] as const)('%s is told at the end', async (_name, method, path, body) => {
  const github = await standIn();
  await ask(github, path, method, body);
  await expect(github.close()).rejects.toThrow('not as GitHub describes its API');
});

test('lists come in pages, each with the links to its neighbours', async () => {
  const github = await standIn();
  for (let i = 0; i < 9; i += 1) addComment(github.world, 12, `Remark ${i}`);
  const answer = await ask(github, `${REPO}/issues/12/comments?per_page=4&page=2`);
  expect(await answer.json()).toHaveLength(4);
  const rels = [...(answer.headers.get('link') ?? '').matchAll(/[?&]page=(\d+)>; rel="(\w+)"/g)];
  const links = Object.fromEntries(rels.map(([, page = '', rel = '']) => [rel, Number(page)]));
  expect(links).toEqual({ prev: 1, first: 1, next: 3, last: 3 });
});

test('without a token nothing is answered', async () => {
  const github = await standIn();
  expect((await fetch(`${github.url}${REPO}`)).status).toBe(401);
});
