/** Finds a model in the built-in price table: whose it is, how its name may be spelt, what stands in for it. */
import { matches, type Match } from '../domain/match.js';
import type { RateCard } from '../domain/rate.js';
import { PRICE_LISTS } from '../generated/prices.generated.js';
import type { Providers } from '../providers/provider.js';
import type { OwnPrice, Provider, Resale, Router } from '../providers/provider.js';
import { spellingsOf } from './model-names.js';
import { dearestOf, routerOf, withInputFee } from './price-routers.js';
import { periodsOf, type ModelTerms, type Period } from './price-table.js';

/** Where a model's price stands. */
export interface Listing {
  readonly periods: readonly Period[];
  /** The id of the provider whose list it is in. */
  readonly provider: string;
  /** Page and day of a correction to the table; undefined where the price is the table's own. */
  readonly source?: string;
  /** Page and day of what its service tiers cost, where that is known. */
  readonly tierSource?: string;
  /** Page and day of its tools' fees, where the table has none. */
  readonly feeSource?: string;
}

const FREE: RateCard = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  tiers: [],
  source: 'table',
};

/**
 * The listing of a model, both names in lower case; undefined where no price is known.
 * @param providers the rows that the provider's name is looked for in
 */
export function findListing(providers: Providers, provider: string, model: string): Listing | undefined {
  const { ownServer, resells } = providers.named(provider);
  // A server of one's own bills nothing, whatever its models are called.
  if (ownServer) return { provider, periods: [always(FREE)] };
  const listing = findRow(providers, provider, model);
  // The suffix is a promise of OpenRouter's: what bears it costs nothing, listed or not.
  const free = model.endsWith(':free') && (listing !== undefined || resells !== undefined);
  if (!free) return listing;
  const known = listing?.periods.filter((period) => period.card) ?? [];
  return known.length > 0 ? { provider, ...listing, periods: known } : { provider, periods: [always(FREE)] };
}

function findRow(providers: Providers, provider: string, model: string): Listing | undefined {
  const known = knownProvider(providers, provider);
  if (known) {
    const router = routerOf(known, model);
    if (router) return routed(providers, known, router);
    return known.resells ? resold(providers, known, known.resells, model) : inAnySpelling(providers, known, model);
  }
  const slash = model.indexOf('/');
  const maker = slash < 0 ? undefined : knownProvider(providers, model.slice(0, slash));
  if (maker) return inAnySpelling(providers, maker, model.slice(slash + 1));
  const makers = providers.all.filter(({ listsOwnModels }) => listsOwnModels);
  return firstOf(makers, (row) => inAnySpelling(providers, row, model));
}

/** What a router can pick is bounded by the dearest of it, at any time. */
function routed(providers: Providers, provider: Provider, { picks, varies, fee, source }: Router): Listing | undefined {
  const listings = picks?.map((name) => inAnySpelling(providers, provider, name));
  const periods = listings?.flatMap((listing) => listing?.periods ?? []) ?? allPeriods(provider.name);
  const dearest = dearestOf(periods.flatMap(({ card }) => card ?? []));
  if (!dearest) return undefined;
  const card = { ...withInputFee(dearest, fee), ...(varies && { varies }) };
  return { provider: provider.name, source, periods: [always(card)] };
}

function allPeriods(list: string): readonly Period[] {
  return PRICE_LISTS[list]?.models().flatMap((row) => periodsOf(row, {})) ?? [];
}

function always(card: RateCard): Period {
  return { from: -Infinity, daily: undefined, card };
}

/**
 * What OpenRouter sells: at its own list's price, else at that of the maker, where the maker alone serves the model. For
 * other models it may pick a host that takes more than the listed one, and a search of the web is billed by the result.
 */
function resold(
  providers: Providers,
  seller: Provider,
  { soleMakers, openWeights }: Resale,
  model: string,
): Listing | undefined {
  const [maker = '', ...rest] = model.replace(/^~/, '').split('/');
  const sole = openWeights.test(model) ? undefined : soleMakers.get(maker);
  const listing =
    inAnySpelling(providers, seller, model) ??
    (sole === undefined ? undefined : inAnySpelling(providers, providers.named(sole), rest.join('/')));
  const searches = /:online(:|$)/.test(model);
  const varies = searches ? 'web search by the router' : sole ? undefined : 'the router may choose a dearer host';
  if (listing === undefined || varies === undefined || model.endsWith(':free')) return listing;
  const periods = listing.periods.map((period) => ({ ...period, card: period.card && { ...period.card, varies } }));
  return { ...listing, periods };
}

/** A provider with prices, by its id or another name of it in the price table. */
function knownProvider(providers: Providers, name: string): Provider | undefined {
  const own = providers.named(name);
  if (own.prices || Object.hasOwn(PRICE_LISTS, name)) return own;
  const id = Object.entries(PRICE_LISTS).find(([, { aliases }]) => aliases && matches(aliases, name))?.[0];
  return id === undefined ? undefined : providers.named(id);
}

/** Each spelling in the provider's own list, then in those of the providers whose models it sells. */
function inAnySpelling(providers: Providers, provider: Provider, model: string): Listing | undefined {
  const fallbacks = PRICE_LISTS[provider.name]?.fallbacks ?? [];
  const rows = [provider, ...fallbacks.map((name) => providers.named(name))];
  return firstOf(spellingsOf(model), (name) => firstOf(rows, (row) => listed(row, name)));
}

function listed(provider: Provider, name: string): Listing | undefined {
  const ofModel = <T extends { readonly models: Match }>(rows: readonly T[] = []) =>
    rows.find(({ models }) => matches(models, name));
  const tiers = ofModel(provider.tiers);
  const tools = ofModel(provider.toolFees);
  const own = ofModel(provider.prices);
  const terms = { factors: tiers?.factors, fees: tools?.fees };
  const periods = own ? [ownPeriod(own, terms)] : tablePeriods(provider.name, name, terms);
  if (!periods) return undefined;
  return {
    periods,
    provider: provider.name,
    ...(own && { source: own.source }),
    ...(tiers && { tierSource: tiers.source }),
    ...(tools && { feeSource: tools.source }),
  };
}

function tablePeriods(list: string, name: string, terms: ModelTerms): readonly Period[] | undefined {
  const row = PRICE_LISTS[list]?.models().find(([match]) => matches(match, name));
  return row && periodsOf(row, terms);
}

function ownPeriod({ rates, longer = [], fees }: OwnPrice, terms: ModelTerms): Period {
  return always({
    ...rates,
    tiers: longer,
    ...((fees ?? terms.fees) && { fees: { ...terms.fees, ...fees } }),
    ...(terms.factors && { factors: terms.factors }),
    source: 'table',
  });
}

function firstOf<T, R>(values: readonly T[], of: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const result = of(value);
    if (result !== undefined) return result;
  }
  return undefined;
}
