import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METERS, NO_USAGE, sumOfUsages, tokenCount, usageOf, type Usage } from '../../src/domain/usage.js';

const TOKENS = [
  ...(['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'reasoning'] as const),
  ...(['audioIn', 'audioCached', 'imageIn', 'imageCached', 'audioOut', 'imageOut'] as const),
];

function countsOf(usage: Usage): number[] {
  const { reportedCost = 0, meters = {} } = usage;
  return [...TOKENS.map((name) => usage[name] ?? 0), ...METERS.map((meter) => meters[meter] ?? 0), reportedCost];
}

function uncachedText({
  input,
  cacheRead,
  cacheWrite,
  audioIn = 0,
  audioCached = 0,
  imageIn = 0,
  imageCached = 0,
}: Usage) {
  return input - cacheRead - cacheWrite - (audioIn - audioCached) - (imageIn - imageCached);
}

describe('a count', () => {
  it.each<[unknown, number]>([
    [0, 0],
    [5, 5],
    [5.1, 6],
    [0.0001, 1],
    [-1, 0],
    [-0, 0],
    [NaN, 0],
    [Infinity, Number.MAX_SAFE_INTEGER],
    [1e300, Number.MAX_SAFE_INTEGER],
    ['5', 0],
    [null, 0],
    [undefined, 0],
    [[5], 0],
    [{}, 0],
    [true, 0],
  ])('of %j is %d', (value, count) => {
    expect(tokenCount(value)).toBe(count);
  });
});

describe('usage', () => {
  it('keeps every part within its whole, whatever it is made of', () => {
    const part = fc.oneof(fc.double(), fc.integer(), fc.maxSafeNat(), fc.jsonValue(), fc.constant(undefined));
    const names = [...TOKENS, 'meters', 'tier', 'regional', 'reportedCost'] as const;
    const given = fc.record(Object.fromEntries(names.map((name) => [name, part])), { requiredKeys: [] });
    fc.assert(
      fc.property(given, (parts) => {
        const usage = usageOf(parts);
        for (const count of countsOf(usage)) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
        expect(uncachedText(usage)).toBeGreaterThanOrEqual(0);
        expect((usage.audioCached ?? 0) + (usage.imageCached ?? 0)).toBeLessThanOrEqual(usage.cacheRead);
        expect(usage.audioCached ?? 0).toBeLessThanOrEqual(usage.audioIn ?? 0);
        expect(usage.imageCached ?? 0).toBeLessThanOrEqual(usage.imageIn ?? 0);
        expect((usage.audioOut ?? 0) + (usage.imageOut ?? 0)).toBeLessThanOrEqual(usage.output);
        expect(usage.cacheWrite1h).toBeLessThanOrEqual(usage.cacheWrite);
        expect(usage.reasoning).toBeLessThanOrEqual(usage.output);
        expect(usageOf(usage)).toEqual(usage);
      }),
      { numRuns: 3_000, seed: 6 },
    );
  });

  it.each<[string, Record<string, unknown>, Partial<Usage>]>([
    ['states what is uncached and cached apart', { audioIn: 30, audioCached: 10 }, { audioIn: 30, audioCached: 10 }],
    ['is uncached where nothing says that it is cached', { audioIn: 60 }, { audioIn: 60 }],
    ['is cached as far as it cannot be uncached', { audioIn: 70 }, { audioIn: 70, audioCached: 10 }],
    ['is cut to the input', { audioIn: 1_000 }, { audioIn: 100, audioCached: 40 }],
    ['shares the input with pictures', { audioIn: 50, imageIn: 50 }, { audioIn: 50, imageIn: 50, imageCached: 40 }],
    ['comes before pictures', { audioIn: 100, imageIn: 5 }, { audioIn: 100, audioCached: 40 }],
  ])('of 100 tokens, 40 cached, that hold sound: it %s', (_, parts, expected) => {
    const text = { ...NO_USAGE, input: 100, cacheRead: 40 };
    expect(usageOf({ input: 100, cacheRead: 40, ...parts })).toEqual({ ...text, ...expected });
  });

  it('names a unit beside the token only where it was used', () => {
    const meters = { searches: 2.5, pages: 0, seconds: -1, images: 'many', wishes: 7 };
    expect(usageOf({ meters })).toEqual({ ...NO_USAGE, meters: { searches: 3 } });
    for (const none of [{}, { pages: 0 }, { wishes: 1 }, [], 'x', null])
      expect(usageOf({ meters: none })).toEqual(NO_USAGE);
  });

  it('keeps what the provider says that the call cost, 0 included', () => {
    expect(usageOf({ reportedCost: 0 })).toEqual({ ...NO_USAGE, reportedCost: 0 });
    for (const none of [-1, 0.5, '1', null, NaN]) expect(usageOf({ reportedCost: none })).toEqual(NO_USAGE);
  });

  it('of nothing is nothing', () => {
    expect(usageOf({})).toEqual(NO_USAGE);
  });
});

describe('a sum of usages', () => {
  const first = usageOf({ input: 10, output: 5, cacheRead: 4, audioIn: 3, meters: { searches: 1 }, tier: 'flex' });
  const second = usageOf({ input: 20, output: 1, reasoning: 1, audioIn: 2, meters: { searches: 2, pages: 1 } });

  it('adds every number, and is served as the first', () => {
    expect(sumOfUsages(first, [second])).toEqual({
      ...{ input: 30, output: 6, cacheRead: 4, cacheWrite: 0, cacheWrite1h: 0, reasoning: 1, audioIn: 5 },
      ...{ meters: { searches: 3, pages: 1 }, tier: 'flex' },
    });
  });

  it('of one is that one', () => {
    expect(sumOfUsages(second, [])).toEqual(second);
  });
});
