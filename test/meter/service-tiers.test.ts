import { expect, it } from 'vitest';
import { priceOf } from '../../src/domain/rate.js';
import { usageOf, type Usage } from '../../src/domain/usage.js';
import { tableRate } from '../../src/meter/prices.js';
import { PROVIDERS } from '../../src/providers/index.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const USAGE = usageOf({ input: 1_000_000, output: 1_000_000, cacheRead: 500_000 });

function cost(provider: string, model: string, terms: Partial<Usage>): number {
  const card = tableRate(provider, model, NOW);
  if (!card) throw new Error(`${model} has no price`);
  return priceOf({ ...card, tiers: [] }, { ...USAGE, ...terms });
}

it.each([
  // USD for a million tokens: uncached, cached, output, from the pages that the list names.
  ['openai', 'gpt-4.1', { tier: 'priority' }, [3.5, 0.875, 14]],
  ['openai', 'gpt-4.1-mini-2025-04-14', { tier: 'priority' }, [0.7, 0.175, 2.8]],
  ['openai', 'gpt-4.1-nano', { tier: 'priority' }, [0.2, 0.05, 0.8]],
  ['openai', 'gpt-4o-2024-08-06', { tier: 'priority' }, [4.25, 2.125, 17]],
  ['openai', 'gpt-4o-mini', { tier: 'priority' }, [0.25, 0.125, 1]],
  ['openai', 'o3', { tier: 'priority' }, [3.5, 0.875, 14]],
  ['openai', 'o4-mini', { tier: 'priority' }, [2, 0.5, 8]],
  ['openai', 'gpt-5', { tier: 'priority' }, [2.5, 0.25, 20]],
  ['openai', 'gpt-5-mini', { tier: 'priority' }, [0.45, 0.045, 3.6]],
  ['openai', 'gpt-5.4-mini', { tier: 'priority' }, [1.5, 0.15, 9]],
  ['openai', 'gpt-5.5', { tier: 'priority' }, [12.5, 1.25, 75]],
  ['openai', 'gpt-5.6-sol', { tier: 'fast' }, [8, 0.8, 40]],
  ['openai', 'gpt-6.2-sol', { tier: 'priority' }, [4, 0.2, 20]],
  ['openai', 'gpt-5.4', { tier: 'flex' }, [1.25, 0.125, 7.5]],
  ['anthropic', 'claude-fable-5-2', { tier: 'fast' }, [16, 0.4, 80]],
  ['openai', 'gpt-5-mini', { tier: 'flex' }, [0.125, 0.0125, 1]],
  ['openai', 'gpt-5.4-mini', { regional: true }, [0.825, 0.0825, 4.95]],
  ['azure', 'gpt-5', { tier: 'priority' }, [2.5, 0.25, 20]],
  ['anthropic', 'claude-opus-5-5', { tier: 'fast' }, [8, 0.4, 40]],
  ['anthropic', 'claude-opus-5', { tier: 'fast' }, [10, 1, 50]],
  ['anthropic', 'claude-opus-4-6', { tier: 'fast' }, [30, 3, 150]],
  ['anthropic', 'claude-opus-5', { tier: 'batch' }, [2.5, 0.25, 12.5]],
  ['anthropic', 'claude-opus-5', { tier: 'priority' }, [5, 0.5, 25]],
  ['anthropic', 'claude-opus-5', { regional: true }, [5.5, 0.55, 27.5]],
  ['google', 'gemini-2.5-flash', { tier: 'flex' }, [0.15, 0.015, 1.25]],
  ['google', 'gemini-2.5-flash', { tier: 'priority' }, [0.6, 0.06, 5]],
  ['google', 'claude-opus-4-7', { regional: true }, [5.5, 0.55, 27.5]],
  ['google', 'gemini-2.5-flash', { regional: true }, [0.3, 0.03, 2.5]],
  ['google', 'gemini-3.5-flash-lite', { regional: true }, [0.33, 0.033, 2.75]],
  ['openai', 'gpt-6-astra', { tier: 'ultrafast' }, [60, 6, 300]],
] as const)('%s %s at %j costs what is published', (provider, model, terms, [input, cached, output]) => {
  const expected = (input * 0.5 + cached * 0.5 + output) * 1e9;
  const difference = cost(provider, model, terms) - expected;
  // Factors are whole millionths.
  expect(difference).toBeGreaterThanOrEqual(-1e-3);
  expect(difference).toBeLessThan(1 + expected * 1e-6);
});

it.each([
  ['openai', 'gpt-5-nano', 'priority'],
  ['openai', 'o1', 'fast'],
  ['openai', 'gpt-6.2-sol', 'ultrafast'],
  ['openai', 'gpt-6.2-astra', 'fast'],
  ['anthropic', 'claude-haiku-4-5', 'fast'],
] as const)('%s %s has no known price at %s', (provider, model, tier) => {
  expect(tableRate(provider, model, NOW)?.factors?.[tier]).toBeUndefined();
});

it('states a page and a day for each', () => {
  for (const { source } of PROVIDERS.all.flatMap(({ tiers = [] }) => tiers))
    expect(source).toMatch(/\.(com|dev)\/.*, \d{4}-\d\d-\d\d/);
});
