/**
 * What a token costs: the policy's own rates first, then the built-in dated table with its corrections. A model that
 * neither knows has no price, which is never the same as a price of 0.
 */
import { bySpecificity, compilePattern } from '../domain/pattern.js';
import type { PolicyRate } from '../domain/policy.js';
import type { RateCard } from '../domain/rate.js';
import { PRICE_CORRECTIONS } from './price-corrections.js';
import { matches, periodAt, periodsOf, type Period, type PriceRow } from './price-table.js';
import { DATE, PROVIDERS, SOURCE } from './prices.generated.js';
import { tierFactors } from './service-tiers.js';

/** Where the table comes from, and the day of its data (`YYYY-MM-DD`): a report prints both. */
export const PRICES: { readonly source: string; readonly date: string } = { source: SOURCE, date: DATE };

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

/** Names of models come from the command: past this many the memory of them starts anew. */
const REMEMBERED = 2_000;

type Found = readonly Period[] | undefined;
const found = new Map<string, Map<string, Found>>();
const compiledPolicies = new WeakMap<readonly PolicyRate[], (model: string) => RateCard | undefined>();

/**
 * The rates of a model at a moment: the policy's most specific pattern that matches, else the table's.
 * @returns undefined where no price is known
 */
export function rateFor(
  policyRates: readonly PolicyRate[],
  provider: string,
  model: string,
  at: Date,
): RateCard | undefined {
  let ofPolicy = compiledPolicies.get(policyRates);
  if (!ofPolicy) {
    ofPolicy = compilePolicy(policyRates);
    compiledPolicies.set(policyRates, ofPolicy);
  }
  return ofPolicy(model) ?? tableRate(provider, model, at);
}

/**
 * Finds the rates of a call now: what the policy says of the model that was asked for, then of the one that answered,
 * then the table's, where the answer's own name for its model says more than the request's.
 */
export function rateFinder(rates: readonly PolicyRate[]) {
  return (provider: string, requested: string, answered?: string): RateCard | undefined => {
    const now = new Date();
    const asked = rateFor(rates, provider, requested, now);
    if (answered === undefined || answered === requested || asked?.source === 'policy') return asked;
    return rateFor(rates, provider, answered, now) ?? asked;
  };
}

/**
 * The rates of the built-in table at a moment.
 * @param provider an id or another name of a provider; where the table has none such, the makers of models are asked
 * @returns undefined where no price is known
 */
export function tableRate(provider: string, model: string, at: Date): RateCard | undefined {
  let models = found.get(provider);
  if (!models) found.set(provider, (models = new Map<string, Found>()));
  let periods = models.get(model);
  if (!periods && !models.has(model)) {
    if (models.size >= REMEMBERED) models.clear();
    models.set(model, (periods = findPeriods(provider.trim().toLowerCase(), model.trim().toLowerCase())));
  }
  return periods && periodAt(periods, at)?.card;
}

function compilePolicy(rates: readonly PolicyRate[]): (model: string) => RateCard | undefined {
  const tests = rates
    .toSorted((a, b) => bySpecificity(a.pattern, b.pattern))
    .map((rate) => ({ card: rate.card, matches: compilePattern(rate.pattern) }));
  const remembered = new Map<string, RateCard | undefined>();
  return (model) => {
    if (remembered.has(model)) return remembered.get(model);
    if (remembered.size >= REMEMBERED) remembered.clear();
    const card = tests.find((test) => test.matches(model))?.card;
    remembered.set(model, card);
    return card;
  };
}

/** A row of the table, and the provider and the name that it was found under. */
interface Place {
  readonly row: PriceRow;
  readonly provider: string;
  readonly name: string;
}

function findPeriods(provider: string, model: string): Found {
  const place = findRow(provider, model);
  // The suffix is a promise of OpenRouter's: what bears it costs nothing, listed or not.
  const free = model.endsWith(':free') && (place !== undefined || provider === 'openrouter');
  const periods = place && periodsOf(place.row, tierFactors(place.provider, place.name));
  if (!free) return periods;
  const known = periods?.filter((period) => period.card) ?? [];
  return known.length > 0 ? known : [{ from: -Infinity, daily: undefined, card: FREE }];
}

function findRow(provider: string, model: string): Place | undefined {
  const known = knownProvider(provider);
  if (known !== undefined) return rowOfAnySpelling(known, model);
  const slash = model.indexOf('/');
  const maker = slash < 0 ? undefined : knownProvider(model.slice(0, slash));
  if (maker !== undefined) return rowOfAnySpelling(maker, model.slice(slash + 1));
  return firstOf(MAKERS, (id) => rowOfAnySpelling(id, model));
}

function knownProvider(name: string): string | undefined {
  if (Object.hasOwn(PROVIDERS, name)) return name;
  return Object.entries(PROVIDERS).find(([, { aliases }]) => aliases && matches(aliases, name))?.[0];
}

/** As written; then with a date as OpenAI writes it; then without, for a snapshot that is newer than the table. */
function rowOfAnySpelling(provider: string, model: string): Place | undefined {
  const dashed = model.replace(/-(20\d\d)(\d\d)(\d\d)(?=[-:]|$)/g, '-$1-$2-$3');
  const undated = dashed.replace(/-20\d\d-\d\d-\d\d$/, '');
  return firstOf([...new Set([model, dashed, undated])], (name) => rowOf(provider, name));
}

function rowOf(provider: string, name: string): Place | undefined {
  const fallbacks = PROVIDERS[provider]?.fallbacks ?? [];
  return firstOf([provider, ...fallbacks], (id) => {
    const row = ownRow(id, name);
    return row && { row, provider: id, name };
  });
}

function ownRow(provider: string, model: string): PriceRow | undefined {
  const corrections = PRICE_CORRECTIONS.filter((correction) => correction.provider === provider);
  const rows = [...corrections.map((correction) => correction.row), ...(PROVIDERS[provider]?.models() ?? [])];
  return rows.find(([match]) => matches(match, model));
}

function firstOf<T, R>(values: readonly T[], of: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const result = of(value);
    if (result !== undefined) return result;
  }
  return undefined;
}
