import { costOf, ONE, type NanoUsd, type Part, type PicoUsdPerToken, type PartsPerMillion } from './money.js';
import { isDear, METERS, type CacheWrites, type Meter, type Meters, type ServiceTier, type Usage } from './usage.js';

/** Prices of one model, in pico-USD per token. */
export interface Rates extends MediaRates {
  readonly input: PicoUsdPerToken;
  readonly output: PicoUsdPerToken;
  /** What a token read from the provider's cache costs. */
  readonly cacheRead: PicoUsdPerToken;
  /** What a token written to the cache costs (the five-minute kind where there are two). */
  readonly cacheWrite: PicoUsdPerToken;
  readonly cacheWrite1h: PicoUsdPerToken;
}

/** Rates of what is not plain text; each that is left out is as that of text. */
export interface MediaRates {
  readonly audioIn?: PicoUsdPerToken;
  readonly audioCached?: PicoUsdPerToken;
  readonly imageIn?: PicoUsdPerToken;
  readonly imageCached?: PicoUsdPerToken;
  readonly audioOut?: PicoUsdPerToken;
  readonly imageOut?: PicoUsdPerToken;
  readonly reasoning?: PicoUsdPerToken;
}

/** A tier is a cliff: a call whose input passes `above` tokens is billed at its rates as a whole. */
export interface Tier extends Rates {
  /** Input tokens that must be passed, 1 or more. */
  readonly above: number;
}

/** Pico-USD for each unit beside the token, and for a call as such. */
export type Fees = Readonly<Partial<Record<Meter | 'call', number>>>;

/**
 * What a service tier, or being served within one region, makes of the price of tokens; fees stay as they are.
 * `longCache` is what a token written to a cache for hours costs, as a factor on the input price.
 */
export type Factors = Readonly<Partial<Record<ServiceTier | 'regional' | 'longCache', PartsPerMillion>>>;

/** A model's rates with its tiers and where they come from. */
export interface RateCard extends Rates {
  /** Ascending by `above`. */
  readonly tiers: readonly Tier[];
  readonly fees?: Fees;
  readonly factors?: Factors;
  /** Why a call may be billed dearer than this; undefined where the price is the same wherever it is served. */
  readonly varies?: string;
  /** `policy` or the price table; a report says which. */
  readonly source: 'policy' | 'table';
}

/** Where a call's price comes from: the policy, the price table, the provider's own word, or nowhere. */
export type PriceSource = 'policy' | 'table' | 'reported' | 'none';

/** How a call is, or may be, served. */
export type Terms = Pick<Usage, 'tier' | 'regional' | 'longCache'>;

/** What a call can come to. */
export interface Reach extends Pick<Usage, 'input' | 'output'> {
  /** Its input may be sound or pictures; its output always may. */
  readonly media?: boolean;
  readonly terms?: Terms;
  readonly meters?: Meters;
  /** `long` where nothing is known. */
  readonly caches?: CacheWrites | undefined;
}

/** Of a provider's dear tiers without a known price: twice the standard is what most take. */
const TWICE: PartsPerMillion = 2 * ONE;

/** The price of a call with this usage, in nano-USD, rounded up once. */
export function priceOf(card: RateCard, usage: Usage): NanoUsd {
  const tokens = partsOf(withWrites(ratesAt(card, usage.input), card, usage), usage);
  return costOf(tokens, feesOf(card, usage.meters), factorsOf(card, usage));
}

/**
 * The most that a call can cost: each token at the dearest rate of the dearest tier that the input can reach, and no
 * discount for a service tier, since an answer may come from a dearer one than was asked for.
 */
export function worstPriceOf(card: RateCard, reach: Reach): NanoUsd {
  const { input, output, media = false, terms = {}, meters, caches = 'long' } = reach;
  const reachable = [card, ...card.tiers.filter((tier) => input > tier.above)].map((each) =>
    withWrites(each, card, terms),
  );
  const read = Math.max(...reachable.flatMap((rates) => inputRates(rates, media, caches)));
  const generated = Math.max(...reachable.flatMap(outputRates));
  const factors = factorsOf(card, terms).map((factor) => Math.max(factor, ONE));
  return costOf([part(input, read), part(output, generated)], feesOf(card, meters), factors);
}

