import { describe, expect, it } from 'vitest';
import { worstPriceOf, type RateCard } from '../../src/domain/rate.js';
import { rateFinder, tableRate } from '../../src/meter/prices.js';
import { PRICE_LISTS } from '../../src/generated/prices.generated.js';
import { PROVIDERS } from '../../src/providers/index.js';

const NOW = new Date('2026-11-28T12:00:00Z');
const REACHES = [
  { input: 10, output: 10_000 },
  { input: 100_000, output: 10 },
  { input: 900_000, output: 1_000, media: true },
];
const rateOf = rateFinder([]);
const ROUTERS = PROVIDERS.all.flatMap(({ name: provider, routers = [] }) =>
  routers.map((router) => ({ provider, ...router })),
);

function rate(provider: string, model: string): RateCard {
  const card = tableRate(provider, model, NOW);
  if (!card) throw new Error(`no rate for ${model}`);
  return card;
}

describe('a router', () => {
  it.each([
    ['azure', 'model-router', ROUTERS.find(({ provider }) => provider === 'azure')?.picks ?? []],
    ['azure', 'our-model-router-2', ['gpt-6-astra']],
    ['azure', 'auto', ['gpt-5-nano']],
    [
      'openrouter',
      'openrouter/auto',
      ['openai/o1-pro', 'anthropic/claude-opus-4.1', 'meta-llama/llama-3.3-70b-instruct'],
    ],
  ])('of %s is bounded by the dearest that it can pick: %s', (provider, router, picks) => {
    for (const pick of picks) {
      for (const reach of REACHES) {
        const dearest = worstPriceOf(rate(provider, router), reach);
        expect(dearest, pick).toBeGreaterThanOrEqual(worstPriceOf(rate(provider, pick), reach));
      }
    }
  });

  it('is no bound where its list may have grown', () => {
    expect(rate('azure', 'model-router').varies).toMatch(/dearer than those known/);
    expect(rateOf('azure', 'model-router', 'gpt-5-nano', NOW)?.varies).toBeUndefined();
  });

  it('names no pick without a price', () => {
    for (const { provider, picks = [] } of ROUTERS)
      for (const pick of picks) expect(tableRate(provider, pick, NOW), pick).toBeDefined();
  });

  it('costs what the model that answered costs, and its own fee on input', () => {
    const own = rate('azure', 'gpt-5-nano');
    const served = rateOf('azure', 'model-router', 'gpt-5-nano-2025-08-07', NOW);
    expect(served?.input).toBe(own.input + 140_000);
    expect(served?.cacheRead).toBe(own.cacheRead + 140_000);
    expect(served?.output).toBe(own.output);
    expect(rateOf('azure', 'gpt-5-nano', 'gpt-5-nano-2025-08-07', NOW)?.input).toBe(own.input);
  });

  it('costs the dearest where the model that answered has no price', () => {
    expect(rateOf('azure', 'model-router', 'never-heard-of', NOW)).toEqual(rate('azure', 'model-router'));
  });

  it('is no model of another provider', () => {
    expect(tableRate('openai', 'model-router', NOW)).toBeUndefined();
    expect(tableRate('mistral', 'auto', NOW)).toBeUndefined();
  });

  it('reads the list of a provider that is there', () => {
    for (const { provider } of ROUTERS) expect(Object.keys(PRICE_LISTS)).toContain(provider);
  });
});
