import { describe, expect, it } from 'vitest';
import type { PolicyRate } from '../../src/domain/policy.js';
import type { RateCard } from '../../src/domain/rate.js';
import { loweredRates } from '../../src/meter/lowered-rates.js';
import { isKnownModel, knownModels, rateFor } from '../../src/meter/prices.js';

const NOW = new Date('2026-11-28T12:00:00Z');

function card(input: number, output: number, more: Partial<RateCard> = {}): RateCard {
  const [read, write] = [input * 1e6, output * 1e6];
  return {
    input: read,
    output: write,
    cacheRead: read,
    cacheWrite: read,
    cacheWrite1h: read,
    tiers: [],
    source: 'table',
    ...more,
  };
}

const listed = (pattern: string, one: RateCard, pinned = false): PolicyRate => ({
  pattern,
  card: one,
  listed: { pinned },
});
const rate = (rates: readonly PolicyRate[], model: string) => rateFor(rates, 'openai', model, NOW);

describe('a price file', () => {
  it('adds a model that no table knows, whose stated cost still goes first', () => {
    expect(rate([listed('gpt-99', card(3, 12))], 'gpt-99')).toMatchObject({ output: 12_000_000, source: 'table' });
  });

  it('stands behind the policy’s own rates, however wide these are', () => {
    const own: PolicyRate = { pattern: '*', card: card(1, 1, { source: 'policy' }) };
    expect(rate([listed('gpt-99', card(3, 12)), own], 'gpt-99')?.input).toBe(1_000_000);
  });

  it('raises a known rate, and keeps what it does not state: longer inputs, fees, service tiers', () => {
    const raised = rate([listed('gpt-5.5', card(6, 33))], 'gpt-5.5');
    expect(raised).toMatchObject({ input: 6_000_000, output: 33_000_000, fees: { searches: 10_000_000_000 } });
    expect(raised?.factors?.priority).toBe(2_500_000);
    expect(raised?.tiers).toMatchObject([{ above: 272_000, input: 10_000_000, output: 45_000_000 }]);
  });

  it('lowers nothing by a pattern while it is not pinned', () => {
    const known = rate([], 'gpt-5.5');
    expect(rate([listed('gpt-*', card(0, 0))], 'gpt-5.5')).toMatchObject({ ...known });
  });

  it('lowers what it states where it is pinned', () => {
    const rates = [listed('gpt-5.5', card(1, 2, { fees: { searches: 1 } }), true)];
    expect(rate(rates, 'gpt-5.5')).toMatchObject({ input: 1_000_000, output: 2_000_000, fees: { searches: 1 } });
  });
});

describe('rates that an unpinned file would lower', () => {
  it('are named with both prices', () => {
    expect(loweredRates([listed('GPT-4o', card(2.5, 9))], NOW)).toMatchObject([
      { model: 'GPT-4o', provider: 'openai', part: 'output', known: '10.00', listed: '9.00' },
    ]);
  });

  it.each([
    ['a model that is known to one provider alone', 'us.amazon.nova-pro-v1:0', card(0.1, 0.1), 1],
    ['a router', 'openrouter/auto', card(1, 1), 1],
    ['the same price', 'gpt-4o', card(2.5, 10), 0],
    ['a higher price', 'gpt-4o', card(3, 11), 0],
    ['a model that nobody knows', 'gpt-99', card(0, 0), 0],
    ['a pattern, which lowers nothing', 'gpt-*', card(0, 0), 0],
  ])('%s: %s', (_, pattern, one, found) => {
    expect(loweredRates([listed(pattern, one)], NOW)).toHaveLength(found);
    expect(loweredRates([listed(pattern, one, true)], NOW)).toHaveLength(0);
  });

  it('are not a policy’s own, which may say anything', () => {
    expect(loweredRates([{ pattern: 'gpt-4o', card: card(0, 0) }], NOW)).toEqual([]);
  });
});

describe('a name', () => {
  it.each([
    ['gpt-4o', true],
    ['amazon.nova-pro-v1:0', true],
    ['grok-4.7', true],
    ['gpt-4oo', false],
    ['', false],
  ])('%j is known to a table: %j', (name, known) => {
    expect(isKnownModel(name)).toBe(known);
  });

  it('that the table spells out is one of thousands', () => {
    expect(knownModels()).toContain('gpt-4o');
    expect(knownModels().length).toBeGreaterThan(2_000);
  });
});
