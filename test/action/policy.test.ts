/** Which policy is enforced: the one that was meant, or none and the step fails. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunnerResult } from '../support/runner.js';
import { BASE, openStand, POLICY, policyText, type Stand } from './stand.js';

const messages = ({ annotations }: RunnerResult) => annotations.map(({ message }) => message).join('\n');
const put = ({ workspace, upstream }: Stand, path: string, text: string) => {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), policyText(upstream, text));
};
const onBase = ({ github, upstream }: Stand, text: string, path = POLICY, ref = BASE) =>
  void github.world.files.set(`${path}@${ref}`, policyText(upstream, text));
/** What git leaves of a checkout. */
const checkout = (stand: Stand, folder: string, repository = 'octo/evals') => {
  mkdirSync(join(stand.workspace, folder, '.git'), { recursive: true });
  const config = `[core]\n\tbare = false\n[remote "origin"]\n\turl = https://github.com/${repository}\n`;
  writeFileSync(join(stand.workspace, folder, '.git', 'config'), config);
};

async function emptyStand(): Promise<Stand> {
  const stand = await openStand();
  rmSync(join(stand.workspace, POLICY));
  return stand;
}

describe('a step that nothing would limit fails before anything is run', () => {
  test.each([
    ['with a command alone', {}],
    ['with a ceiling from a variable that is not set', { 'max-tokens': '', 'max-cost-usd': '' }],
    ['with a mode alone', { 'on-exceed': 'halt' }],
    ['under the base’s policy, of which there is none', { 'policy-source': 'base', 'policy-fallback': 'head' }],
  ])('%s', async (_what, inputs) => {
    const stand = await emptyStand();
    const result = await stand.run({ inputs: { run: 'touch started', ...inputs } });
    expect(result.outcome).toBe('failure');
    expect(messages(result)).toMatch(/no token-budget\.yml in .*max-tokens, max-cost-usd or max-calls/);
    expect(existsSync(join(stand.workspace, 'started'))).toBe(false);
  });

  test.each(['token-budget.yaml', '.github/token-budget.yml', 'pr/token-budget.yml'])(
    'and names %s, which may be what was meant',
    async (path) => {
      const stand = await emptyStand();
      put(stand, path, 'limits: { calls: 1 }');
      expect(messages(await stand.run({ inputs: { run: 'true' } }))).toContain(`Did you mean ${path}?`);
    },
  );
});

test('a ceiling among the inputs is policy enough', async () => {
  const stand = await emptyStand();
  const result = await stand.run({ inputs: { run: 'true', 'max-calls': '1' } });
  expect(result.outcome).toBe('success');
  expect(messages(result)).not.toContain('sets no limit');
});

test('a policy file without limits is metering on purpose, which the report says', async () => {
  const stand = await openStand('on_exceed: raise');
  const { outcome, summaries } = await stand.run({ inputs: { run: stand.rows(1) } });
  expect(outcome).toBe('success');
  expect(summaries[0]).toContain('`token-budget.yml` sets no limit: calls were metered but never refused.');
});

describe('policy-source: base finds the base’s copy', () => {
  test.each([
    ['as it is named', POLICY, ''],
    ['by ./', `./${POLICY}`, ''],
    ['by a way round', `x/../${POLICY}`, ''],
    ['by its absolute path', (workspace: string) => join(workspace, POLICY), ''],
    ['in a checkout in a sub-folder', `pr/${POLICY}`, 'pr'],
    ['in a sub-folder of a checkout in one', `pr/${POLICY}`, 'pr'],
  ])('%s', async (_what, spelt, folder) => {
    const stand = await openStand('limits: { calls: 9 }');
    if (folder !== '') {
      checkout(stand, folder);
      put(stand, join(folder, POLICY), 'limits: { calls: 9 }');
    }
    onBase(stand, 'limits: { calls: 1 }');
    const policy = typeof spelt === 'string' ? spelt : spelt(stand.workspace);
    const { outputs } = await stand.run({ inputs: { run: stand.rows(3), policy, 'policy-source': 'base' } });
    expect(outputs).toMatchObject({ calls: '1', 'refused-calls': '2' });
  });

  test('through a workspace that is reached by a link', async () => {
    const stand = await openStand('limits: { calls: 9 }');
    const link = join(mkdtempSync(join(tmpdir(), 'tb-link-')), 'workspace');
    symlinkSync(stand.workspace, link);
    onBase(stand, 'limits: { calls: 1 }');
    const inputs = { run: stand.rows(3), policy: join(link, POLICY), 'policy-source': 'base' };
    expect((await stand.run({ inputs })).outputs).toMatchObject({ calls: '1' });
  });

  test('where the pull request took its own away', async () => {
    const stand = await emptyStand();
    onBase(stand, 'limits: { calls: 1 }');
    const { outputs } = await stand.run({ inputs: { run: stand.rows(3), 'policy-source': 'base' } });
    expect(outputs).toMatchObject({ calls: '1', 'refused-calls': '2' });
    expect(stand.github.world.comments[0]?.body).toContain('`calls` 1 → none');
  });

  test('where the workflow names the pull request, and its base is not the default branch', async () => {
    const stand = await openStand('limits: { calls: 9 }');
    onBase(stand, 'limits: { calls: 1 }', POLICY, 'main');
    const inputs = { run: stand.rows(3), 'policy-source': 'base', 'pr-number': '12' };
    const { outputs } = await stand.run({ inputs, event: 'workflow_dispatch' });
    expect(outputs).toMatchObject({ calls: '1' });
  });
});

