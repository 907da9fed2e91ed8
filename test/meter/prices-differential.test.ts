import { calcPrice, waitForUpdate, type MatchLogic, type ModelInfo, type Provider } from '@pydantic/genai-prices';
import { beforeAll, expect, it } from 'vitest';
import { priceOf } from '../../src/domain/rate.js';
import { NO_USAGE, type Usage } from '../../src/domain/usage.js';
import { PROVIDER_HOSTS } from '../../src/meter/hosts.js';
import { tableRate } from '../../src/meter/prices.js';

/*
 * The package's own calculator is the oracle. It adds up floats; ours are integers rounded up once, so that ours may
 * stand less than one nano-USD above it. The differences we mean, and no others, are taken out by name below:
 * - requests_kcount (Perplexity's fee for a request as such) has no place in a rate per token;
 * - output_reasoning_mtok (one model, cheaper than its output rate): all output is billed at the output rate;
 * - the one-hour cache write of a Claude without a price for it: twice the input price (see scripts/prices.mjs);
 * - a rate with endless decimals is rounded up to a whole pico-USD per token.
 */
const NOW = new Date('2026-11-24T12:00:00Z');
const MOMENTS = ['2025-01-01T12:00:00Z', '2026-08-16T23:59:59Z', '2026-08-21T00:00:00Z', '2026-11-24T00:29:59Z']
  .concat(['2026-11-24T00:30:00Z', '2026-11-24T01:00:00Z', '2026-11-24T03:59:59Z', '2026-11-24T04:00:00Z'])
  .concat(['2026-11-24T09:59:59.999Z', '2026-11-24T16:30:00Z', '2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z'])
  .map((text) => new Date(text));
const USAGES: readonly Usage[] = [
  { ...NO_USAGE, input: 1, output: 1 },
  { ...NO_USAGE, input: 1_234, output: 567 },
  { ...NO_USAGE, input: 9_999, output: 321, cacheRead: 4_000, cacheWrite: 3_000 },
];

let providers: Provider[] = [];
beforeAll(async () => {
  providers = (await waitForUpdate()) ?? [];
});

it('prices every model of every provider as the package does, to the rounding-up', () => {
  let compared = 0;
  for (const { provider, model } of allModels()) {
    const moments = Array.isArray(model.prices) ? [...MOMENTS, NOW] : [NOW];
    const usages = [...USAGES, ...tierUsages(model)];
    for (const name of namesOf(model.match)) {
      for (const at of moments) for (const usage of usages) compared += compare(provider.id, name, usage, at);
    }
  }
  expect(compared).toBeGreaterThan(8_000);
});

it('prices one-hour cache writes as the package does where it states them, and at twice the input for any other Claude', () => {
  const usage = { ...NO_USAGE, input: 10_000, output: 10, cacheWrite: 6_000, cacheWrite1h: 5_000 };
  let stated = 0;
  for (const { provider, model } of allModels()) {
    for (const name of namesOf(model.match)) {
      const theirs = calcPrice(theirUsage(usage), name, { providerId: provider.id, timestamp: NOW });
      const ours = tableRate(provider.id, name, NOW);
      if (!theirs || !ours || theirs.model_price.input_mtok === undefined) continue;
      if (theirs.model_price.cache_write_1h_mtok !== undefined) stated += compare(provider.id, name, usage, NOW);
      else if (theirs.model.id.includes('claude')) expect(ours.cacheWrite1h, name).toBe(2 * ours.input);
      else expect(ours.cacheWrite1h, name).toBe(ours.cacheWrite);
    }
  }
  expect(stated).toBeGreaterThan(40);
});

it('knows every provider that the gateway meters, by the same id', () => {
  for (const { provider } of PROVIDER_HOSTS) expect(providers.map((known) => known.id)).toContain(provider);
});

function compare(provider: string, name: string, usage: Usage, at: Date): number {
  const label = `${provider} ${name} ${JSON.stringify(usage)} ${at.toISOString()}`;
  const theirs = calcPrice(theirUsage(usage), name, { providerId: provider, timestamp: at });
  const ours = tableRate(provider, name, at);
  if (!theirs) throw new Error(`the oracle does not know ${label}`);
  const { input_mtok, output_mtok, requests_kcount } = theirs.model_price;
  if (input_mtok === undefined && output_mtok === undefined) {
    expect(ours?.input, label).toBe(name.toLowerCase().endsWith(':free') ? 0 : undefined);
    return 1;
  }
  if (!ours) throw new Error(`no rate for ${label}`);
  const fee = typeof requests_kcount === 'number' ? requests_kcount / 1_000 : 0;
  const expected = (theirs.total_price - fee) * 1e9;
  const noise = expected * 1e-12 + 1e-6;
  const difference = priceOf(ours, usage) - expected;
  expect(difference, label).toBeGreaterThanOrEqual(-noise);
  expect(difference, label).toBeLessThan(1 + noise + endlessDecimals(theirs.model_price, usage));
  return 1;
}

/** Nano-USD that rounding each rate up to a whole pico-USD per token can add. */
function endlessDecimals(prices: object, usage: Usage): number {
  const endless = Object.values(prices).some((price) => typeof price === 'number' && !nearInteger(price * 1e6));
  return endless ? (usage.input + usage.output) / 1_000 : 0;
}

function nearInteger(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}

function theirUsage(usage: Usage): Record<string, number> {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    cache_write_1h_tokens: usage.cacheWrite1h,
  };
}

function allModels(): { provider: Provider; model: ModelInfo }[] {
  return providers.flatMap((provider) => provider.models.map((model) => ({ provider, model })));
}

/** The edge of each tier, from below and from above, half of the input read from the cache. */
function tierUsages(model: ModelInfo): Usage[] {
  const starts = [...JSON.stringify(model.prices).matchAll(/"start":(\d+)/g)].map((match) => Number(match[1]));
  return [...new Set(starts)].flatMap((start) =>
    [start, start + 1].map((input) => ({ ...NO_USAGE, input, output: 777, cacheRead: input >> 1, cacheWrite: 11 })),
  );
}

/** Names that a rule covers by its own words; a pattern without a plain name in it yields none. */
function namesOf(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(namesOf);
  if ('equals' in match) return [match.equals, match.equals.toUpperCase()];
  if ('starts_with' in match) return [match.starts_with, `${match.starts_with}-x`];
  if ('contains' in match) return [match.contains];
  return [];
}
