/** The form of the built-in price table. */
import type { Match } from './match.js';
import type { Factors, Fees, MediaRates } from './rate.js';

/** Pico-USD per token: input, output, cache read, cache write, one-hour cache write, and what has rates of its own. */
export type RateTuple = readonly [number, number, number, number, number, MediaRates?];

/** Base rates, then each tier with the input tokens that must be passed, ascending; empty where no price is stated. */
export type CardTuple = readonly [] | readonly [RateTuple, ...(readonly [above: number, rates: RateTuple])[]];

/** Rates with when they hold: from the start of a UTC day, or daily between two seconds of the UTC day. */
export interface PricePeriod {
  /** `YYYY-MM-DD`. */
  readonly from?: string;
  /** Start (inside) and end (outside), 0 to 86,399; the end may lie before the start, across midnight. */
  readonly daily?: readonly [number, number];
  readonly card: CardTuple;
  readonly fees?: Fees;
  /** What service tiers make of it, as the price data has them. */
  readonly factors?: Factors;
}

/** The last period that holds applies; the first where none does. */
export type PriceRow = readonly [Match, ...PricePeriod[]];

export interface ProviderPrices {
  /** Providers whose models this one sells at their prices. */
  readonly fallbacks: readonly string[];
  /** Other names of the provider. */
  readonly aliases?: Match;
  readonly models: () => readonly PriceRow[];
}
