import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeOf, priceOf, worstPriceOf, type RateCard, type Terms } from '../../src/domain/rate.js';
import { METERS, usageOf, type Usage } from '../../src/domain/usage.js';

const RATE = fc.oneof(fc.integer({ min: 0, max: 200_000_000 }), fc.constant(0));
const TEXT_RATES = { input: RATE, output: RATE, cacheRead: RATE, cacheWrite: RATE, cacheWrite1h: RATE };
const MEDIA_NAMES = ['audioIn', 'audioCached', 'imageIn', 'imageCached', 'audioOut', 'imageOut', 'reasoning'] as const;
const MEDIA_RATES = Object.fromEntries(MEDIA_NAMES.map((name) => [name, RATE]));
const RATES = fc.record(
  { ...TEXT_RATES, ...MEDIA_RATES },
  { requiredKeys: ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h'] },
);
const TIER = fc.constantFrom('flex', 'batch', 'priority', 'fast', 'other');
const FACTOR = fc.integer({ min: 0, max: 6_000_000 });
const DISCOUNT = fc.integer({ min: 0, max: 1_000_000 });
const FACTORS = fc.record(
  { flex: DISCOUNT, batch: DISCOUNT, priority: FACTOR, fast: FACTOR, regional: FACTOR },
  { requiredKeys: [] },
);
const FEES = fc.dictionary(fc.constantFrom('call', ...METERS), fc.integer({ min: 0, max: 20_000_000_000 }));
const COUNT = fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 2_000_000 }), fc.maxSafeNat());

/** Cards whose tiers may be cheaper as well as dearer than the base. */
const CARD: fc.Arbitrary<RateCard> = fc
  .tuple(RATES, fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), RATES), { maxLength: 3 }), FACTORS, FEES)
  .map(([base, tiers, factors, fees]) => ({
    ...base,
    factors,
    fees,
    tiers: tiers.map(([above, rates]) => ({ above, ...rates })).sort((a, b) => a.above - b.above),
    source: 'table',
  }));

