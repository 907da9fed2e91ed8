import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOf, type RateCard } from '../../src/domain/rate.js';
import { usageOf } from '../../src/domain/usage.js';
import type { RequestFacts } from '../../src/meter/dialects/dialect.js';
import { boundsOf, quoteOf } from '../../src/meter/quote.js';

const FACTS: RequestFacts = { model: 'm', stream: false, outputBound: 100, answers: 1 };
const OPEN: RequestFacts = { ...FACTS, outputBound: undefined };
const CALL = { provider: 'openai', host: 'api.openai.com', model: 'm', dialect: 'openai-chat' } as const;
const CARD: RateCard = {
  input: 2_500_000,
  output: 10_000_000,
  cacheRead: 1_250_000,
  cacheWrite: 3_125_000,
  cacheWrite1h: 5_000_000,
  tiers: [{ above: 1_000, input: 5_000_000, output: 15_000_000, cacheRead: 1, cacheWrite: 1, cacheWrite1h: 1 }],
  source: 'table',
};

describe('the bounds of a request', () => {
  it.each([
    ['its bytes and its stated bound', FACTS, true, { input: 80, output: 100 }],
    ['a stated bound of 0', { ...FACTS, outputBound: 0 }, true, { input: 80, output: 0 }],
    ['its bound once for each answer', { ...FACTS, answers: 5 }, true, { input: 80, output: 500 }],
    ['what the provider adds', { ...FACTS, overhead: 1_000 }, true, { input: 1_080, output: 100 }],
    ['the reserve, written into it', OPEN, true, { input: 80, output: 4_096, written: 4_096 }],
    ['the reserve for each answer', { ...OPEN, answers: 2 }, true, { input: 80, output: 8_192, written: 4_096 }],
    ['a guess where it can not be written', OPEN, false, { input: 80, output: 4_096, unbounded: 'no output bound' }],
    ['its own reason first', { ...OPEN, unbounded: 'media' }, false, { input: 80, output: 4_096, unbounded: 'media' }],
  ])('are %s', (_, facts, writable, bounds) => {
    expect(boundsOf(facts, 80, 4_096, writable)).toEqual(bounds);
  });

  it('stay whole numbers whatever is asked for', () => {
    const facts = { ...FACTS, outputBound: Number.MAX_SAFE_INTEGER, answers: Number.MAX_SAFE_INTEGER };
    expect(boundsOf(facts, 80, 4_096, true).output).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('a quote', () => {
  it('prices the dearest way to read the input, and the output', () => {
    expect(quoteOf(CALL, { input: 1_000, output: 100 }, CARD)).toEqual({
      ...CALL,
      hold: { input: 1_000, output: 100, cost: 1_000 * 5_000 + 100 * 10_000 },
      rate: 'table',
    });
  });

  it('prices a tier from the first token that can reach it', () => {
    expect(quoteOf(CALL, { input: 1_001, output: 100 }, CARD).hold.cost).toBe(1_001 * 5_000 + 100 * 15_000);
  });

  it('holds tokens without a cost where no rate is known', () => {
    const quote = quoteOf(CALL, { input: 7, output: 3, unbounded: 'media', written: 3 }, undefined);
    expect(quote).toEqual({
      ...CALL,
      hold: { input: 7, output: 3, cost: 0 },
      rate: 'none',
      unbounded: 'media',
      outputBound: 3,
    });
  });

  it('holds for the units that a request can use, and for the tier that it names', () => {
    const card: RateCard = { ...CARD, fees: { images: 40_000_000 }, factors: { priority: 2_000_000 } };
    const bounds = {
      ...boundsOf({ ...FACTS, meters: { images: 3 } }, 100, 1, true),
      terms: { tier: 'priority' } as const,
    };
    expect(quoteOf(CALL, bounds, card).hold.cost).toBe(2 * (100 * 5_000 + 100 * 10_000) + 3 * 40_000);
  });

  it.each([
    [
      'names a tier without a known price',
      { terms: { tier: 'priority' } as const },
      CARD,
      'a service tier without a known price',
    ],
    [
      'is for a model billed by other units',
      {},
      { ...CARD, input: 0, output: 0, fees: { seconds: 1 } },
      'billed by other units than tokens',
    ],
    ['has a reason of its own', { unbounded: 'media', terms: { tier: 'fast' } as const }, CARD, 'media'],
    ['is unpriced', { terms: { tier: 'fast' } as const }, undefined, undefined],
  ])('says that the hold is no bound where the request %s', (_, more, card, unbounded) => {
    expect(quoteOf(CALL, { input: 1, output: 1, ...more }, card).unbounded).toBe(unbounded);
  });

  it('holds for sound and pictures where what is sent is not known', () => {
    const card: RateCard = { ...CARD, audioIn: 40_000_000 };
    expect(quoteOf(CALL, { input: 10, output: 0 }, card).hold.cost).toBe(10 * 5_000);
    expect(quoteOf(CALL, { input: 10, output: 0, unbounded: 'media' }, card).hold.cost).toBe(10 * 40_000);
  });

  it('covers every usage that its request’s bounds allow', () => {
    const nat = (max: number) => fc.integer({ min: 0, max });
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        nat(5_000),
        nat(5_000),
        nat(8),
        nat(3_000),
        part,
        part,
        (bytes, outputBound, answers, overhead, a, b) => {
          const bounds = boundsOf({ ...FACTS, outputBound, answers: answers + 1, overhead }, bytes, 1, true);
          const input = Math.floor((bytes + overhead) * a);
          const usage = usageOf({
            input,
            output: outputBound * (answers + 1),
            cacheRead: input * b,
            cacheWrite1h: input,
          });
          const { hold } = quoteOf(CALL, bounds, CARD);
          expect(usage.input <= hold.input && usage.output <= hold.output).toBe(true);
          expect(priceOf(CARD, usage)).toBeLessThanOrEqual(hold.cost);
        },
      ),
      { numRuns: 2_000, seed: 9 },
    );
  });
});
