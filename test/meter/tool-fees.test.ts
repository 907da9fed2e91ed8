/** What tools cost beside tokens, where the price table has no fee of its own. */
import { expect, it } from 'vitest';
import { priceOf } from '../../src/domain/rate.js';
import { usageOf } from '../../src/domain/usage.js';
import { tableRate } from '../../src/meter/prices.js';
import { PROVIDERS } from '../../src/providers/index.js';

const AT = new Date('2026-11-24T12:00:00Z');

/** What so many searches add to a call of a thousand tokens, in USD. */
function searched(provider: string, model: string, searches: number): number {
  const card = tableRate(provider, model, AT);
  if (!card) throw new Error(`no price for ${model}`);
  const cost = (count: number) => priceOf(card, usageOf({ input: 1_000, meters: { searches: count } }));
  return (cost(searches) - cost(0)) / 1e9;
}

it.each([
  ['google', 'gemini-3.5-flash', 2, 0.028],
  ['google', 'gemini-3-pro-preview', 1, 0.014],
  ['google', 'gemini-2.5-pro', 1, 0.035],
  ['google', 'gemini-2.0-flash', 1, 0.035],
  ['anthropic', 'claude-sonnet-4-5', 2, 0.02],
  ['google', 'claude-sonnet-4-5', 2, 0],
] as const)('%s %s adds for %d searches what is published', (provider, model, searches, usd) => {
  expect(searched(provider, model, searches)).toBeCloseTo(usd, 9);
});

it('states a page and a day for each', () => {
  for (const { source } of PROVIDERS.all.flatMap(({ toolFees = [] }) => toolFees))
    expect(source).toMatch(/\.(com|dev)\/.*, \d{4}-\d\d-\d\d/);
});
