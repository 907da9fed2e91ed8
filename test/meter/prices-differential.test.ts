import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { calcPrice, updatePrices, type MatchLogic, type ModelInfo, type Provider } from '@pydantic/genai-prices';
import { beforeAll, expect, it } from 'vitest';
import { priceOf } from '../../src/domain/rate.js';
import { NO_USAGE, type Usage } from '../../src/domain/usage.js';
import { matches } from '../../src/domain/match.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { listedPrice, tableRate } from '../../src/meter/prices.js';
import { LONG } from '../support/sample.js';

/*
 * The package's own calculator, given our data, is the oracle: its npm edition, which knows no service tiers. It adds up floats; ours are integers rounded up once, so that ours may
 * stand less than one nano-USD above it. The differences we mean, and no others, are taken out by name below:
 * - the one-hour cache write of a Claude without a price for it: twice the input price (see scripts/prices.mjs);
 * - what is corrected (`prices` of the rows in src/providers/), which is left out;
 * - output of a model that makes video alone (one model): at the price of video, where the package takes nothing;
 * - output_citation_mtok (one model, cheaper than its output rate): no answer states citations apart, so all is output;
 * - input_video_mtok and messages (six models): no dialect that we read states them;
 * - searches by a Gemini whose row in the package has no price for them (`toolFees` in src/providers/google.ts);
 * - a rate with endless decimals is rounded up to a whole pico-USD per token or second.
 */
const NOW = new Date('2026-11-24T12:00:00Z');
const MOMENTS = ['2025-01-01T12:00:00Z', '2026-08-16T23:59:59Z', '2026-08-21T00:00:00Z', '2026-11-24T00:29:59Z']
  .concat(['2026-11-24T00:30:00Z', '2026-11-24T01:00:00Z', '2026-11-24T03:59:59Z', '2026-11-24T04:00:00Z'])
  .concat(['2026-11-24T09:59:59.999Z', '2026-11-24T16:30:00Z', '2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z'])
  .map((text) => new Date(text));
const TEXT: readonly Usage[] = [
  { ...NO_USAGE, input: 1, output: 1 },
  { ...NO_USAGE, input: 1_234, output: 567, reasoning: 500 },
  { ...NO_USAGE, input: 9_999, output: 321, cacheRead: 4_000, cacheWrite: 3_000 },
];
const MEDIA: readonly Usage[] = [
  { ...NO_USAGE, input: 1_000, output: 800, audioIn: 600, audioOut: 300 },
  { ...NO_USAGE, input: 1_000, output: 800, imageIn: 700, imageOut: 799 },
  { ...NO_USAGE, input: 1_000, output: 9, cacheRead: 500, audioIn: 600, audioCached: 400 },
  { ...NO_USAGE, input: 1_000, output: 9, cacheRead: 500, imageIn: 1_000, imageCached: 500 },
  { ...NO_USAGE, input: 900, cacheRead: 500, audioIn: 300, audioCached: 150, imageIn: 200, imageCached: 50 },
];
const UNITS: readonly Usage[] = [
  { ...NO_USAGE, input: 10, output: 10, meters: { searches: 3, fileSearches: 7 } },
  { ...NO_USAGE, meters: { pages: 12, annotatedPages: 5 } },
  { ...NO_USAGE, meters: { seconds: 61 } },
];
const USAGES = [...TEXT, ...MEDIA, ...UNITS];

let providers: Provider[] = [];
beforeAll(() => {
  const kept = JSON.parse(readFileSync('scripts/genai-prices.json', 'utf8')) as { readonly providers: Provider[] };
  providers = kept.providers;
  updatePrices(({ setProviderData }) => {
    setProviderData(providers);
  });
});

