/** How a model's name and a moment select a row of the built-in price table. */
import type { CardTuple, PriceRow, RateTuple } from '../domain/price-row.js';
import type { Factors, Fees, Rates, RateCard } from '../domain/rate.js';

/** A period ready for use; `card` is undefined where no price is stated. */
export interface Period {
  /** Milliseconds since the epoch; −Infinity where it has no start. */
  readonly from: number;
  readonly daily: readonly [number, number] | undefined;
  readonly card: RateCard | undefined;
}

/** What a row may say nothing of, and its provider says for all models of a kind. */
export interface ModelTerms {
  /** What service tiers make of the price. */
  readonly factors?: Factors | undefined;
  /** Fees of tools. */
  readonly fees?: Fees | undefined;
}

/** A row's periods, in its order. */
export function periodsOf([, ...periods]: PriceRow, { factors: tiers, fees: tools }: ModelTerms): readonly Period[] {
  return periods.map(({ from, daily, card, fees, factors }) => ({
    from: from === undefined ? -Infinity : Date.parse(`${from}T00:00:00Z`),
    daily,
    card: cardOf(card, {
      ...((fees ?? tools) && { fees: { ...tools, ...fees } }),
      ...((factors ?? tiers) && { factors: { ...tiers, ...factors } }),
    }),
  }));
}

/** The period that applies at a moment. */
export function periodAt(periods: readonly Period[], at: Date): Period | undefined {
  if (periods.length === 1) return periods[0];
  return periods.findLast((period) => holds(period, at)) ?? periods[0];
}

function holds({ from, daily }: Period, at: Date): boolean {
  const time = at.getTime();
  if (!daily) return time >= from;
  const second = (time / 1000) % 86_400;
  const [start, end] = daily;
  return end < start ? second >= start || second < end : second >= start && second < end;
}

function cardOf([base, ...tiers]: CardTuple, terms: Pick<RateCard, 'fees' | 'factors'>): RateCard | undefined {
  if (!base) return undefined;
  return {
    ...ratesOf(base),
    tiers: tiers.map(([above, rates]) => ({ above, ...ratesOf(rates) })),
    ...terms,
    source: 'table',
  };
}

function ratesOf([input, output, cacheRead, cacheWrite, cacheWrite1h, media]: RateTuple): Rates {
  return { input, output, cacheRead, cacheWrite, cacheWrite1h, ...media };
}