/** What a call is charged: at the policy's rate, else as the provider says, else by the table; 0 without a price. */
export function chargeOf(
  card: RateCard | undefined,
  usage: Usage,
): { readonly cost: NanoUsd; readonly rate: PriceSource } {
  if (card?.source !== 'policy' && usage.reportedCost !== undefined)
    return { cost: usage.reportedCost, rate: 'reported' };
  return card ? { cost: priceOf(card, usage), rate: card.source } : { cost: 0, rate: 'none' };
}

/** Whether the card states what this tier costs; where it does not, a dear one costs as the dearest that is known. */
export function knowsTier({ factors }: RateCard, tier: ServiceTier): boolean {
  return factors?.[tier] !== undefined;
}

function ratesAt(card: RateCard, input: number): Rates {
  return card.tiers.findLast((tier) => input > tier.above) ?? card;
}

/** The rates with what a write to the cache costs for as long as it is kept. */
function withWrites(rates: Rates, { factors }: RateCard, { longCache }: Terms): Rates {
  if (!longCache || factors?.longCache === undefined) return rates;
  const long = Math.ceil((rates.input * factors.longCache) / ONE);
  return { ...rates, cacheWrite: Math.max(rates.cacheWrite, long) };
}

function part(tokens: number, rate: number): Part {
  return { tokens, rate };
}

/** Input and output, each token once, at its rate. */
function partsOf(rates: Rates, usage: Usage): Part[] {
  const { audioIn = 0, audioCached = 0, imageIn = 0, imageCached = 0, audioOut = 0, imageOut = 0 } = usage;
  const fresh = usage.input - usage.cacheRead - usage.cacheWrite;
  const spoken = usage.output - audioOut - imageOut;
  const reasoned = rates.reasoning === undefined ? 0 : Math.min(usage.reasoning, spoken);
  return [
    part(fresh - (audioIn - audioCached) - (imageIn - imageCached), rates.input),
    part(audioIn - audioCached, rates.audioIn ?? rates.input),
    part(imageIn - imageCached, rates.imageIn ?? rates.input),
    part(usage.cacheRead - audioCached - imageCached, rates.cacheRead),
    part(audioCached, rates.audioCached ?? rates.cacheRead),
    part(imageCached, rates.imageCached ?? rates.cacheRead),
    part(usage.cacheWrite - usage.cacheWrite1h, rates.cacheWrite),
    part(usage.cacheWrite1h, rates.cacheWrite1h),
    part(spoken - reasoned, rates.output),
    part(reasoned, rates.reasoning ?? rates.output),
    part(audioOut, rates.audioOut ?? rates.output),
    part(imageOut, rates.imageOut ?? rates.output),
  ];
}

function inputRates(rates: Rates, media: boolean, caches: CacheWrites): number[] {
  const writes = { none: [], short: [rates.cacheWrite], long: [rates.cacheWrite, rates.cacheWrite1h] }[caches];
  const text = [rates.input, rates.cacheRead, ...writes];
  if (!media) return text;
  return text.concat(rates.audioIn ?? 0, rates.audioCached ?? 0, rates.imageIn ?? 0, rates.imageCached ?? 0);
}

function outputRates({ output, reasoning = 0, audioOut = 0, imageOut = 0 }: Rates): number[] {
  return [output, reasoning, audioOut, imageOut];
}

function feesOf({ fees }: RateCard, meters: Meters = {}): Part[] {
  if (!fees) return [];
  return [part(1, fees.call ?? 0), ...METERS.map((meter) => part(meters[meter] ?? 0, fees[meter] ?? 0))];
}

function factorsOf(card: RateCard, { tier, regional }: Terms): PartsPerMillion[] {
  const { factors = {} } = card;
  return [...(tier ? [tierFactor(card, tier)] : []), ...(regional && factors.regional ? [factors.regional] : [])];
}

/** A discount counts only where it is known. A policy's rate is meant as it stands, but for the tiers that it names. */
function tierFactor({ factors = {}, source }: RateCard, tier: ServiceTier): PartsPerMillion {
  const known = factors[tier];
  if (known !== undefined) return known;
  if (!isDear(tier)) return ONE;
  const others = Object.entries(factors).filter(([name]) => name !== 'regional' && name !== 'longCache');
  return Math.max(source === 'table' ? TWICE : ONE, ...others.map(([, factor]) => factor));
}
