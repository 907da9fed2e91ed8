/**
 * What a token costs: the policy's own rates first, then the built-in dated table with its corrections. A model that
 * neither knows has no price, which is never the same as a price of 0.
 */
import { bySpecificity, compilePattern } from '../domain/pattern.js';
import type { PolicyRate } from '../domain/policy.js';
import type { RateCard } from '../domain/rate.js';
import { findListing, type Listing } from './price-listing.js';
import { overTable } from './price-list.js';
import { routerOf, withInputFee } from './price-routers.js';
import { periodAt } from './price-table.js';
import { DATE, PRICE_LISTS, SOURCE } from '../generated/prices.generated.js';
import { PROVIDERS } from '../providers/index.js';
import type { Providers } from '../providers/provider.js';

/** Where the table comes from, and the day of its data (`YYYY-MM-DD`): a report prints both. */
export const PRICES: { readonly source: string; readonly date: string } = { source: SOURCE, date: DATE };

/** Names of models come from the command: past this many the memory of them starts anew. */
const REMEMBERED = 2_000;

const found = new WeakMap<Providers, Map<string, Map<string, Listing | undefined>>>();
const compiledPolicies = new WeakMap<readonly PolicyRate[], (model: string) => PolicyRate | undefined>();

/**
 * The rates of a model at a moment: the policy's most specific pattern that matches, else that of its price file,
 * else the table's.
 * @returns undefined where no price is known
 */
export function rateFor(
  policyRates: readonly PolicyRate[],
  provider: string,
  model: string,
  at: Date,
  providers = PROVIDERS,
): RateCard | undefined {
  let ofPolicy = compiledPolicies.get(policyRates);
  if (!ofPolicy) {
    ofPolicy = compilePolicy(policyRates);
    compiledPolicies.set(policyRates, ofPolicy);
  }
  const own = ofPolicy(model);
  if (own && !own.listed) return own.card;
  const known = tableRate(provider, model, at, providers);
  return own?.listed && known ? overTable(own.card, known, own.listed.pinned) : (own?.card ?? known);
}

/**
 * Finds the rates of a call at a moment: what the policy says of the model that was asked for, then of the one that answered,
 * then the table's, where the answer's own name for its model says more than the request's.
 */
export function rateFinder(rates: readonly PolicyRate[], providers = PROVIDERS) {
  return (provider: string, requested: string, answered: string | undefined, at: Date): RateCard | undefined => {
    const asked = rateFor(rates, provider, requested, at, providers);
    if (answered === undefined || answered === requested || asked?.source === 'policy') return asked;
    const served = rateFor(rates, provider, answered, at, providers);
    return served?.source === 'table'
      ? withInputFee(served, routerFee(providers, provider, requested))
      : (served ?? asked);
  };
}

/** Pico-USD that a router takes for each input token beside the price of the model that it picked. */
function routerFee(providers: Providers, provider: string, requested: string): number {
  return routerOf(providers.named(provider.trim().toLowerCase()), requested.trim().toLowerCase())?.fee ?? 0;
}

/**
 * The rates of the built-in table at a moment.
 * @param provider an id or another name of a provider; where the table has none such, the makers of models are asked
 * @returns undefined where no price is known
 */
export function tableRate(provider: string, model: string, at: Date, providers = PROVIDERS): RateCard | undefined {
  const listing = listingOf(providers, provider, model);
  return listing && periodAt(listing.periods, at)?.card;
}

/** Whether some provider has a price for a model, at any time. */
export function isKnownModel(model: string): boolean {
  // A server of one's own takes any name.
  const lists = Object.keys(PRICE_LISTS).filter((name) => !PROVIDERS.named(name).ownServer);
  return ['', ...lists].some((name) => listingOf(PROVIDERS, name, model) !== undefined);
}

/** The names that the table spells out, in lower case, for suggestions. */
export function knownModels(): readonly string[] {
  const rows = Object.values(PRICE_LISTS).flatMap(({ models }) => models());
  return [...new Set(rows.flatMap(([match]) => [match].flat().filter((one) => typeof one === 'string')))];
}

/** A price of the built-in table, and where it is from. */
export interface ListedPrice extends Listing {
  readonly card: RateCard;
  /** When it came to hold, where the table says so. */
  readonly since?: Date;
}

/** As `tableRate`, for a reader who wants to know where the price is from. */
export function listedPrice(provider: string, model: string, at: Date): ListedPrice | undefined {
  const listing = listingOf(PROVIDERS, provider, model);
  const period = listing && periodAt(listing.periods, at);
  if (!listing || !period?.card) return undefined;
  return { ...listing, card: period.card, ...(period.from > -Infinity && { since: new Date(period.from) }) };
}

function listingOf(providers: Providers, provider: string, model: string): Listing | undefined {
  const models = modelsOf(providers, provider);
  let listing = models.get(model);
  if (!listing && !models.has(model)) {
    if (models.size >= REMEMBERED) models.clear();
    listing = findListing(providers, provider.trim().toLowerCase(), model.trim().toLowerCase());
    models.set(model, listing);
  }
  return listing;
}

function modelsOf(providers: Providers, provider: string): Map<string, Listing | undefined> {
  let byProvider = found.get(providers);
  if (!byProvider) found.set(providers, (byProvider = new Map<string, Map<string, Listing | undefined>>()));
  let models = byProvider.get(provider);
  if (!models) byProvider.set(provider, (models = new Map<string, Listing | undefined>()));
  return models;
}

function compilePolicy(rates: readonly PolicyRate[]): (model: string) => PolicyRate | undefined {
  const tests = rates
    .toSorted((a, b) => Number(Boolean(a.listed)) - Number(Boolean(b.listed)) || bySpecificity(a.pattern, b.pattern))
    .map((rate) => ({ rate, matches: compilePattern(rate.pattern) }));
  const remembered = new Map<string, PolicyRate | undefined>();
  return (model) => {
    if (remembered.has(model)) return remembered.get(model);
    if (remembered.size >= REMEMBERED) remembered.clear();
    const rate = tests.find((test) => test.matches(model))?.rate;
    remembered.set(model, rate);
    return rate;
  };
}
