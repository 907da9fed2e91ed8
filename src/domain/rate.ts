import { costOf, type NanoUsd, type PicoUsdPerToken } from './money.js';
import type { Usage } from './usage.js';

/** Prices of one model, in pico-USD per token. */
export interface Rates {
  readonly input: PicoUsdPerToken;
  readonly output: PicoUsdPerToken;
  /** What a token read from the provider's cache costs. */
  readonly cacheRead: PicoUsdPerToken;
  /** What a token written to the cache costs (the five-minute kind where there are two). */
  readonly cacheWrite: PicoUsdPerToken;
  readonly cacheWrite1h: PicoUsdPerToken;
}

/** A tier is a cliff: a call whose input passes `above` tokens is billed at its rates as a whole. */
export interface Tier extends Rates {
  /** Input tokens that must be passed, 1 or more. */
  readonly above: number;
}

/** A model's rates with its tiers and where they come from. */
export interface RateCard extends Rates {
  /** Ascending by `above`. */
  readonly tiers: readonly Tier[];
  /** `policy` or the price table; a report says which. */
  readonly source: 'policy' | 'table';
}

/** The price of a call with this usage, in nano-USD, rounded up once. */
export function priceOf(card: RateCard, usage: Usage): NanoUsd {
  const rates = ratesAt(card, usage.input);
  return costOf([
    { tokens: usage.input - usage.cacheRead - usage.cacheWrite, rate: rates.input },
    { tokens: usage.cacheRead, rate: rates.cacheRead },
    { tokens: usage.cacheWrite - usage.cacheWrite1h, rate: rates.cacheWrite },
    { tokens: usage.cacheWrite1h, rate: rates.cacheWrite1h },
    { tokens: usage.output, rate: rates.output },
  ]);
}

/** The most that so many tokens can cost: each at the dearest rate of the dearest tier that the input can reach. */
export function worstPriceOf(card: RateCard, tokens: Pick<Usage, 'input' | 'output'>): NanoUsd {
  const reachable: Rates[] = [card, ...card.tiers.filter((tier) => tokens.input > tier.above)];
  const dearestInput = Math.max(...reachable.flatMap((r) => [r.input, r.cacheRead, r.cacheWrite, r.cacheWrite1h]));
  const dearestOutput = Math.max(...reachable.map((r) => r.output));
  return costOf([
    { tokens: tokens.input, rate: dearestInput },
    { tokens: tokens.output, rate: dearestOutput },
  ]);
}

function ratesAt(card: RateCard, input: number): Rates {
  return card.tiers.findLast((tier) => input > tier.above) ?? card;
}