describe('the worst price of a call', () => {
  it('is never below the price of any usage within its bounds', () => {
    const count = fc.integer({ min: 0, max: 2_000_000 });
    const names = ['cacheRead', 'cacheWrite', 'cacheWrite1h', 'reasoning', ...MEDIA_NAMES] as const;
    const parts = fc.record(Object.fromEntries(names.map((name) => [name, count])), { requiredKeys: [] });
    const terms = fc.record({ tier: TIER, regional: fc.constant(true as const) }, { requiredKeys: [] });
    const meters = fc.dictionary(fc.constantFrom(...METERS), fc.integer({ min: 0, max: 1_000 }));
    fc.assert(
      fc.property(
        CARD,
        COUNT,
        COUNT,
        parts,
        terms,
        meters,
        fc.boolean(),
        (card, input, output, some, served, units, media) => {
          const usage = usageOf({
            input,
            output,
            ...some,
            ...(media ? {} : { audioIn: 0, imageIn: 0 }),
            ...served,
            meters: units,
          });
          const reach = { input, output, media, terms: served, meters: units };
          expect(priceOf(card, usage)).toBeLessThanOrEqual(worstPriceOf(card, reach));
          expect(priceOf(card, { ...usage, tier: 'flex' })).toBeLessThanOrEqual(worstPriceOf(card, reach));
        },
      ),
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

describe('a service tier', () => {
  const flat = { input: 1_000, output: 4_000, cacheRead: 100, cacheWrite: 1_000, cacheWrite1h: 1_000, tiers: [] };
  const factors = { flex: 500_000, priority: 1_666_667, fast: 3_000_000, regional: 1_100_000 };
  const table: RateCard = { ...flat, factors, source: 'table' };
  const bare: RateCard = { ...flat, source: 'table' };
  const own: RateCard = { ...flat, source: 'policy' };
  const usage = usageOf({ input: 1_000, output: 500 });

  it.each<[string, RateCard, Partial<Usage>, number]>([
    ['standard', table, {}, 3_000],
    ['flex', table, { tier: 'flex' }, 1_500],
    ['priority, a fraction of a nano-USD rounded up', table, { tier: 'priority' }, 5_001],
    ['regional', table, { regional: true }, 3_300],
    ['flex and regional', table, { tier: 'flex', regional: true }, 1_650],
    ['without a known price, as the dearest known', table, { tier: 'other' }, 9_000],
    ['a discount that is not known, which is none', table, { tier: 'batch' }, 3_000],
    ['dear, where the table knows none', bare, { tier: 'priority' }, 6_000],
    ['cheap, where the table knows none', bare, { tier: 'flex' }, 3_000],
    ['regional, where the table knows none', bare, { regional: true }, 3_000],
    ['any, at a policy’s rate', own, { tier: 'priority' }, 3_000],
    [
      'any, at a policy’s rate that names others',
      { ...own, factors: { priority: 2_000_000 } },
      { tier: 'other' },
      6_000,
    ],
  ])('%s: prices the tokens', (_, card, terms, cost) => {
    expect(priceOf(card, { ...usage, ...terms })).toBe(cost);
  });

  it('is held for as the dearest that the request names, and a discount is not', () => {
    const worst = (terms: Pick<Usage, 'tier' | 'regional'>) =>
      worstPriceOf(table, { input: 1_000, output: 500, terms });
    expect(worst({})).toBe(3_000);
    expect(worst({ tier: 'flex' })).toBe(3_000);
    expect(worst({ tier: 'fast', regional: true })).toBe(9_900);
  });

  it('of a cache that is kept for hours prices what is written to it, and holds for that', () => {
    const card: RateCard = { ...table, factors: { ...factors, longCache: 2_500_000 } };
    const written = { ...usage, cacheWrite: 800 };
    expect(priceOf(card, written)).toBe(3_000);
    expect(priceOf(card, { ...written, longCache: true })).toBe(200 + 800 * 2.5 + 2_000);
    expect(priceOf(table, { ...written, longCache: true })).toBe(3_000);
    expect(priceOf(card, { ...written, tier: 'other' })).toBe(9_000);
    const worst = (terms: Terms) => worstPriceOf(card, { input: 1_000, output: 500, terms });
    expect([worst({}), worst({ longCache: true })]).toEqual([3_000, 4_500]);
  });

  it('leaves fees as they are', () => {
    const card: RateCard = { ...table, fees: { searches: 10_000_000, call: 5_000 } };
    expect(priceOf(card, { ...usage, tier: 'flex', meters: { searches: 2, pages: 9 } })).toBe(1_500 + 20_000 + 5);
    expect(worstPriceOf(card, { input: 1_000, output: 500, meters: { searches: 3 } })).toBe(3_000 + 30_000 + 5);
  });
});

describe('sound and pictures', () => {
  const text = { input: 1_000, output: 2_000, cacheRead: 100, cacheWrite: 1_250, cacheWrite1h: 2_000, tiers: [] };
  const card: RateCard = {
    ...text,
    audioIn: 8_000,
    audioCached: 800,
    imageIn: 5_000,
    audioOut: 16_000,
    source: 'table',
  };

  it('are each billed once, at their own rate or that of text', () => {
    const usage = usageOf({
      ...{
        input: 1_000,
        cacheRead: 300,
        cacheWrite: 100,
        audioIn: 400,
        audioCached: 150,
        imageIn: 200,
        imageCached: 50,
      },
      ...{ output: 500, audioOut: 200, imageOut: 100 },
    });
    const read = 200 * 1_000 + 250 * 8_000 + 150 * 5_000 + 100 * 100 + 150 * 800 + 50 * 100 + 100 * 1_250;
    const generated = 200 * 2_000 + 200 * 16_000 + 100 * 2_000;
    expect(priceOf(card, usage)).toBe((read + generated) / 1_000);
  });

  it('are held for in the input only where they may be sent, in the output always', () => {
    const reach = { input: 10, output: 10 };
    expect(worstPriceOf(card, reach)).toBe(10 * 2 + 10 * 16);
    expect(worstPriceOf(card, { ...reach, media: true })).toBe(10 * 8 + 10 * 16);
  });
});

describe('the cost that a provider states', () => {
  const rates = { input: 1_000, output: 1_000, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, tiers: [] };
  const stated = { ...usageOf({ input: 5 }), reportedCost: 77 };

  it('goes before the table, and a policy’s rate before it', () => {
    expect(chargeOf({ ...rates, source: 'table' }, stated)).toEqual({ cost: 77, rate: 'reported' });
    expect(chargeOf({ ...rates, source: 'policy' }, stated)).toEqual({ cost: 5, rate: 'policy' });
    expect(chargeOf({ ...rates, source: 'table' }, usageOf({ input: 5 }))).toEqual({ cost: 5, rate: 'table' });
  });

  it('is known where no rate is', () => {
    expect(chargeOf(undefined, stated)).toEqual({ cost: 77, rate: 'reported' });
    expect(chargeOf(undefined, { ...stated, reportedCost: 0 })).toEqual({ cost: 0, rate: 'reported' });
    expect(chargeOf(undefined, usageOf({ input: 5 }))).toEqual({ cost: 0, rate: 'none' });
  });
});
