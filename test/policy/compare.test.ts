import { expect, test } from 'vitest';
import type { Policy } from '../../src/domain/policy.js';
import { tightened } from '../../src/policy/compare.js';
import { loadPolicy } from '../../src/policy/load.js';

const policy = (rest: string): Policy => loadPolicy(`version: 1\n${rest}`, 'token-budget.yml').policy;
const ceilings = ({ limits }: Policy) =>
  limits.map(({ dimension, scope, ceiling }) => [dimension, scope.kind, ceiling]);

const BASE = policy('run: base\nlimits: { tokens: 100, per_call: { tokens: 50 }, models: { "gpt-*": { calls: 5 } } }');

test("the base's ceilings stand, and the pull request's only where they are lower or further", () => {
  const head = policy('limits: { tokens: 200, calls: 9, models: { "gpt-*": { calls: 4 } } }');
  expect(ceilings(tightened(BASE, head))).toEqual([
    ['tokens', 'run', 100],
    ['tokens', 'call', 50],
    ['calls', 'model', 4],
    ['calls', 'run', 9],
  ]);
});

test('rows and providers are tightened like all else', () => {
  const base = policy(
    'limits: { per_row: { tokens: 9 }, providers: { openai: { tokens: 9 } }, models: { openai: { tokens: 9 } } }',
  );
  const head = policy(
    'limits: { per_row: { tokens: 8 }, providers: { openai: { tokens: 10 }, azure: { tokens: 9 } } }',
  );
  expect(tightened(base, head).limits.map(({ ceiling }) => ceiling)).toEqual([8, 9, 9, 9]);
});

test.each([
  ['raise', 'warn', 'raise'],
  ['raise', 'halt', 'halt'],
  ['warn', 'raise', 'raise'],
  ['halt', 'raise', 'halt'],
] as const)('on_exceed %s at the base and %s in the pull request come to %s', (base, head, result) => {
  expect(tightened(policy(`on_exceed: ${base}`), policy(`on_exceed: ${head}`)).onExceed).toBe(result);
});

test("prices, hosts and holds are the base's, the command the pull request's", () => {
  const head = policy(
    'run: head\nmetering: strict\nrates: { gpt-4o: 0 }\nunpriced: warn\nreserve: { wait: 1s }\nupstreams: { x.example: {} }',
  );
  const both = tightened(BASE, head);
  expect(both).toMatchObject({
    run: 'head',
    rates: [],
    unpriced: 'refuse',
    metering: 'strict',
    upstreams: [],
    reserve: BASE.reserve,
  });
});