it('prices every model of every provider as the package does, to the rounding-up', () => {
  let compared = 0;
  for (const { provider, model } of allModels()) {
    const moments = Array.isArray(model.prices) ? [...MOMENTS, NOW] : [NOW];
    const usages = [...USAGES, ...tierUsages(model)];
    for (const [i, name] of namesOf(model.match).entries()) {
      // Every name is looked up at every moment; what is made of the prices that are found is the same for all.
      const told = i === 0 || LONG ? usages : usages.slice(1, 3);
      for (const at of moments) for (const usage of told) compared += compare(provider.id, name, usage, at);
    }
  }
  expect(compared).toBeGreaterThan(LONG ? 60_000 : 20_000);
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

it('knows every provider that the gateway meters by the same id, but those that publish no prices', () => {
  const known = new Set<string>(providers.map(({ id }) => id));
  const unknown = PROVIDERS.all
    .flatMap(({ name, hosts }) => (hosts.length > 0 ? name : []))
    .filter((provider) => !known.has(provider));
  expect([...new Set(unknown)]).toEqual(['github-models', 'ollama-cloud']);
});

function compare(provider: string, name: string, usage: Usage, at: Date): number {
  const label = () => `${provider} ${name} ${JSON.stringify(usage)} ${at.toISOString()}`;
  const theirs = calcPrice(theirUsage(usage), name, { providerId: provider, timestamp: at });
  const listed = listedPrice(provider, name, at);
  if (listed?.source !== undefined) return 0;
  const ours = listed?.card;
  if (!theirs) throw new Error(`the oracle does not know ${label()}`);
  if (!Object.keys(theirs.model_price).some((key) => !UNREAD.has(key))) {
    expect(ours?.input, label()).toBe(name.toLowerCase().endsWith(':free') ? 0 : undefined);
    return 1;
  }
  if (!ours) throw new Error(`no rate for ${label()}`);
  if (theirs.model_price.output_mtok === undefined && theirs.model_price.output_video_mtok !== undefined) return 0;
  const fee =
    'web_searches_kcount' in theirs.model_price
      ? undefined
      : PROVIDERS.named(provider).toolFees?.find(({ models }) => matches(models, name.toLowerCase()));
  const searches = (fee?.fees.searches ?? 0) * (usage.meters?.searches ?? 0);
  const expected = theirs.total_price * 1e9 + searches / 1_000;
  const noise = expected * 1e-12 + 1e-6;
  const difference = priceOf(ours, usage) - expected;
  // Of so many, vitest's own assertions would take most of the time.
  const most = 1 + noise + endlessDecimals(theirs.model_price, usage);
  if (difference < -noise || !(difference < most))
    assert.fail(`${label()}: ours less theirs is ${difference} nano-USD`);
  return 1;
}

/** Units that no answer we read states. */
const UNREAD = new Set(['input_video_mtok', 'input_text_messages_kcount', 'output_citation_mtok']);

/** Nano-USD that rounding each rate up to a whole pico-USD per token can add. */
function endlessDecimals(prices: object, usage: Usage): number {
  const endless = Object.values(prices).some((price) => typeof price === 'number' && !nearInteger(price * 1e6));
  const seconds = 'input_audio_hours' in prices ? (usage.meters?.seconds ?? 0) / 1_000 : 0;
  return (endless ? (usage.input + usage.output) / 1_000 : 0) + seconds;
}

function nearInteger(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}

function theirUsage(usage: Usage): Record<string, number> {
  const { pages = 0, annotatedPages = 0, searches = 0, fileSearches = 0, seconds = 0 } = usage.meters ?? {};
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    cache_write_1h_tokens: usage.cacheWrite1h,
    output_reasoning_tokens: usage.reasoning,
    input_audio_tokens: usage.audioIn ?? 0,
    cache_audio_read_tokens: usage.audioCached ?? 0,
    input_image_tokens: usage.imageIn ?? 0,
    cache_image_read_tokens: usage.imageCached ?? 0,
    output_audio_tokens: usage.audioOut ?? 0,
    output_image_tokens: usage.imageOut ?? 0,
    web_searches: searches,
    storage_searches: fileSearches,
    input_document_pages: pages + annotatedPages,
    input_annotated_document_pages: annotatedPages,
    input_audio_seconds: seconds,
    audio_seconds: seconds,
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