describe('policy-source: base fails closed', () => {
  const fails = async (stand: Stand, inputs: Readonly<Record<string, string>>, words: RegExp) => {
    const result = await stand.run({ inputs: { run: 'touch started', 'policy-source': 'base', ...inputs } });
    expect(result.outcome).toBe('failure');
    expect(messages(result)).toMatch(words);
    expect(existsSync(join(stand.workspace, 'started'))).toBe(false);
  };

  test('where the base has no policy yet, and says how to go on', async () => {
    await fails(await openStand(), {}, /the branch main has no token-budget\.yml.*policy-fallback: head/);
  });

  test('where the token cannot see the repository, whatever the workflow falls back to', async () => {
    const stand = await openStand();
    onBase(stand, 'limits: { calls: 1 }');
    stand.github.world.permissions.contents = 'none';
    await fails(
      stand,
      { 'policy-fallback': 'head' },
      /policy-source: base: could not read token-budget\.yml: .*`contents: read`/,
    );
  });

  // Side by side, as some of it is asked again and again for a quarter of a minute.
  test('where GitHub answers with forbidden, unauthorized or an error of its own, or breaks the connection', async () => {
    const kinds = ['forbidden', 'server-error', 'unauthorized', 'reset'] as const;
    const failing = kinds.map(async (kind) => {
      const stand = await openStand();
      stand.github.fail({ operation: 'repos/get-content', kind });
      await fails(stand, { 'policy-fallback': 'head' }, /could not read token-budget\.yml/);
    });
    await Promise.all(failing);
  });

  test('where the base’s copy is no policy', async () => {
    const stand = await openStand();
    stand.github.world.files.set(`${POLICY}@${BASE}`, 'limits: 5');
    await fails(stand, { 'policy-fallback': 'head' }, /The policy has/);
  });

  test('where the policy lies outside the workspace', async () => {
    const stand = await openStand();
    const elsewhere = join(mkdtempSync(join(tmpdir(), 'tb-elsewhere-')), 'p.yml');
    writeFileSync(elsewhere, policyText(stand.upstream, 'limits: { calls: 9 }'));
    await fails(stand, { policy: elsewhere }, /is outside the workspace/);
  });

  test('where the policy lies in a checkout of another repository', async () => {
    const stand = await openStand();
    checkout(stand, 'other', 'octo/other');
    put(stand, `other/${POLICY}`, 'limits: { calls: 9 }');
    onBase(stand, 'limits: { calls: 1 }');
    await fails(stand, { policy: `other/${POLICY}` }, /is in a checkout of octo\/other/);
  });
});

test('policy-fallback: head enforces the pull request’s own where the base truly has none, and says so', async () => {
  const stand = await openStand('limits: { calls: 9 }');
  const inputs = { run: stand.rows(1), 'policy-source': 'base', 'policy-fallback': 'head' };
  expect((await stand.run({ inputs })).outcome).toBe('success');
  expect(stand.github.world.comments[0]?.body).toContain('The base branch has no policy yet');
});

describe('what a pull request loosens', () => {
  test('is told with old and new in the comment, in an annotation and in the log', async () => {
    const stand = await openStand('limits: { cost_usd: 1 }\nrates: { "*": 0 }\nunpriced: warn\nwarn_at: 0.9');
    onBase(stand, 'limits: { cost_usd: 1 }\nmetering: strict');
    const result = await stand.run({ inputs: { run: stand.rows(1) } });
    const body = stand.github.world.comments[0]?.body ?? '';
    for (const text of [body.replace(/[`\u200B]/g, ''), messages(result), result.lines.join('\n')]) {
      for (const [name, change] of [
        ['rates.\\*', 'none → input 0.00, output 0.00'],
        ['unpriced', 'refuse → warn'],
        ['metering', 'strict → known'],
        ['warn_at', '0.8 → 0.9'],
      ])
        expect(text).toMatch(new RegExp(`${name ?? ''}:? ${change ?? ''}`));
    }
    expect(result.annotations.find(({ message }) => message.includes('loosens'))).toMatchObject({
      level: 'warning',
      file: POLICY,
    });
  });

  test('is told down to the last of many changes, in the log where the comment has no room', async () => {
    const rates = Array.from({ length: 150 }, (_, i) => `  some-model-with-a-long-name-${i}: 0`).join('\n');
    const stand = await openStand(`limits: { calls: 9 }\nrates:\n${rates}`);
    onBase(stand, 'limits: { calls: 8 }');
    const result = await stand.run({ inputs: { run: stand.rows(1) } });
    expect(result.lines.join('\n')).toContain('rates.some-model-with-a-long-name-149: none → input 0.00');
    const body = stand.github.world.comments[0]?.body ?? '';
    expect(body).toContain('`calls` 8 → 9');
    expect(body).toMatch(/\d+ more changes to the policy: see the step’s log/);
  });

  test('is no warning where it is stricter, or where the base’s policy holds all the same', async () => {
    const stand = await openStand('limits: { calls: 5 }');
    onBase(stand, 'limits: { calls: 8 }');
    const stricter = await stand.run({ inputs: { run: stand.rows(1) } });
    expect(messages(stricter)).not.toContain('loosens');
    expect(stand.github.world.comments[0]?.body).toContain('`calls` 8 → 5');
  });

  test('is said to be unknown where the base cannot be read', async () => {
    const stand = await openStand();
    stand.github.world.permissions.contents = 'none';
    const result = await stand.run({ inputs: { run: stand.rows(1) } });
    expect(result.outcome).toBe('success');
    expect(messages(result)).toContain("could not read the base branch's policy");
    expect(stand.github.world.comments[0]?.body).toContain('Could not read the base branch’s policy');
  });

  test('is said to have nothing to be compared with where the base has no such file', async () => {
    const stand = await openStand();
    await stand.run({ inputs: { run: stand.rows(1) } });
    expect(stand.github.world.comments[0]?.body).toContain('The base branch has no `token-budget.yml`');
  });
});
