/** Finds a model in the built-in price table: whose it is, how its name may be spelt, what stands in for it. */
import type { RateCard } from '../domain/rate.js';
import { spellingsOf } from './model-names.js';
import { PRICE_CORRECTIONS } from './price-corrections.js';
import { dearestOf, routerOf, withInputFee, type Router } from './price-routers.js';
import type { PriceRow } from '../domain/price-row.js';
import { matches, periodsOf, type Period } from './price-table.js';
import { PROVIDERS } from '../generated/prices.generated.js';
import { tierPricesOf } from './service-tiers.js';
import { toolFeesOf } from './tool-fees.js';

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

/** Where a model of an unknown provider is looked for; the first that knows it decides. */
const MAKERS = [
  'openai',
  'anthropic',
  'google',
  'mistral',
  'deepseek',
  'x-ai',
  'cohere',
  'moonshotai',
  'zhipuai',
  'minimax',
];

const FREE: RateCard = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  tiers: [],
  source: 'table',
};

const OPENROUTER = 'openrouter';

/** Makers by OpenRouter's names for them whose models no one else serves at another price, but for those with open weights. */
const SOLE_MAKERS: ReadonlyMap<string, string> = new Map([
  ...['openai', 'anthropic', 'google', 'x-ai', 'cohere', 'perplexity'].map((name) => [name, name] as const),
  ['amazon', 'aws'],
]);
const OPEN_WEIGHTS = /gpt-oss|gemma/;

/** A server of one's own bills nothing, whatever its models are called. Ollama's cloud is another provider. */
const OWN_MACHINE = 'ollama';

/** The listing of a model, both names in lower case; undefined where no price is known. */
export function findListing(provider: string, model: string): Listing | undefined {
  if (provider === OWN_MACHINE) return { provider, periods: [{ from: -Infinity, daily: undefined, card: FREE }] };
  const listing = findRow(provider, model);
  // The suffix is a promise of OpenRouter's: what bears it costs nothing, listed or not.
  const free = model.endsWith(':free') && (listing !== undefined || provider === 'openrouter');
  if (!free) return listing;
  const known = listing?.periods.filter((period) => period.card) ?? [];
  if (known.length > 0) return { provider, ...listing, periods: known };
  return { provider, periods: [{ from: -Infinity, daily: undefined, card: FREE }] };
}

function findRow(provider: string, model: string): Listing | undefined {
  const known = knownProvider(provider);
  const router = known && routerOf(known, model);
  if (router) return routed(router);
  if (known === OPENROUTER) return resold(model);
  if (known !== undefined) return inAnySpelling(known, model);
  const slash = model.indexOf('/');
  const maker = slash < 0 ? undefined : knownProvider(model.slice(0, slash));
  if (maker !== undefined) return inAnySpelling(maker, model.slice(slash + 1));
  return firstOf(MAKERS, (id) => inAnySpelling(id, model));
}

/** What a router can pick is bounded by the dearest of it, at any time. */
function routed({ provider, picks, varies, fee, source }: Router): Listing | undefined {
  const listings = picks?.map((name) => inAnySpelling(provider, name));
  const periods = listings?.flatMap((listing) => listing?.periods ?? []) ?? allPeriods(provider);
  const dearest = dearestOf(periods.flatMap(({ card }) => card ?? []));
  if (!dearest) return undefined;
  const card = { ...withInputFee(dearest, fee), ...(varies && { varies }) };
  return { provider, source, periods: [always(card)] };
}

function allPeriods(provider: string): readonly Period[] {
  return PROVIDERS[provider]?.models().flatMap((row) => periodsOf(row, {})) ?? [];
}

function always(card: RateCard): Period {
  return { from: -Infinity, daily: undefined, card };
}

/**
 * What OpenRouter sells: at its own list's price, else at that of the maker, where the maker alone serves the model. For
 * other models it may pick a host that takes more than the listed one, and a search of the web is billed by the result.
 */
function resold(model: string): Listing | undefined {
  const [maker = '', ...rest] = model.replace(/^~/, '').split('/');
  const sole = SOLE_MAKERS.get(maker);
  const closed = sole !== undefined && !OPEN_WEIGHTS.test(model);
  const listing = inAnySpelling(OPENROUTER, model) ?? (closed ? inAnySpelling(sole, rest.join('/')) : undefined);
  const searches = /:online(:|$)/.test(model);
  const varies = searches ? 'web search by the router' : closed ? undefined : 'the router may choose a dearer host';
  if (listing === undefined || varies === undefined || model.endsWith(':free')) return listing;
  const periods = listing.periods.map((period) => ({ ...period, card: period.card && { ...period.card, varies } }));
  return { ...listing, periods };
}

function knownProvider(name: string): string | undefined {
  if (Object.hasOwn(PROVIDERS, name)) return name;
  return Object.entries(PROVIDERS).find(([, { aliases }]) => aliases && matches(aliases, name))?.[0];
}

/** Each spelling in the provider's own list, then in those of the providers whose models it sells. */
function inAnySpelling(provider: string, model: string): Listing | undefined {
  const providers = [provider, ...(PROVIDERS[provider]?.fallbacks ?? [])];
  return firstOf(spellingsOf(model), (name) => firstOf(providers, (id) => listed(id, name)));
}

function listed(provider: string, name: string): Listing | undefined {
  const own = PRICE_CORRECTIONS.filter((correction) => correction.provider === provider);
  const corrected = own.find(({ row: [match] }) => matches(match, name));
  const row: PriceRow | undefined =
    corrected?.row ?? PROVIDERS[provider]?.models().find(([match]) => matches(match, name));
  if (!row) return undefined;
  const tiers = tierPricesOf(provider, name);
  const tools = toolFeesOf(provider, name);
  return {
    periods: periodsOf(row, { factors: tiers?.factors, fees: tools?.fees }),
    provider,
    ...(corrected && { source: corrected.source }),
    ...(tiers && { tierSource: tiers.source }),
    ...(tools && { feeSource: tools.source }),
  };
}

function firstOf<T, R>(values: readonly T[], of: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const result = of(value);
    if (result !== undefined) return result;
  }
  return undefined;
}
