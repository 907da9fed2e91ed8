import { describe, expect, test } from 'vitest';
import { buildReport } from '../../src/report/build.js';
import { comparison, movedModels, type Compared } from '../../src/report/compare.js';
import { numbersOf } from '../../src/report/run-numbers.js';
import { open, refuse, reserve, settle } from './runs.js';

const now = buildReport([open(), reserve(1), settle(1), reserve(2), settle(2)]);
const numbers = numbersOf(now);
const against = (change: Partial<Compared['numbers']>): Compared => ({
  label: 'main',
  numbers: { ...numbers, ...change },
});

/** The cells of the row that begins so. */
const rowOf = (lines: readonly string[], head: string): string[] =>
  (lines.find((line) => line.startsWith(`| ${head} |`)) ?? '').split(' | ').map((cell) => cell.replace(/ ?\| ?/, ''));

describe('a comparison', () => {
  test.each([
    [1040, '±0'],
    [1039, '+1 (<1%)'],
    [1000, '+40 (+4%)'],
    [2080, '−1,040 (−50%)'],
    [10, '+1,030 (>+999%)'],
    [0, '+1,040'],
  ])('of 1,040 tokens with %d tells %s', (tokens, change) => {
    expect(rowOf(comparison(now, against({ tokens }), undefined), 'Tokens')[3]).toBe(change);
  });

  test.each([
    [4_400_000, 4_400_000, '±0'],
    [4_400_000, 4_000_000, '+$0.0004 (+10%)'],
    [700_000_000, 690_700_000, '+$0.01 (+1%)'],
    [700_000_000, 699_000_000, '+less than $0.01 (<1%)'],
    [700_000_000, 500_000_000, '+$0.20 (+40%)'],
    [500_000_000, 700_000_000, '−$0.20 (−29%)'],
  ])('of %d nano-USD with %d tells %s', (cost, then, change) => {
    const report = { ...now, totals: { ...now.totals, cost_nano_usd: cost } };
    expect(rowOf(comparison(report, against({ cost_nano_usd: then }), undefined), 'Cost')[3]).toBe(change);
  });

  test('says plainly that there is nothing to compare with, or nothing of the base branch', () => {
    expect(comparison(now, undefined, undefined)).toEqual([
      'No baseline yet: no earlier run of the base branch or of this pull request was found.',
    ]);
    expect(comparison(now, undefined, against({})).at(-1)).toBe(
      'Compared with `main`, a run of 2026-11-03. No baseline from the base branch yet.',
    );
  });

  test('says where a budget cut down the run compared with, and counts the refused calls of both', () => {
    const lines = comparison(now, against({ refused: 12 }), undefined);
    expect(rowOf(lines, 'Refused').slice(1)).toEqual(['0', '12', '−12 (−100%)']);
    expect(lines.at(-1)).toBe(
      'Compared with `main`, a run of 2026-11-03 (12 calls refused, so its numbers are lower than without a limit).',
    );
    const refused = buildReport([open(), refuse(1)]);
    expect(rowOf(comparison(refused, against({}), undefined), 'Refused').slice(1)).toEqual(['1', '0', '+1']);
  });
});

describe('a change by model', () => {
  const model = { provider: 'openai', model: 'gpt-4o', calls: 2, tokens: 1040, cost_nano_usd: 4_400_000 };
  const gone = { ...model, model: 'gpt-3.5-turbo', tokens: 500, cost_nano_usd: 250_000 };

  test('names only the models that moved, new and gone ones included', () => {
    expect(movedModels(now, against({}), undefined, 9)).toEqual([]);
    const lines = movedModels(now, against({ models: [gone] }), against({}), 9);
    expect(rowOf(lines, '`gpt-4o`')).toEqual(['`gpt-4o`', '+1,040', '+$0.0044', '±0', '±0']);
    expect(rowOf(lines, '`gpt-3.5-turbo`')).toEqual([
      '`gpt-3.5-turbo`',
      '−500 (−100%)',
      '−$0.00025 (−100%)',
      '±0',
      '±0',
    ]);
  });

  test('says nothing of a model that the earlier numbers may have left out', () => {
    const lines = movedModels(now, against({ models: [{ ...gone, calls: 1 }] }), undefined, 9);
    expect(lines.filter((line) => line.startsWith('| `'))).toEqual([
      '| `gpt-3.5-turbo` | −500 (−100%) | −$0.00025 (−100%) |',
    ]);
  });
});
