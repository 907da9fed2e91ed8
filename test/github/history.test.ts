import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { baseNumbers, previousNumbers } from '../../src/github/history.js';
import type { GitHub } from '../support/github/server.js';
import { addComment, addPull, addRun, type Artifact } from '../support/github/world.js';
import { zipOf } from '../support/zip.js';
import { BASE, commentOf, connectionTo, HEAD, NUMBERS, PULL, REPO, standIn, THIS_RUN } from './stand.js';

const REPORT = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'reports', 'within.json'), 'utf8');
const TOKENS = (JSON.parse(REPORT) as { totals: { total_tokens: number } }).totals.total_tokens;
const OLD = 'c'.repeat(40);

function base(github: GitHub, fields: { baseSha?: string } = {}) {
  return baseNumbers({
    connection: connectionTo(github),
    repo: REPO,
    key: THIS_RUN.key,
    baseSha: BASE,
    baseRef: 'main',
    workflow: 'evals.yml',
    artifactName: 'token-budget-report',
    ...fields,
  });
}

function previous(github: GitHub, attempt = 1) {
  const identity = { ...THIS_RUN, attempt };
  return previousNumbers({ connection: connectionTo(github), pull: PULL, identity });
}

function leave(github: GitHub, run: number, fields: Partial<Artifact> = {}): void {
  const zip = zipOf({ 'report.json': REPORT, 'report.md': 'text' });
  github.world.artifacts.push({ id: run + 7000, run, name: 'token-budget-report', expired: false, zip, ...fields });
}

function merged(github: GitHub, number: number, sha: string, tokens: number, day = 1): void {
  const at = `2026-11-0${day}T09:00:00Z`;
  addPull(github.world, { number, state: 'closed', merged_at: at, merge_commit_sha: sha, updated_at: at });
  addComment(github.world, number, commentOf({ run: 100 + number }, 'x', { ...NUMBERS, tokens }));
}

describe('the previous run on a pull request', () => {
  test('its numbers are those that our own comment carries', async () => {
    const github = await standIn();
    const { id } = addComment(github.world, 12, commentOf({ run: 400 }, 'x', NUMBERS));
    expect(await previous(github)).toEqual({
      found: true,
      numbers: NUMBERS,
      source: 'the previous run at aaaaaaa',
      url: `https://github.com/octo/evals/pull/12#issuecomment-${id}`,
    });
  });

  test('the attempt before this one counts, this very attempt does not', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ attempt: 1 }, 'x', NUMBERS));
    expect((await previous(github, 2)).found).toBe(true);
    expect((await previous(github, 1)).found).toBe(false);
  });

  test('forged numbers of somebody else are not taken', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 400 }, 'x', NUMBERS), { login: 'mallory', type: 'User' });
    expect((await previous(github)).found).toBe(false);
  });

  test('a first run says plainly that there is none', async () => {
    const github = await standIn();
    const reason = 'No earlier run on this pull request to compare with.';
    expect(await previous(github)).toEqual({ found: false, reason });
  });

  test('a token that may not look gives a reason and no error', async () => {
    const github = await standIn();
    github.fail({ operation: '*', kind: 'forbidden' });
    expect(await previous(github)).toMatchObject({ found: false });
  });
});

