import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOf, worstPriceOf, type RateCard } from '../../src/domain/rate.js';
import { usageOf } from '../../src/domain/usage.js';

const RATE = fc.oneof(fc.integer({ min: 0, max: 200_000_000 }), fc.constant(0));
const RATES = fc.record({ input: RATE, output: RATE, cacheRead: RATE, cacheWrite: RATE, cacheWrite1h: RATE });
const COUNT = fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 2_000_000 }), fc.maxSafeNat());

/** Cards whose tiers may be cheaper as well as dearer than the base. */
const CARD: fc.Arbitrary<RateCard> = fc
  .tuple(RATES, fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), RATES), { maxLength: 3 }))
  .map(([base, tiers]) => ({
    ...base,
    tiers: tiers.map(([above, rates]) => ({ above, ...rates })).sort((a, b) => a.above - b.above),
    source: 'table',
  }));

describe('the worst price of a call', () => {
  it('is never below the price of any usage within its bounds', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(CARD, COUNT, COUNT, fc.tuple(part, part, part, part, part), (card, input, output, parts) => {
        const read = Math.floor(input * parts[0]);
        const usage = usageOf({
          input: read,
          output: Math.floor(output * parts[1]),
          cacheRead: Math.floor(read * parts[2]),
          cacheWrite: Math.floor(read * parts[3]),
          cacheWrite1h: Math.floor(read * parts[4]),
        });
        expect(priceOf(card, usage)).toBeLessThanOrEqual(worstPriceOf(card, { input, output }));
      }),
      { numRuns: 5_000, seed: 7 },
    );
  });

  it('grows with its bounds', () => {
    fc.assert(
      fc.property(CARD, COUNT, COUNT, (card, input, output) => {
        const less = { input: Math.floor(input / 2), output: Math.floor(output / 2) };
        expect(worstPriceOf(card, less)).toBeLessThanOrEqual(worstPriceOf(card, { input, output }));
      }),
      { numRuns: 2_000, seed: 8 },
    );
  });
});

describe('a tier', () => {
  const flat = (pico: number) => ({ input: pico, output: pico, cacheRead: pico, cacheWrite: pico, cacheWrite1h: pico });
  const card: RateCard = { ...flat(1_000), tiers: [{ above: 200, ...flat(2_000) }], source: 'table' };

  it.each([
    [199, 199],
    [200, 200],
    [201, 402],
  ])('bills the whole call once its input passes the edge: %d tokens', (input, cost) => {
    expect(priceOf(card, usageOf({ input }))).toBe(cost);
    expect(worstPriceOf(card, { input, output: 0 })).toBe(cost);
  });

  it('is not reached by output', () => {
    expect(priceOf(card, usageOf({ input: 200, output: 1_000 }))).toBe(1_200);
  });
});
