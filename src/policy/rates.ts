import { bySpecificity } from '../domain/pattern.js';
import type { PolicyRate } from '../domain/policy.js';
import type { Fees, MediaRates, RateCard, Rates } from '../domain/rate.js';
import { serviceTierOf } from '../domain/usage.js';
import { child, entriesOf, named, type Field, type Reading } from './fields.js';
import { parseScaled } from './amounts.js';
import type { PolicyFile, Rate } from '../generated/policy.generated.js';

// Pico-USD per token: 1 USD per 1M tokens is 10^6 of them, 1 USD per 1K tokens 10^9.
const PER_MILLION = 6;
const PER_THOUSAND = 9;
const PER_UNIT = 12;

/** The units that a policy can set a fee for. */
const FEES: Readonly<Record<string, keyof Fees>> = {
  call: 'call',
  search: 'searches',
  map_search: 'mapSearches',
  enterprise_search: 'enterpriseSearches',
  file_search: 'fileSearches',
  container: 'containers',
  tool_call: 'toolCalls',
  page: 'pages',
  annotated_page: 'annotatedPages',
  second: 'seconds',
  character: 'characters',
  image: 'images',
  search_unit: 'searchUnits',
};

/** The policy's rates, most specific pattern first; `cost_per_1k_tokens` at the top stands for the pattern `*`. */
export function resolveRates(root: Field<PolicyFile>, reading: Reading): readonly PolicyRate[] {
  const own = named(child(root, 'rates')).flatMap(({ name, nameAt, field }) => {
    const rates = ratesOf(field, reading);
    return rates === undefined ? [] : [{ pattern: name, at: nameAt, card: cardOf(rates, termsOf(field, reading)) }];
  });
  refuseTwins(own, reading);
  const flat = child(root, 'cost_per_1k_tokens');
  const flatRate = flat && reading.amount(flat, perThousand);
  if (flat === undefined || flatRate === undefined) return own.toSorted(moreSpecificFirst);
  const star = own.find(({ pattern }) => pattern === '*');
  if (star !== undefined) {
    reading.note(flat.tree.at, flat.path, `\`rates\` also has a rate for "*", at ${star.at}`, 'Keep one of the two.');
  }
  return [...own, { pattern: '*', at: flat.tree.at, card: cardOf(sameRates(flatRate)) }].toSorted(moreSpecificFirst);
}

function moreSpecificFirst(a: PolicyRate, b: PolicyRate): number {
  return bySpecificity(a.pattern, b.pattern);
}

/** Patterns match without regard to case, so two that differ in case alone would leave the choice to chance. */
function refuseTwins(rates: readonly PolicyRate[], reading: Reading): void {
  const first = new Map<string, PolicyRate>();
  for (const rate of rates) {
    const folded = rate.pattern.toLowerCase().replace(/\*+/g, '*');
    const twin = first.get(folded);
    if (twin === undefined) first.set(folded, rate);
    else {
      const message = `this matches the same models as ${twin.pattern} at ${twin.at ?? ''}`;
      reading.note(rate.at ?? '', ['rates', rate.pattern], message, 'Keep one of the two.');
    }
  }
}

/** undefined where an amount in it is none. */
function ratesOf(field: Field<Rate>, reading: Reading): Rates | undefined {
  if (field.tree.kind === 'scalar') return sameRates(0);
  const flat = child(field, 'cost_per_1k_tokens');
  if (flat !== undefined) {
    const rate = reading.amount(flat, perThousand);
    return rate === undefined ? undefined : sameRates(rate);
  }
  const read = (one: Field<unknown> | undefined): number | undefined => one && reading.amount(one, perMillion);
  const input = read(child(field, 'input'));
  const output = read(child(field, 'output'));
  const cacheRead = read(child(field, 'cache_read'));
  const cacheWrite = read(child(field, 'cache_write'));
  const cacheWrite1h = read(child(field, 'cache_write_1h'));
  const media = mediaOf(field, read);
  // Of a rate of fees alone the tokens are free.
  if (child(field, 'input') === undefined) return sameRates(0);
  if (input === undefined || output === undefined) return undefined;
  return {
    input,
    output,
    cacheRead: cacheRead ?? input,
    cacheWrite: cacheWrite ?? input,
    cacheWrite1h: cacheWrite1h ?? cacheWrite ?? input,
    ...media,
  };
}

/** Sound and pictures cost the same from a cache: no key tells their cached price. */
function mediaOf(field: Field<Rate>, read: (one: Field<unknown> | undefined) => number | undefined): MediaRates {
  const audioIn = read(child(field, 'audio_input'));
  const imageIn = read(child(field, 'image_input'));
  const audioOut = read(child(field, 'audio_output'));
  const imageOut = read(child(field, 'image_output'));
  return {
    ...(audioIn !== undefined && { audioIn, audioCached: audioIn }),
    ...(imageIn !== undefined && { imageIn, imageCached: imageIn }),
    ...(audioOut !== undefined && { audioOut }),
    ...(imageOut !== undefined && { imageOut }),
  };
}

function termsOf(field: Field<Rate>, reading: Reading): Pick<RateCard, 'fees' | 'factors'> {
  const fees = amountsIn(child(field, 'fees'), (name) => FEES[name], reading, perUnit);
  const factors = amountsIn(child(field, 'service_tiers'), serviceTierOf, reading, perOne);
  return { ...(fees && { fees }), ...(factors && { factors }) };
}

/** The amounts of a map under our names for its keys; undefined where it has none. */
function amountsIn<K extends string>(
  field: Field<unknown> | undefined,
  nameOf: (key: string) => K | undefined,
  reading: Reading,
  parse: (text: string) => number | undefined,
): Readonly<Partial<Record<K, number>>> | undefined {
  const amounts: Partial<Record<K, number>> = {};
  for (const { name, field: one } of entriesOf(field)) {
    const key = nameOf(name);
    const amount = reading.amount(one, parse);
    if (key !== undefined && amount !== undefined) amounts[key] = amount;
  }
  return Object.keys(amounts).length > 0 ? amounts : undefined;
}

function sameRates(rate: number): Rates {
  return { input: rate, output: rate, cacheRead: rate, cacheWrite: rate, cacheWrite1h: rate };
}

function cardOf(rates: Rates, terms: Pick<RateCard, 'fees' | 'factors'> = {}): RateCard {
  return { ...rates, ...terms, tiers: [], source: 'policy' };
}

function perUnit(text: string): number | undefined {
  return parseScaled(text, PER_UNIT);
}

function perOne(text: string): number | undefined {
  return parseScaled(text, PER_MILLION);
}

function perMillion(text: string): number | undefined {
  return parseScaled(text, PER_MILLION);
}

function perThousand(text: string): number | undefined {
  return parseScaled(text, PER_THOUSAND);
}