describe('the base branch', () => {
  test('the artifact of the newest successful run on the base commit comes first', async () => {
    const github = await standIn();
    addRun(github.world, { id: 90 });
    addRun(github.world, { id: 91, conclusion: 'failure' });
    addRun(github.world, { id: 92, head_sha: OLD });
    for (const run of [90, 91, 92]) leave(github, run);
    merged(github, 7, BASE, 1);
    const found = await base(github);
    expect(found).toMatchObject({ found: true, source: 'the run on main at bbbbbbb' });
    expect(found).toMatchObject({ url: 'https://github.com/octo/evals/actions/runs/90' });
    expect(found).toMatchObject({ numbers: { tokens: TOKENS, sha: BASE } });
  });

  test('without artifacts, the comment on the pull request that was merged as the base commit', async () => {
    const github = await standIn();
    merged(github, 7, BASE, 70);
    merged(github, 8, OLD, 80, 2);
    // Listed with the commit too: it was the head of a change that was squashed into another commit.
    const squashed = { number: 6, merged_at: '2026-11-01T07:00:00Z', merge_commit_sha: OLD };
    addPull(github.world, { ...squashed, state: 'closed', head: { ref: 'x', sha: BASE } });
    addComment(github.world, 6, commentOf({ run: 106 }, 'x', { ...NUMBERS, tokens: 60 }));
    github.world.pulls.reverse();
    expect(await base(github)).toMatchObject({ source: '#7, merged into main', numbers: { tokens: 70 } });
  });

  test('else the artifact of the newest run on the branch', async () => {
    const github = await standIn();
    addRun(github.world, { id: 80, head_sha: OLD });
    leave(github, 80);
    merged(github, 8, OLD, 80);
    expect(await base(github)).toMatchObject({ source: 'the run on main at ccccccc', numbers: { sha: OLD } });
  });

  test('else the comment on the pull request merged last', async () => {
    const github = await standIn();
    merged(github, 7, OLD, 70, 1);
    merged(github, 8, OLD, 80, 2);
    addPull(github.world, { number: 9, state: 'closed', updated_at: '2026-11-09T09:00:00Z' });
    expect(await base(github, { baseSha: '' })).toMatchObject({
      source: '#8, merged into main',
      numbers: { tokens: 80 },
    });
  });

  test('nothing at all is said plainly', async () => {
    const github = await standIn();
    const reason =
      'No baseline from main yet: no artifact token-budget-report, and no comment on a merged pull request.';
    expect(await base(github)).toEqual({ found: false, reason });
  });

  test('without `actions: read` comments still answer, and where they do not, the permission is named', async () => {
    const github = await standIn();
    github.world.permissions.actions = 'none';
    const nothing = await base(github);
    expect(nothing).toMatchObject({ found: false, reason: expect.stringContaining('`actions: read`') as unknown });
    expect(github.operations().filter((each) => each === 'actions/list-workflow-runs')).toHaveLength(1);
    merged(github, 7, BASE, 70);
    expect(await base(github)).toMatchObject({ numbers: { tokens: 70 } });
  });

  test.each([
    ['a fork with a branch of the same name', { event: 'push', head_repository_id: 999 }],
    ['a pull request', { event: 'pull_request' }],
    ['a merge queue', { event: 'merge_group' }],
  ])('a run of %s does not count', async (_name, fields) => {
    const github = await standIn();
    addRun(github.world, { id: 90, ...fields });
    leave(github, 90);
    expect((await base(github)).found).toBe(false);
  });

  test.each([
    ['has expired', { expired: true }],
    ['has another name', { name: 'coverage' }],
    ['is larger than any report', { size: 100_000_000 }],
    [
      'is larger than it states',
      { zip: zipOf({ 'report.json': REPORT.padEnd(9_000_000) }, { stored: true }), size: 10 },
    ],
    ['is no archive', { zip: Buffer.from('<html>') }],
    ['holds no report', { zip: zipOf({ 'x.json': REPORT }) }],
    ['holds no JSON', { zip: zipOf({ 'report.json': '{' }) }],
    ['holds a report of another shape', { zip: zipOf({ 'report.json': '{"schema_version":1,"totals":{}}' }) }],
    ['holds a bomb', { zip: zipOf({ 'report.json': ' '.repeat(60_000_000) }) }],
  ])('an artifact that %s is passed over', async (_name, fields) => {
    const github = await standIn();
    addRun(github.world, { id: 90 });
    leave(github, 90, fields);
    expect((await base(github)).found).toBe(false);
    merged(github, 7, BASE, 70);
    expect(await base(github)).toMatchObject({ numbers: { tokens: 70 } });
  });

  test('a broken or expired artifact of the newest runs leaves it to the run before', async () => {
    const github = await standIn();
    for (const id of [90, 91]) addRun(github.world, { id });
    leave(github, 90);
    leave(github, 91, { zip: Buffer.from('<html>') });
    addRun(github.world, { id: 92 });
    leave(github, 92, { expired: true });
    expect(await base(github)).toMatchObject({ url: 'https://github.com/octo/evals/actions/runs/90' });
  });

  test('a GitHub that never answers is given up at the deadline', async () => {
    const github = await standIn();
    github.fail({ operation: '*', kind: 'hang' });
    const connection = connectionTo(github, 300);
    const query = { connection, repo: REPO, key: THIS_RUN.key, baseSha: BASE, baseRef: 'main', workflow: 'evals.yml' };
    const found = await baseNumbers({ ...query, artifactName: 'token-budget-report' });
    expect(found).toMatchObject({ found: false, reason: expect.stringContaining('within 0.3 s') as unknown });
  });

  test('no token goes to the host that keeps artifacts', async () => {
    const github = await standIn();
    addRun(github.world, { id: 90, head_sha: HEAD });
    leave(github, 90);
    await base(github, { baseSha: HEAD });
    const [toStore] = github.requests.filter(({ operation }) => operation === 'store');
    expect(toStore).toMatchObject({ status: 200, authorization: undefined });
  });
});
