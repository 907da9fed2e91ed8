import { describe, expect, test } from 'vitest';
import { readMarker } from '../../src/github/marker.js';
import { addComment, type Account } from '../support/github/world.js';
import { commentOf, NUMBERS, publish, standIn, THIS_RUN } from './stand.js';

const USER: Account = { login: 'mallory', type: 'User' };
const OTHER_BOT: Account = { login: 'dependabot[bot]', type: 'Bot' };

describe('the sticky comment', () => {
  test('a first run creates it, with the marker and the numbers at its start', async () => {
    const github = await standIn();
    const outcome = await publish(github, { numbers: NUMBERS });
    const [comment] = github.world.comments;
    expect(outcome).toEqual({ action: 'created', id: comment?.id });
    expect(readMarker(comment?.body ?? '')).toMatchObject({ run: 500, attempt: 1, numbers: NUMBERS });
    expect(comment?.body.endsWith('\n\nWithin the budget.')).toBe(true);
    expect(github.operations()).toEqual(['issues/list-comments', 'issues/create-comment']);
  });

  test('a later run edits it in place', async () => {
    const github = await standIn();
    const { id } = addComment(github.world, 12, commentOf({ run: 400 }));
    expect(await publish(github)).toEqual({ action: 'updated', id });
    expect(github.world.comments).toHaveLength(1);
    expect(github.world.comments[0]?.body).toContain('Within the budget.');
  });

  test('nothing is written where the comment is the same already', async () => {
    const github = await standIn();
    const { id } = addComment(github.world, 12, commentOf({}, 'Within the budget.'));
    expect(await publish(github)).toEqual({ action: 'unchanged', id });
    expect(github.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(github.operations()).toEqual(['issues/list-comments', 'graphql/viewer']);
  });

  test('it is found on the third page of comments', async () => {
    const github = await standIn();
    for (let i = 0; i < 230; i += 1) addComment(github.world, 12, `Remark ${i}`, USER);
    const { id } = addComment(github.world, 12, commentOf({ run: 400 }));
    expect(await publish(github)).toEqual({ action: 'updated', id });
    expect(github.operations().filter((each) => each === 'issues/list-comments')).toHaveLength(3);
  });

  test('"off" asks nothing of GitHub', async () => {
    const github = await standIn();
    expect(await publish(github, { mode: 'off' })).toEqual({ action: 'skipped', id: null });
    expect(github.requests).toEqual([]);
  });

  test('one that is deleted between the look and the edit is created anew', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 400 }));
    github.before('issues/update-comment', () => github.world.comments.splice(0));
    expect((await publish(github)).action).toBe('created');
    expect(github.world.comments).toHaveLength(1);
  });
});

describe('what users complain of elsewhere', () => {
  test('an older run does not overwrite what a newer one wrote', async () => {
    const github = await standIn();
    const { id } = addComment(github.world, 12, commentOf({ run: 501 }, 'Newer.'));
    const outcome = await publish(github);
    expect(outcome).toMatchObject({ action: 'skipped', id });
    expect(outcome.notice).toContain('newer run (501, attempt 1)');
    expect(github.world.comments[0]?.body).toContain('Newer.');
  });

  test.each([
    { attempt: 2, mine: 1, action: 'skipped' },
    { attempt: 2, mine: 2, action: 'updated' },
    { attempt: 1, mine: 2, action: 'updated' },
  ])('attempt $mine of a run over attempt $attempt of it: $action', async ({ attempt, mine, action }) => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ attempt }));
    expect(await publish(github, { identity: { ...THIS_RUN, attempt: mine } })).toMatchObject({ action });
  });

  test('an older run leaves no second comment in any mode', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 501 }));
    for (const mode of ['delete-and-new', 'hide-and-new', 'new'] as const) {
      expect(await publish(github, { mode })).toMatchObject({ action: 'skipped' });
    }
    expect(github.world.comments).toHaveLength(1);
  });

  test('jobs of a matrix do not overwrite one comment, each has its own', async () => {
    const github = await standIn();
    const identities = ['small', 'large'].map((model) => ({ ...THIS_RUN, key: `ci / evals / model=${model}` }));
    await Promise.all(identities.map((identity) => publish(github, { identity, body: identity.key })));
    await Promise.all(identities.map((identity) => publish(github, { identity, body: `${identity.key}, again` })));
    const bodies = github.world.comments.map(({ body }) => body.split('\n').at(-1)).sort();
    expect(bodies).toEqual(['ci / evals / model=large, again', 'ci / evals / model=small, again']);
  });

  test('another comment of the same bot without our marker is not clobbered', async () => {
    const github = await standIn();
    addComment(github.world, 12, 'Coverage: 91 %');
    expect(await publish(github)).toMatchObject({ action: 'created' });
    expect(github.world.comments[0]?.body).toBe('Coverage: 91 %');
  });

  test('a comment of the same bot that repeats our marker behind its own words is not clobbered', async () => {
    const github = await standIn();
    addComment(github.world, 12, `The description says:\n${commentOf({ run: 1 })}`);
    expect(await publish(github)).toMatchObject({ action: 'created' });
    expect(github.world.comments).toHaveLength(2);
  });

  test('a marker that somebody else forged is ignored', async () => {
    const github = await standIn();
    const forged = commentOf({ run: 999_999_999 }, 'All is well.');
    for (const author of [USER, OTHER_BOT]) addComment(github.world, 12, forged, author);
    expect(await publish(github)).toMatchObject({ action: 'created' });
    expect(github.world.comments.map(({ body }) => body).slice(0, 2)).toEqual([forged, forged]);
  });

  test('a reply that quotes the comment, markers included, is ignored', async () => {
    const github = await standIn();
    const quote = commentOf({ run: 400 }).replaceAll(/^/gm, '> ');
    for (const author of [USER, github.world.viewer]) addComment(github.world, 12, `${quote}\n\nWhy?`, author);
    expect(await publish(github)).toMatchObject({ action: 'created' });
    expect(github.world.comments).toHaveLength(3);
  });

  test('no spam: ten runs leave one comment', async () => {
    const github = await standIn();
    for (let run = 1; run <= 10; run += 1)
      await publish(github, { identity: { ...THIS_RUN, run }, body: `Run ${run}` });
    expect(github.world.comments.map(({ body }) => body.split('\n').at(-1))).toEqual(['Run 10']);
  });

  test('several of ours converge on the one with the lowest id', async () => {
    const github = await standIn();
    const [first] = [400, 401, 402].map((run) => addComment(github.world, 12, commentOf({ run })));
    addComment(github.world, 12, 'Thanks!', USER);
    expect(await publish(github)).toEqual({ action: 'updated', id: first?.id });
    expect(github.world.comments.map(({ body }) => body.split('\n').at(-1))).toEqual(['Within the budget.', 'Thanks!']);
  });
});

