import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildReport } from '../../src/report/build.js';
import { numbersOf, parseNumbers, parseReportNumbers } from '../../src/report/run-numbers.js';
import { open, reserve, RUNS, settle } from './runs.js';

const SHA = '3f2c1a9'.padEnd(40, '0');
const sample = numbersOf(buildReport(RUNS.within ?? []), SHA);

test('the numbers of a run are those of its report', () => {
  expect(sample).toEqual({
    v: 1,
    verdict: 'within',
    date: '2026-11-03T10:15:00.000Z',
    sha: SHA,
    tokens: 27_760,
    input: 22_000,
    output: 5760,
    calls: 48,
    refused: 0,
    cost_nano_usd: 71_396_000,
    models: [
      { provider: 'openai', model: 'gpt-4o', calls: 20, tokens: 10_400, cost_nano_usd: 44_000_000 },
      { provider: 'anthropic', model: 'claude-sonnet-4-5', calls: 4, tokens: 3200, cost_nano_usd: 24_300_000 },
      { provider: 'openai', model: 'gpt-4o-mini', calls: 24, tokens: 14_160, cost_nano_usd: 3_096_000 },
    ],
  });
});

test('the numbers of every run come back from their JSON and from its report.json as they were', () => {
  for (const entries of Object.values(RUNS)) {
    const report = buildReport(entries);
    const numbers = numbersOf(report, SHA);
    expect(parseNumbers(JSON.stringify(numbers))).toEqual(numbers);
    expect(parseReportNumbers(JSON.stringify(report), SHA)).toEqual(numbers);
  }
});

test('what is no commit id is no sha', () => {
  const report = buildReport([open()]);
  expect(numbersOf(report).sha).toBeNull();
  expect(numbersOf(report, 'main').sha).toBeNull();
  expect(parseReportNumbers(JSON.stringify(report), '<!--')?.sha).toBeNull();
});

test('the numbers of 500 models with long names stay below 3,000 bytes, the dearest kept', () => {
  const entries = Array.from({ length: 500 }, (_, id) => [
    reserve(id, { model: `${id}${'模'.repeat(300)}` }),
    settle(id, { cost: 1000 + id }),
  ]);
  const numbers = numbersOf(buildReport([open(), ...entries.flat()]), SHA);
  expect(Buffer.byteLength(JSON.stringify(numbers))).toBeLessThanOrEqual(3000);
  expect(numbers.models.length).toBeGreaterThan(3);
  expect(numbers.models[0]).toMatchObject({ cost_nano_usd: 1499 });
  expect(numbers.calls).toBe(500);
});

describe('numbers that somebody else wrote', () => {
  const model = sample.models[0];
  test.each<[string, Record<string, unknown>]>([
    ['another version', { v: 2 }],
    ['a verdict of their own', { verdict: '<img src=x>' }],
    ['no date', { date: 'yesterday' }],
    ['a date that is none', { date: '2026-99-99T00:00:00Z' }],
    ['text after the date', { date: '2026-11-03T10:15:00.000Z-->' }],
    ['a sha that is none', { sha: 'main' }],
    ['a sha that is missing', { sha: undefined }],
    ['a count below 0', { tokens: -1 }],
    ['a count with a fraction', { calls: 1.5 }],
    ['a count as text', { refused: '0' }],
    ['a count past 2^53', { cost_nano_usd: 2 ** 53 }],
    ['no models', { models: null }],
    ['models as an object', { models: { length: 1 } }],
    ['more models than any run has', { models: Array.from({ length: 1001 }, () => model) }],
    ['a model that is none', { models: [null] }],
    ['a model without a name', { models: [{ ...model, model: 7 }] }],
    ['a model of less than nothing', { models: [{ ...model, tokens: -5 }] }],
  ])('are none with %s', (_, change) => {
    expect(parseNumbers(JSON.stringify({ ...sample, ...change }))).toBeUndefined();
  });

  test.each(['', 'null', '[]', '7', '"v"', '{', '{"v":1}', '{"__proto__":{"v":1}}'])('are none as %j', (text) => {
    expect(parseNumbers(text)).toBeUndefined();
    expect(parseReportNumbers(text)).toBeUndefined();
  });

  test('lose what is not known and what is not on one line', () => {
    const text = JSON.stringify({ ...sample, more: 1, models: [{ ...model, model: 'a\n\u202Eb', extra: [] }] });
    const parsed = parseNumbers(text);
    expect(parsed && Object.keys(parsed)).toEqual(Object.keys(sample));
    expect(parsed?.models).toEqual([{ ...model, model: 'a b' }]);
  });

  test('are read or not, but never throw, whatever they are', () => {
    const changes = fc.dictionary(fc.constantFrom(...Object.keys(sample)), fc.jsonValue());
    fc.assert(
      fc.property(fc.json(), changes, (text, change) => {
        expect(parseReportNumbers(text)).toBeUndefined();
        const parsed = parseNumbers(JSON.stringify({ ...sample, ...change }));
        for (const field of ['tokens', 'input', 'output', 'calls', 'refused', 'cost_nano_usd'] as const) {
          expect(parsed?.[field] ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
