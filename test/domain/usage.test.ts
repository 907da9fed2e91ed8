import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_USAGE, tokenCount, usageOf } from '../../src/domain/usage.js';

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
    const parts = { input: part, output: part, cacheRead: part, cacheWrite: part, cacheWrite1h: part, reasoning: part };
    fc.assert(
      fc.property(fc.record(parts), (given) => {
        const usage = usageOf(given);
        for (const count of Object.values(usage)) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
        expect(usage.cacheRead + usage.cacheWrite).toBeLessThanOrEqual(usage.input);
        expect(usage.cacheWrite1h).toBeLessThanOrEqual(usage.cacheWrite);
        expect(usage.reasoning).toBeLessThanOrEqual(usage.output);
        expect(usageOf(usage)).toEqual(usage);
      }),
      { numRuns: 2_000, seed: 6 },
    );
  });

  it('of nothing is nothing', () => {
    expect(usageOf({})).toEqual(NO_USAGE);
  });
});
