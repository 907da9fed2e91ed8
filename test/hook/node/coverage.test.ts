import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coverageFrom, coveredEnvironment, coveredPairs } from '../../../src/hook/node/coverage.js';

const coverage = coverageFrom({ PYTHONPATH: `/py${delimiter}/user` }, 'HOOK', '/a b/preload.cjs');
const OURS = '--require "/a b/preload.cjs"';
const FULL = { TOKEN_BUDGET_HOOK: 'HOOK', NODE_OPTIONS: OURS, PYTHONPATH: '/py' };

describe("a child's environment", () => {
  it.each([
    ['is given all when it is empty', {}, FULL],
    ['keeps what it holds besides', { A: '1' }, { A: '1', ...FULL }],
    ['keeps its Node options', { ...FULL, NODE_OPTIONS: '--x' }, { ...FULL, NODE_OPTIONS: `${OURS} --x` }],
    ['keeps its Python path', { ...FULL, PYTHONPATH: '/own' }, { ...FULL, PYTHONPATH: `/py${delimiter}/own` }],
    [
      'has our Python path in front',
      { ...FULL, PYTHONPATH: `/own${delimiter}/py` },
      { ...FULL, PYTHONPATH: `/py${delimiter}/own` },
    ],
    ['has no empty configuration', { ...FULL, TOKEN_BUDGET_HOOK: '' }, FULL],
  ])('%s', (_name, given, expected) => {
    expect(coveredEnvironment(given, coverage)).toEqual(expected);
    const pairs = Object.entries(given).map(([name, value]) => `${name}=${value}`);
    expect([...coveredPairs(pairs, coverage)].sort()).toEqual(
      Object.entries(expected)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
  });

  it('is handed on as it is, when nothing is missing', () => {
    const env = { ...FULL, TOKEN_BUDGET_HOOK: 'another', NODE_OPTIONS: `--x ${OURS}` };
    const pairs = ['=C:=C:\\', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
    expect(coveredEnvironment(env, coverage)).toBe(env);
    expect(coveredPairs(pairs, coverage)).toBe(pairs);
  });

  it('gets no Python path where this process had none', () => {
    const without = coverageFrom({}, 'HOOK', '/p.cjs');
    expect(coveredEnvironment({}, without)).toEqual({ TOKEN_BUDGET_HOOK: 'HOOK', NODE_OPTIONS: '--require "/p.cjs"' });
  });

  it('escapes the backslashes of a Windows path as NODE_OPTIONS reads them', () => {
    const windows = coverageFrom({}, 'HOOK', 'C:\\x\\p.cjs');
    expect(coveredEnvironment({}, windows).NODE_OPTIONS).toBe('--require "C:\\\\x\\\\p.cjs"');
  });
});
