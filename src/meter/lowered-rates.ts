/** Which rates of the built-in table a file of prices would lower, were it pinned. */
import { rateDecimal } from '../domain/money.js';
import type { PolicyRate } from '../domain/policy.js';
import type { RateCard } from '../domain/rate.js';
import { PRICE_LISTS } from '../generated/prices.generated.js';
import { PROVIDERS } from '../providers/index.js';
import { findListing } from './price-listing.js';
import { periodAt } from './price-table.js';

/** A rate of the table that a file of prices states lower. */
export interface Lowered {
  readonly model: string;
  readonly at: string;
  /** Whose price it is. */
  readonly provider: string;
  /** The part of it, as a policy names it, and its USD per 1M tokens in the table and in the file. */
  readonly part: string;
  readonly known: string;
  readonly listed: string;
}

const PARTS = { input: 'input', output: 'output', cacheRead: 'cache_read', cacheWrite: 'cache_write' } as const;

/**
 * The known rates that unpinned ones would lower, one a model, where they name a model itself. A pattern is not asked for
 * each model that it covers: none of them becomes cheaper by it.
 */
export function loweredRates(rates: readonly PolicyRate[], now: Date): readonly Lowered[] {
  return rates.flatMap((rate) => {
    if (!rate.listed || rate.listed.pinned || rate.pattern.includes('*')) return [];
    for (const provider of ['', ...Object.keys(PRICE_LISTS)]) {
      const lowered = loweredAt(provider, rate, now);
      if (lowered) return [lowered];
    }
    return [];
  });
}

function loweredAt(provider: string, { pattern, card, at = '' }: PolicyRate, now: Date): Lowered | undefined {
  const listing = findListing(PROVIDERS, provider, pattern.toLowerCase());
  const known = listing && !PROVIDERS.named(provider).ownServer ? periodAt(listing.periods, now)?.card : undefined;
  const part = known && (Object.keys(PARTS) as (keyof typeof PARTS)[]).find((name) => card[name] < known[name]);
  if (!listing || !known || !part) return undefined;
  const usd = (one: RateCard) => rateDecimal(one[part]);
  return {
    model: pattern,
    at,
    provider: listing.provider,
    part: PARTS[part],
    known: usd(known),
    listed: usd(card),
  };
}
