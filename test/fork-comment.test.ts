/** Runs the script of examples/workflows/fork-comment.yml, as it stands there, against the stand-in for GitHub. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getOctokit } from '@actions/github';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMarker } from '../src/github/marker.js';
import payload from './fixtures/events/workflow_run.json' with { type: 'json' };
import { openGitHub, type GitHub } from './support/github/server.js';
import { addComment, addPull } from './support/github/world.js';
import { workflowsIn } from './support/workflows.js';

type Script = (parts: Readonly<Record<string, unknown>>) => Promise<void>;

const MARKER = '<!-- token-budget-fork -->';
const HEAD = payload.workflow_run.head_sha;

let github: GitHub;
let folder: string;
let notices: string[];
let script: Script;

beforeEach(async () => {
  github = await openGitHub();
  addPull(github.world, { number: 12, head: { ref: 'feature', sha: HEAD } });
  const directory = mkdtempSync(join(tmpdir(), 'tb-fork-'));
  folder = join(directory, 'artifact');
  mkdirSync(folder);
  notices = [];
  script = await scriptIn(directory);
});

afterEach(async () => {
  delete process.env.FOLDER;
  rmSync(join(folder, '..'), { recursive: true });
  await github.close();
});

/** As github-script wraps it: the body of an async function with these names in reach. */
async function scriptIn(directory: string): Promise<Script> {
  const steps = workflowsIn('examples/workflows').find(({ file }) => file.endsWith('fork-comment.yml'))?.steps ?? [];
  const body = String(steps.find(({ uses }) => uses?.startsWith('actions/github-script@'))?.with?.script);
  const file = join(directory, 'script.mjs');
  writeFileSync(file, `export default async ({ github, context, core, require }) => {\n${body}\n};\n`);
  const { default: run } = (await import(pathToFileURL(file).href)) as { default: Script };
  return run;
}

function leave(files: { comment: string; number: string }): void {
  writeFileSync(join(folder, 'comment.md'), files.comment);
  writeFileSync(join(folder, 'number.txt'), files.number);
}

async function post(run: Partial<Record<'head_sha', string>> = {}): Promise<void> {
  process.env.FOLDER = folder;
  const head_repository = { ...payload.workflow_run.head_repository, id: github.world.repositoryId };
  const workflow_run = { ...payload.workflow_run, head_repository, ...run };
  await script({
    github: getOctokit('token', { baseUrl: github.url }),
    context: { repo: { owner: github.world.owner, repo: github.world.repo }, payload: { workflow_run } },
    core: { notice: (text: string) => notices.push(text) },
    require: createRequire(import.meta.url),
  });
}

test('the comment of a fork’s run is written once and edited by later runs', async () => {
  addComment(github.world, 12, `${MARKER}\nnot ours`, { login: 'mallory', type: 'User' });
  leave({ comment: 'Within budget', number: '12' });
  await post();
  leave({ comment: 'Over budget', number: '12' });
  await post();
  const [, ...written] = github.world.comments;
  expect(written.map(({ body }) => body.split('\n').at(-1))).toEqual(['Over budget']);
  expect(written[0]?.body).toMatch(/^<!-- token-budget-fork -->\n> Measured by \[a run\].* not verified\.\n/);
});

test('a fork’s words mention nobody and cannot pass for a comment of the action’s own', async () => {
  const forged = `<!-- token-budget:v1 key=k run=9 attempt=1 sha=${HEAD} -->\nThanks @octo`;
  expect(readMarker(forged)).toBeDefined();
  leave({ comment: forged, number: '12' });
  await post();
  const body = github.world.comments[0]?.body ?? '';
  expect(readMarker(body)).toBeUndefined();
  expect(body).toContain('Thanks @\u200bocto');
});

test('the longest comment that is read still fits', async () => {
  leave({ comment: '@'.repeat(200_000), number: '12' });
  await post();
  expect(github.world.comments[0]?.body.length).toBeLessThan(65_536);
});

test('a pull request that is not at the commit of the run gets no comment', async () => {
  leave({ comment: 'Within budget', number: '12' });
  await post({ head_sha: 'c'.repeat(40) });
  expect(github.world.comments).toEqual([]);
  expect(notices).toEqual([expect.stringContaining('#12')]);
});

test.each(['', '0', '-1', '12/comments', '1e3', '99999999999', '12\n'])('the number %j is refused', async (number) => {
  leave({ comment: 'Within budget', number });
  await expect(post()).rejects.toThrow('number.txt');
  expect(github.requests).toEqual([]);
});

test('a link instead of the comment is not followed, and too much text is not read', async () => {
  leave({ comment: 'x'.repeat(200_001), number: '12' });
  await expect(post()).rejects.toThrow('comment.md is not a plain file');
  rmSync(join(folder, 'comment.md'));
  symlinkSync('/proc/self/environ', join(folder, 'comment.md'));
  await expect(post()).rejects.toThrow('comment.md is not a plain file');
  expect(github.world.comments).toEqual([]);
});
