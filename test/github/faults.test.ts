import { expect, test } from 'vitest';
import { addComment, addPull } from '../support/github/world.js';
import { commentOf, connectionTo, publish, PULL, standIn } from './stand.js';

test('a pull request from a fork: a read-only token fails at once, and the warning names the permission', async () => {
  const github = await standIn();
  github.world.permissions.pull_requests = 'read';
  const outcome = await publish(github);
  expect(outcome).toMatchObject({ action: 'failed', id: null });
  expect(outcome.warning).toBe(
    'Could not write the comment: the token lacks the permission `pull-requests: write`. Add it under `permissions:` ' +
      'of the job. On pull requests from forks the token is always read-only.',
  );
  expect(github.operations()).toEqual(['issues/list-comments', 'issues/create-comment']);
});

test('a read-only token on an existing comment fails at once too', async () => {
  const github = await standIn();
  addComment(github.world, 12, commentOf({ run: 400 }));
  github.world.permissions.pull_requests = 'read';
  expect((await publish(github)).warning).toContain('`pull-requests: write`');
  expect(github.operations().filter((each) => each === 'issues/update-comment')).toHaveLength(1);
});

test('a locked conversation is named as such', async () => {
  const github = await standIn();
  addPull(github.world, { number: 13, locked: true });
  expect((await publish(github, { pull: { ...PULL, number: 13 } })).warning).toBe(
    'Could not write the comment: pull request #13 of octo/evals is locked.',
  );
});

test('a deleted pull request is named as such', async () => {
  const github = await standIn();
  addPull(github.world, { number: 13, gone: true });
  expect((await publish(github, { pull: { ...PULL, number: 13 } })).warning).toContain('#13 of octo/evals was deleted');
});

test('a pull request that does not exist is named as such, without a second try', async () => {
  const github = await standIn();
  expect((await publish(github, { pull: { ...PULL, number: 99 } })).warning).toContain(
    '#99 of octo/evals does not exist',
  );
  expect(github.requests).toHaveLength(1);
});

test('a token that is no longer valid is named as such', async () => {
  const github = await standIn();
  github.fail({ operation: '*', kind: 'unauthorized' });
  expect((await publish(github)).warning).toContain('wrong, expired or revoked');
});

test('a comment that is too long is shortened once and published', async () => {
  const github = await standIn();
  const outcome = await publish(github, { body: 'x'.repeat(65_536), shorter: () => 'The verdict alone.' });
  expect(outcome).toMatchObject({ action: 'created', id: github.world.comments[0]?.id });
  expect(outcome.warning).toContain('was shortened');
  expect(github.world.comments[0]?.body).toContain('The verdict alone.');
});

test('a comment that is too long even when shortened fails with that reason', async () => {
  const github = await standIn();
  const outcome = await publish(github, { body: 'x'.repeat(65_536), shorter: () => 'x'.repeat(65_536) });
  expect(outcome).toMatchObject({ action: 'failed', id: null });
  expect(outcome.warning).toContain('too long');
  expect(github.operations().filter((each) => each === 'issues/create-comment')).toHaveLength(2);
});

test('server errors while looking are retried', async () => {
  const github = await standIn();
  github.fail({ operation: 'issues/list-comments', kind: 'server-error', times: 2 });
  expect((await publish(github)).action).toBe('created');
});

test('a server error after the comment was created all the same leaves one comment', async () => {
  const github = await standIn();
  github.fail({ operation: 'issues/create-comment', kind: 'server-error', times: 1, done: true });
  expect(await publish(github)).toEqual({ action: 'unchanged', id: github.world.comments[0]?.id });
  expect(github.world.comments).toHaveLength(1);
});

test('a connection that breaks while creating is tried again', async () => {
  const github = await standIn();
  github.fail({ operation: 'issues/create-comment', kind: 'reset', times: 1 });
  expect((await publish(github)).action).toBe('created');
  expect(github.world.comments).toHaveLength(1);
});

test('a server that keeps failing ends in one warning after a few tries', async () => {
  const github = await standIn();
  github.fail({ operation: '*', kind: 'server-error' });
  const outcome = await publish(github);
  expect(outcome.warning).toContain('status 502');
  expect(github.requests.length).toBeLessThanOrEqual(12);
});

test.each([
  ['issues/create-comment', {}],
  ['issues/create-comment', { status: 429 }],
  ['issues/list-comments', { status: 429 }],
] as const)('a secondary rate limit of %s %o is waited for as Retry-After says', async (operation, status) => {
  const github = await standIn();
  github.fail({ operation, kind: 'secondary-limit', times: 1, retryAfter: 5, ...status });
  const start = performance.now();
  expect((await publish(github)).action).toBe('created');
  expect(performance.now() - start).toBeGreaterThanOrEqual(5 * 20);
});

test('a secondary rate limit beyond the deadline is not waited for', async () => {
  const github = await standIn();
  github.fail({ operation: 'issues/create-comment', kind: 'secondary-limit', retryAfter: 3600 });
  const start = performance.now();
  const outcome = await publish(github);
  expect(outcome.warning).toBe(
    "Could not write the comment: the token has reached GitHub's rate limit, for another 3600 s.",
  );
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('a spent primary rate limit fails at once', async () => {
  const github = await standIn();
  github.fail({ operation: '*', kind: 'primary-limit' });
  expect((await publish(github)).warning).toContain("has reached GitHub's rate limit");
  expect(github.requests).toHaveLength(1);
});

test('a server that never answers is given up at the deadline', async () => {
  const github = await standIn();
  github.fail({ operation: '*', kind: 'hang' });
  const outcome = await publish(github, { connection: connectionTo(github, 400) });
  expect(outcome).toEqual({
    action: 'failed',
    id: null,
    warning: 'Could not write the comment: GitHub gave no answer within 0.4 s.',
  });
});

test('a server that hangs while earlier comments are cleared away takes nothing from the comment that stands', async () => {
  const github = await standIn();
  addComment(github.world, 12, commentOf({ run: 400 }));
  github.fail({ operation: 'issues/delete-comment', kind: 'hang' });
  const connection = connectionTo(github, 4000);
  const outcome = await publish(github, { mode: 'delete-and-new', connection });
  expect(outcome).toMatchObject({ action: 'created', id: 1002 });
  expect(outcome.warning).toContain('Could not delete or hide earlier comments');
});

test.each(['forbidden', 'unauthorized'] as const)(
  'earlier comments that can not be hidden (%s) are a warning beside a comment that stands',
  async (kind) => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 400 }));
    github.fail({ operation: 'graphql/minimize', kind });
    const outcome = await publish(github, { mode: 'hide-and-new' });
    expect(outcome).toMatchObject({ action: 'created', id: 1002 });
    expect(outcome.warning).toContain(kind === 'forbidden' ? '`pull-requests: write`' : 'wrong, expired or revoked');
  },
);

test('nothing listens at the address: one warning, no throw', async () => {
  const github = await standIn();
  const connection = { ...connectionTo(github), apiUrl: 'http://127.0.0.1:9' };
  expect((await publish(github, { connection })).warning).toContain('could not be reached');
});

test('no token at all: one warning, no throw', async () => {
  const github = await standIn();
  expect((await publish(github, { connection: { ...connectionTo(github), token: '' } })).action).toBe('failed');
});
