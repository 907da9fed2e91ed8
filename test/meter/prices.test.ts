import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PolicyRate } from '../../src/domain/policy.js';
import { priceOf, type RateCard } from '../../src/domain/rate.js';
import { NO_USAGE, usageOf } from '../../src/domain/usage.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { listedPrice, PRICES, rateFor, tableRate } from '../../src/meter/prices.js';

const NOW = new Date('2026-11-24T12:00:00Z');

function rate(provider: string, model: string, at = NOW): RateCard {
  const card = tableRate(provider, model, at);
  if (!card) throw new Error(`${provider} ${model} has no price`);
  return card;
}

function flat(usd: number): RateCard {
  const pico = usd * 1e6;
  return {
    input: pico,
    output: pico,
    cacheRead: pico,
    cacheWrite: pico,
    cacheWrite1h: pico,
    tiers: [],
    source: 'policy',
  };
}

describe('the compiled table', () => {
  it('equals a fresh compilation of the data that is kept', () => {
    const dir = mkdtempSync(join(tmpdir(), 'prices-'));
    try {
      execFileSync(process.execPath, ['scripts/prices.mjs', join(dir, 'fresh.ts')]);
      const fresh = readFileSync(join(dir, 'fresh.ts'), 'utf8');
      expect(readFileSync('src/generated/prices.generated.ts', 'utf8') === fresh).toBe(true);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('names its source with the version of the package, and the day of its data', () => {
    const head = readFileSync('scripts/genai-prices.json', 'utf8').slice(0, 200);
    const [, version, date] = /^\{"version":"([^"]+)","date":"(20\d\d-\d\d-\d\d)"/.exec(head) ?? [];
    expect(PRICES).toEqual({ source: `genai-prices ${version ?? ''}`, date });
  });
});

describe('prices worked out by hand', () => {
  it('bills cached input apart from the rest: OpenAI', () => {
    // gpt-4o: 2.50 in, 1.25 cached, 10 out, USD per 1M. 1,000 of 3,000 cached:
    // 2,000 × 2,500 n + 1,000 × 1,250 n + 500 × 10,000 n = 5,000,000 + 1,250,000 + 5,000,000 nano-USD
    const usage = usageOf({ input: 3_000, output: 500, cacheRead: 1_000 });
    expect(priceOf(rate('openai', 'gpt-4o-2024-08-06'), usage)).toBe(11_250_000);
  });

  it('bills each lifetime of a cache write at its own rate: Anthropic', () => {
    // claude-opus-5-5: 4 in, 0.20 read, 5 written, 8 written for 1 h, 20 out.
    // Reported 100 + 2,000 read + 700 written, 200 of these for 1 h; 50 out:
    // 100 × 4,000 + 2,000 × 200 + 500 × 5,000 + 200 × 8,000 + 50 × 20,000 = 400k + 400k + 2.5M + 1.6M + 1M
    const usage = usageOf({ input: 2_800, output: 50, cacheRead: 2_000, cacheWrite: 700, cacheWrite1h: 200 });
    expect(priceOf(rate('anthropic', 'claude-opus-5-5'), usage)).toBe(5_900_000);
  });

  it('rounds a fraction of a nano-USD up, once for the call', () => {
    // text-embedding-3-small: 0.02 in, so that one token is 20 nano-USD.
    expect(priceOf(rate('openai', 'text-embedding-3-small'), usageOf({ input: 1 }))).toBe(20);
    // amazon.nova-micro cached 0.00875: 1 token = 8.75 nano, 3 tokens = 26.25 nano.
    const nova = rate('aws', 'amazon.nova-micro-v1:0');
    expect(priceOf(nova, usageOf({ input: 3, cacheRead: 3 }))).toBe(27);
  });

  it('charges nothing for no tokens', () => {
    expect(priceOf(rate('openai', 'gpt-4o'), NO_USAGE)).toBe(0);
  });
});

describe('tiers', () => {
  // gpt-6-sol: 2 in, 10 out up to 272,000 input tokens; beyond, the whole call at 4 and 15.
  it.each([
    [271_999, 271_999 * 2_000 + 100 * 10_000],
    [272_000, 272_000 * 2_000 + 100 * 10_000],
    [272_001, 272_001 * 4_000 + 100 * 15_000],
  ])('are a cliff over the whole call: %d input tokens cost %d nano-USD', (input, nano) => {
    expect(priceOf(rate('openai', 'gpt-6-sol'), usageOf({ input, output: 100 }))).toBe(nano);
  });

  it('count cached input towards the cliff', () => {
    const usage = usageOf({ input: 272_001, cacheRead: 272_000 });
    expect(priceOf(rate('openai', 'gpt-6-sol'), usage)).toBe(272_000 * 400 + 4_000);
  });

  it('of Claude Haiku 5.5 begin past 100,000 tokens at five times the price', () => {
    const haiku = rate('anthropic', 'claude-haiku-5-5');
    expect(priceOf(haiku, usageOf({ input: 100_000, output: 10 }))).toBe(100_000 * 100 + 10 * 500);
    expect(priceOf(haiku, usageOf({ input: 100_001, output: 10 }))).toBe(100_001 * 500 + 10 * 2_500);
  });
});

describe('dated prices', () => {
  it.each([
    ['openai', 'gpt-5.6-sol', '2026-08-20T23:59:59.999Z', 5_000_000],
    ['openai', 'gpt-5.6-sol', '2026-08-21T00:00:00.000Z', 4_000_000],
    ['google', 'gemini-3.8-flash', '2026-12-31T23:59:59.999Z', 750_000],
    ['google', 'gemini-3.8-flash', '2027-01-01T00:00:00.000Z', 1_500_000],
    ['deepseek', 'deepseek-v4-flash', '2026-11-24T00:59:59.999Z', 150_000],
    ['deepseek', 'deepseek-v4-flash', '2026-11-24T01:00:00.000Z', 300_000],
    ['deepseek', 'deepseek-v4-flash', '2026-11-24T03:59:59.999Z', 300_000],
    ['deepseek', 'deepseek-v4-flash', '2026-11-24T04:00:00.000Z', 150_000],
  ])('%s %s costs at %s what that moment sets', (provider, model, at, input) => {
    expect(rate(provider, model, new Date(at)).input).toBe(input);
  });

  it('tell Claude Sonnet 5.5 from Sonnet 5 by its cached price', () => {
    expect(rate('anthropic', 'claude-sonnet-5-5-20261001').cacheRead).toBe(100_000);
    expect(rate('anthropic', 'claude-sonnet-5').cacheRead).toBe(200_000);
  });
});

describe('finding a model', () => {
  it.each([
    ['openai', 'GPT-4o', 2_500_000],
    ['openai', 'gpt-4o-20241120', 2_500_000],
    ['openai', 'gpt-4.1-2027-02-03', 2_000_000],
    ['azure', 'gpt-4o', 2_500_000],
    ['azure', 'claude-haiku-5-5', 100_000],
    ['xai', 'grok-4.6', 2_000_000],
    ['custom', 'gpt-4o-mini', 150_000],
    ['custom', 'claude-opus-5-5', 4_000_000],
    ['custom', 'anthropic/claude-haiku-4-5', 1_000_000],
    ['', 'mistral-large-2512', 500_000],
    ['openrouter', 'openai/gpt-4o', 2_500_000],
    // A tuned model costs more than the one it was made of.
    ['openai', 'ft:gpt-4o-mini-2024-07-18:org::abc', 300_000],
    ['google', 'models/gemini-2.5-flash', 300_000],
    ['google', 'publishers/google/models/gemini-2.5-flash', 300_000],
    ['google', 'claude-sonnet-4-6@20260217', 3_000_000],
    ['aws', 'amazon.nova-lite-v1:0', 60_000],
    ['aws', 'eu.amazon.nova-lite-v1:0', 60_000],
    ['aws', 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0', 60_000],
    // Within a region a Claude since 4.5 costs a tenth more.
    ['aws', 'global.anthropic.claude-sonnet-4-5-20250929-v1:0', 3_000_000],
    ['aws', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 3_300_000],
    ['aws', 'anthropic.claude-sonnet-4-5-20250929-v1:0', 3_300_000],
    ['aws', 'ca.anthropic.claude-sonnet-5-v1:0', 2_200_000],
    ['aws', 'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-opus-5-5-v1:0', 4_400_000],
    ['aws', 'global.anthropic.claude-sonnet-5-5-v1:0', 2_000_000],
    ['aws', 'us.anthropic.claude-sonnet-5-5-v1:0', 2_200_000],
    ['aws', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0', 3_000_000],
  ])('knows %s %s', (provider, model, input) => {
    expect(rate(provider, model)).toMatchObject({ input, source: 'table' });
  });

  it.each([
    ['openai', 'gpt-99'],
    ['openai', ''],
    ['openai', 'claude-opus-5'],
    ['custom', 'llama3.2'],
    ['custom', 'unknown-maker/gpt'],
    ['constructor', '__proto__'],
    ['cerebras', 'qwen-3-coder-480b'],
    // Names that their owner made up.
    ['aws', 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123'],
    ['aws', 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/amazon.nova'],
    ['azure', 'my-deployment'],
  ])('does not make up a price for %s %s', (provider, model) => {
    expect(tableRate(provider, model, NOW)).toBeUndefined();
  });

  it('holds a model of OpenRouter that ends in :free to cost nothing, and no other provider’s unknown one', () => {
    const usage = usageOf({ input: 1_000, output: 1_000 });
    expect(priceOf(rate('openrouter', 'some-maker/some-model:free'), usage)).toBe(0);
    expect(priceOf(rate('azure', 'phi-4-reasoning-plus:free'), usage)).toBe(0);
    expect(tableRate('openai', 'gpt-99:free', NOW)).toBeUndefined();
  });

  it('bills what the cache has no price for as input', () => {
    expect(rate('deepseek', 'deepseek-v3.2')).toMatchObject({
      input: 228_800,
      cacheRead: 228_800,
      cacheWrite: 228_800,
    });
  });

  it('answers the same after thousands of other names', () => {
    const before = rate('openai', 'gpt-4o');
    for (let n = 0; n < 5_000; n++) expect(tableRate('openai', `no-such-${n}`, NOW)).toBeUndefined();
    expect(rate('openai', 'gpt-4o')).toEqual(before);
  });
});

describe('where a price is from', () => {
  it('is told with the price', () => {
    const listed = listedPrice('azure', 'gpt-5.6-sol-2026-08-01', NOW);
    expect(listed).toMatchObject({ provider: 'openai', card: { input: 4_000_000 }, since: new Date('2026-08-21') });
    expect(listed?.source).toBeUndefined();
    expect(listed?.tierSource).toContain('openai.com');
    expect(listedPrice('openai', 'gpt-6.2-sol', NOW)?.source).toContain('gpt-6.2-sol');
    expect(listedPrice('openai', 'gpt-99', NOW)).toBeUndefined();
    expect(listedPrice('x-ai', 'grok-4.7', NOW)?.tierSource).toBeUndefined();
  });
});

describe('corrections', () => {
  it('each state where their price is from', () => {
    for (const { source } of PROVIDERS.all.flatMap(({ prices = [] }) => prices)) expect(source).toMatch(/\S+ .*\d/);
  });

  it.each([
    ['openai', 'gpt-6.2-sol', 100_000],
    ['azure', 'gpt-6.2-astra', 400_000],
  ])('price what came out after the table: %s %s', (provider, model, cacheRead) => {
    expect(rate(provider, model).cacheRead).toBe(cacheRead);
  });
});

describe('the policy’s rates', () => {
  const rates: readonly PolicyRate[] = [
    { pattern: 'gpt-*', card: flat(1) },
    { pattern: 'gpt-4o*', card: flat(2) },
    { pattern: 'gpt-4o', card: flat(3) },
    { pattern: 'my-local-*', card: flat(0) },
  ];

  it.each([
    ['gpt-4o', 3_000_000],
    ['gpt-4o-mini', 2_000_000],
    ['gpt-6-sol', 1_000_000],
    ['my-local-llama', 0],
  ])('go before the table, the most specific pattern first: %s', (model, input) => {
    expect(rateFor(rates, 'openai', model, NOW)).toMatchObject({ input, source: 'policy' });
    expect(rateFor(rates.toReversed(), 'openai', model, NOW)).toMatchObject({ input, source: 'policy' });
  });

  it('leave the table to what they do not match', () => {
    expect(rateFor(rates, 'anthropic', 'claude-opus-5', NOW)).toMatchObject({ input: 5_000_000, source: 'table' });
    expect(rateFor(rates, 'custom', 'llama3.2', NOW)).toBeUndefined();
    expect(rateFor([], 'openai', 'gpt-4o', NOW)).toMatchObject({ input: 2_500_000, source: 'table' });
  });
});