describe('modes', () => {
  test('delete-and-new leaves one comment, at the end', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 400 }));
    addComment(github.world, 12, 'Thanks!', USER);
    const { action, id } = await publish(github, { mode: 'delete-and-new' });
    expect(action).toBe('created');
    expect(github.world.comments.map((comment) => comment.id)).toEqual([1002, id]);
  });

  test('delete-and-new writes before it deletes, so that a failure leaves the earlier comment', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 400 }, 'Still here.'));
    github.fail({ operation: 'issues/create-comment', kind: 'unauthorized' });
    expect((await publish(github, { mode: 'delete-and-new' })).action).toBe('failed');
    expect(github.world.comments[0]?.body).toContain('Still here.');
  });

  test('hide-and-new folds the earlier ones away, those already folded left alone', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 399 })).minimized = true;
    addComment(github.world, 12, commentOf({ run: 400 }));
    expect(await publish(github, { mode: 'hide-and-new' })).toMatchObject({ action: 'created' });
    expect(github.world.comments.map(({ minimized }) => minimized)).toEqual([true, true, false]);
    expect(github.requests.at(-1)?.body).toMatchObject({ variables: { c0: 'IC_1002' } });
  });

  test('new leaves the earlier ones as they are', async () => {
    const github = await standIn();
    const { body } = addComment(github.world, 12, commentOf({ run: 400 }));
    expect(await publish(github, { mode: 'new' })).toMatchObject({ action: 'created' });
    expect(github.world.comments.map((comment) => comment.body)[0]).toBe(body);
    expect(github.world.comments).toHaveLength(2);
  });

  test.each(['new', 'delete-and-new', 'hide-and-new'] as const)(
    '%s: the same run that publishes the same once more leaves it at one comment',
    async (mode) => {
      const github = await standIn();
      const { id } = await publish(github, { mode });
      expect(await publish(github, { mode })).toEqual({ action: 'unchanged', id });
      expect(github.world.comments.map(({ minimized }) => minimized)).toEqual([false]);
    },
  );
});

describe('whose comment it is', () => {
  test('a token of a user finds the comment of that user, not that of the bot', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 400 }));
    const own = addComment(github.world, 12, commentOf({ run: 400 }), USER);
    github.world.viewer = USER;
    expect(await publish(github)).toEqual({ action: 'updated', id: own.id });
  });

  test('without GraphQL a user is known by REST', async () => {
    const github = await standIn();
    const own = addComment(github.world, 12, commentOf({ run: 400 }), USER);
    github.world.viewer = USER;
    github.fail({ operation: 'graphql/viewer', kind: 'server-error' });
    expect(await publish(github)).toEqual({ action: 'updated', id: own.id });
  });

  test('a token that may not ask who it is counts as the workflow’s own', async () => {
    const github = await standIn();
    addComment(github.world, 12, commentOf({ run: 999 }), USER);
    const own = addComment(github.world, 12, commentOf({ run: 400 }));
    github.fail({ operation: 'graphql/viewer', kind: 'server-error' });
    expect(await publish(github)).toEqual({ action: 'updated', id: own.id });
  });
});
