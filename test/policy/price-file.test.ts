import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PolicyError } from '../../src/domain/errors.js';
import type { PriceFile } from '../../src/domain/policy.js';
import { loadPolicy } from '../../src/policy/load.js';
import { readPriceList } from '../../src/policy/price-file.js';

const SHA = 'a'.repeat(40);
const HASH = 'b'.repeat(64);
const FILE: PriceFile = { file: 'prices.yml', at: 'token-budget.yml:2:9', pinned: false };

const load = (text: string) => loadPolicy(`version: 1\n${text}\n`, 'token-budget.yml').policy;

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(({ at, key, message }) => `${at} ${key}: ${message}`);
    throw error;
  }
  return [];
}

describe('what a policy says of its price file', () => {
  test.each([
    ['prices: prices.yml', { file: 'prices.yml', pinned: false }],
    ['prices: { file: prices.yml }', { file: 'prices.yml', pinned: false }],
    [`prices: { file: prices.yml, sha256: ${HASH.toUpperCase()} }`, { file: 'prices.yml', pinned: true, sha256: HASH }],
    [`prices: acme/prices/llm.yml@${SHA}`, { file: `acme/prices/llm.yml@${SHA}`, pinned: true }],
    ['prices: ./a/b/c@home.yml', { file: './a/b/c@home.yml', pinned: false }],
  ])('%s', (text, expected) => {
    expect(load(text).prices).toMatchObject(expected);
  });

  test('is nothing where it names none', () => {
    expect(load('limits: { calls: 1 }').prices).toBeUndefined();
  });

  test.each([
    ['prices: acme/prices/llm.yml@main', 'token-budget.yml:2:9 prices: a file from another repository must be pinned'],
    [`prices: acme/prices/llm.yml@${SHA.slice(1)}`, 'must be pinned to a commit'],
    ['prices: { sha256: abc }', 'token-budget.yml:2:19 prices.sha256: "abc" is not a SHA-256'],
    [`prices: { sha256: ${HASH} }`, 'token-budget.yml:2:9 prices: the price file has no name'],
    ['prices: [a]', 'token-budget.yml:2:9 prices: a list is not a price file'],
    ['prices: { fil: a }', 'unknown key'],
    ['prices:', 'the value is missing'],
  ])('%s is refused', (text, message) => {
    expect(problemsOf(() => load(text)).join('\n')).toContain(message);
  });
});

describe('a price file', () => {
  test('has rates as a policy has them, and a date', () => {
    const text =
      'date: 2026-11-20\nrates:\n  gpt-7: { input: 3, output: 12, fees: { search: 0.01 } }\n  "local-*": 0\n';
    const { rates, date } = readPriceList(text, FILE);
    expect(date).toBe('2026-11-20');
    expect(rates.map(({ pattern, at, listed, card }) => [pattern, at, listed, card.source, card.output])).toEqual([
      ['gpt-7', 'prices.yml:3:3', { pinned: false }, 'table', 12_000_000],
      ['local-*', 'prices.yml:4:3', { pinned: false }, 'table', 0],
    ]);
  });

  test('may be JSON', () => {
    const { rates } = readPriceList('{"rates":{"gpt-7":{"input":3,"output":12}}}', FILE);
    expect(rates.map(({ pattern }) => pattern)).toEqual(['gpt-7']);
  });

  test.each([
    ['date: soon\nrates: {}', 'prices.yml:1:7 date: this is not a date'],
    ['rates: { gpt-7: { input: 3 } }', 'the rate has no `output`'],
    ['rates: { gpt-7: { input: x, output: 1 } }', 'prices.yml:1:26 rates.gpt-7.input: "x" is not an amount'],
    ['rate: {}', 'prices.yml:1:1 rate: unknown key'],
    ['limits: { calls: 1 }\nrates: {}', 'limits: unknown key'],
    ['date: 2026-11-20', 'prices.yml:1:1 rates: the key is missing'],
    ['', 'the file is empty'],
    ['- gpt-7', 'prices.yml'],
    ['rates: { A: 0, a: 0 }', 'matches the same models'],
  ])('%j is refused at its place', (text, message) => {
    expect(problemsOf(() => readPriceList(text, FILE)).join('\n')).toContain(message);
  });

  test('must have the bytes that the policy pins, and is told with the hash that it has', () => {
    const text = 'rates: { gpt-7: 0 }';
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(readPriceList(text, { ...FILE, pinned: true, sha256 }).rates[0]?.listed).toEqual({ pinned: true });
    expect(problemsOf(() => readPriceList(`${text} `, { ...FILE, pinned: true, sha256 }))).toEqual([
      'token-budget.yml:2:9 prices: the SHA-256 of prices.yml does not match the policy',
    ]);
  });
});

describe('unpriced', () => {
  test.each([
    ['', { unpriced: 'refuse' }],
    ['unpriced: warn', { unpriced: 'warn' }],
    ['unpriced: { stated: 0.50 }', { unpriced: 'stated', unpricedBound: 500_000_000 }],
    ['unpriced: stated\nlimits: { per_call: { cost_usd: 0.25 } }', { unpriced: 'stated', unpricedBound: 250_000_000 }],
    [
      'unpriced: { stated: 2 }\nlimits: { per_call: { cost_usd: 0.25 } }',
      { unpriced: 'stated', unpricedBound: 2_000_000_000 },
    ],
  ])('%j is understood', (text, expected) => {
    expect(load(text)).toMatchObject(expected);
  });

  test.each([
    ['unpriced: stated', 'token-budget.yml:2:11 unpriced: nothing limits what a call without a known price may cost'],
    ['unpriced: { stated: 0 }', 'nothing limits what a call without a known price may cost'],
    ['unpriced: {}', 'nothing limits what a call without a known price may cost'],
    ['unpriced: ignore', '"ignore" is not refuse, warn, stated, or a map with `stated`'],
    ['unpriced: { stated: much }', 'unpriced.stated: "much" is not an amount in USD'],
    ['unpriced: { state: 1 }', 'unknown key'],
  ])('%j is refused', (text, message) => {
    expect(problemsOf(() => load(text)).join('\n')).toContain(message);
  });
});
