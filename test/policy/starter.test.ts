import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadPolicy } from '../../src/policy/load.js';
import { STARTER_POLICY, STARTER_WORKFLOW } from '../../src/policy/starter.js';
import { KNOWN_KEYS } from '../../src/generated/policy-validator.generated.js';
import schema from '../../schema/token-budget.schema.json' with { type: 'json' };

describe('the starter policy', () => {
  test('loads with no problem and no warning', () => {
    const { policy, warnings } = loadPolicy(STARTER_POLICY, 'token-budget.yml');
    expect(warnings).toEqual([]);
    expect(policy.limits.map(({ dimension, ceiling }) => [dimension, ceiling])).toEqual([
      ['tokens', 200_000],
      ['cost_usd', 1_000_000_000],
      ['tokens', 32_000],
    ]);
  });

  test('loads with every key that it shows in comments', () => {
    const known = [...new Set(Object.values(KNOWN_KEYS).flat()), 'my-finetune', '"[^"]+"'].join('|');
    const commented = STARTER_POLICY.replace(new RegExp(`^( *)# ( *(?:${known}):(?: .*)?)$`, 'gm'), '$1$2');
    const { policy } = loadPolicy(commented, 'token-budget.yml');
    expect(policy.limits).toHaveLength(7);
    expect(policy.rates.map(({ pattern }) => pattern)).toEqual(['my-finetune', 'my-local-*']);
    expect(policy.upstreams).toEqual([{ host: '127.0.0.1:11434', dialect: 'openai-chat' }]);
  });

  test('points editors at the schema', () => {
    expect(STARTER_POLICY.split('\n')[0]).toBe(`# yaml-language-server: $schema=${schema.$id}`);
  });
});

describe('the starter workflow', () => {
  test('runs on pull requests with no right but to read and to comment, and keeps no credentials', () => {
    expect(parse(STARTER_WORKFLOW)).toMatchObject({
      on: { pull_request: null, workflow_dispatch: null },
      permissions: { contents: 'read', 'pull-requests': 'write' },
      concurrency: { group: 'token-budget-${{ github.ref }}', 'cancel-in-progress': true },
      jobs: {
        evals: { steps: [{ with: { 'persist-credentials': false } }, { with: { policy: 'token-budget.yml' } }] },
      },
    });
  });
});
