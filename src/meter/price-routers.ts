/**
 * Routers: each picks one of several models and its answer says which. What it may cost is bounded by the
 * dearest that it can pick; what it did cost is the price of the one that answered, and the router's own fee.
 */
import { matches } from '../domain/match.js';
import type { Fees, RateCard, Rates } from '../domain/rate.js';
import type { Provider, Router } from '../providers/provider.js';

/** The router that a provider has under a name in lower case; undefined where that is a model, or not known. */
export function routerOf({ routers = [] }: Pick<Provider, 'routers'>, model: string): Router | undefined {
  return routers.find((router) => matches(router.models, model));
}

/** A card that is no cheaper than any of several, whatever a call reads and writes; undefined where there are none. */
export function dearestOf(cards: readonly RateCard[]): RateCard | undefined {
  if (cards.length === 0) return undefined;
  const rates: readonly Rates[] = cards.flatMap((card) => [card, ...card.tiers]);
  const most = (of: (each: Rates) => number) => Math.max(...rates.map(of));
  return {
    input: most((each) => each.input),
    output: most((each) => Math.max(each.output, each.reasoning ?? 0)),
    cacheRead: most((each) => each.cacheRead),
    cacheWrite: most((each) => each.cacheWrite),
    cacheWrite1h: most((each) => each.cacheWrite1h),
    audioIn: most((each) => each.audioIn ?? each.input),
    imageIn: most((each) => each.imageIn ?? each.input),
    audioOut: most((each) => each.audioOut ?? each.output),
    imageOut: most((each) => each.imageOut ?? each.output),
    tiers: [],
    fees: dearestFees(cards.map(({ fees = {} }) => fees)),
    source: 'table',
  };
}

function dearestFees(all: readonly Fees[]): Fees {
  const sums = new Map<string, number>();
  for (const [unit, fee] of all.flatMap((fees) => Object.entries(fees))) {
    sums.set(unit, Math.max(fee, sums.get(unit) ?? 0));
  }
  return Object.fromEntries(sums);
}

/** A card with a fee for each input token, wherever the token is read from. */
export function withInputFee(card: RateCard, fee: number): RateCard {
  if (fee === 0) return card;
  return { ...raised(card, fee), tiers: card.tiers.map((tier) => ({ ...tier, ...raised(tier, fee) })) };
}

function raised<R extends Rates>(rates: R, fee: number): R {
  const media = (['audioIn', 'audioCached', 'imageIn', 'imageCached'] as const).flatMap((name) => {
    const rate = rates[name];
    return rate === undefined ? [] : [[name, rate + fee] as const];
  });
  return {
    ...rates,
    input: rates.input + fee,
    cacheRead: rates.cacheRead + fee,
    cacheWrite: rates.cacheWrite + fee,
    cacheWrite1h: rates.cacheWrite1h + fee,
    ...Object.fromEntries(media),
  };
}
