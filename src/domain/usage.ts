/**
 * The one normal form of what a call consumed, whichever provider reported it. `input` includes what was read from and
 * written to the provider's cache; `output` includes reasoning. All are whole tokens, 0 or more. What most calls have
 * none of is left out rather than 0.
 */
export interface Usage {
  /** All tokens the model read: uncached + cacheRead + cacheWrite. */
  readonly input: number;
  /** All tokens it generated, reasoning and every choice included. */
  readonly output: number;
  /** Part of `input` that came from the provider's cache. */
  readonly cacheRead: number;
  /** Part of `input` written to the provider's cache, of any lifetime. */
  readonly cacheWrite: number;
  /** Part of `cacheWrite` with a lifetime of one hour (Anthropic bills it dearer than the five-minute kind). */
  readonly cacheWrite1h: number;
  /** Part of `output` spent on reasoning. */
  readonly reasoning: number;
  /** Part of `input` that was sound. */
  readonly audioIn?: number;
  /** Part of both `audioIn` and `cacheRead`. */
  readonly audioCached?: number;
  /** Part of `input` that was pictures. */
  readonly imageIn?: number;
  /** Part of both `imageIn` and `cacheRead`. */
  readonly imageCached?: number;
  /** Part of `output` that was sound. */
  readonly audioOut?: number;
  /** Part of `output` that was pictures. */
  readonly imageOut?: number;
  /** What is billed by another unit than the token; never all 0. */
  readonly meters?: Meters;
  /** The service tier that the answer names, where its price is not the standard one. */
  readonly tier?: ServiceTier;
  /** Served within one region by guarantee, which some providers bill dearer. */
  readonly regional?: true;
  /** What it wrote to the cache is kept for hours, which OpenAI bills dearer than its 30 minutes. */
  readonly longCache?: true;
  /** What the provider itself says that the call cost, in nano-USD. */
  readonly reportedCost?: number;
}

/** Units beside the token, each a whole number rounded up. */
export const METERS = [
  /** Searches of the web. */
  'searches',
  /** Answers grounded with a map, or queries of one: as the provider bills them. */
  'mapSearches',
  /** Searches of the web for companies, which Vertex bills apart. */
  'enterpriseSearches',
  /** Searches of files that the provider stores. */
  'fileSearches',
  /** Sessions of containers in which a provider runs code. */
  'containers',
  /** Uses of other tools that a provider bills each. */
  'toolCalls',
  /** Pages of documents, but for those with annotations. */
  'pages',
  /** Pages of documents that were read with annotations. */
  'annotatedPages',
  /** Seconds of sound. */
  'seconds',
  'characters',
  /** Pictures made. */
  'images',
  /** What Cohere bills a rerank by. */
  'searchUnits',
] as const;
/** A unit beside the token. */
export type Meter = (typeof METERS)[number];
/** Units that a model may be billed by in place of tokens: a call of them may read none. */
export const TOKENLESS_METERS: readonly Meter[] = [
  ...(['pages', 'annotatedPages', 'seconds', 'characters', 'images', 'searchUnits'] as const),
];
/** How many of each unit; each is a whole number of 1 or more. */
export type Meters = Readonly<Partial<Record<Meter, number>>>;

/** What of its input a call may write to the provider's cache: nothing, for minutes, or for an hour and more. */
export type CacheWrites = 'none' | 'short' | 'long';

/** Where a call's usage came from: the provider, our own count of the text, or the whole hold because it is unknown. */
export type UsageSource = 'reported' | 'estimated' | 'held';

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, reasoning: 0 };

type Parts = { [K in keyof Usage]?: unknown };

/**
 * A Usage whose subsets hold: parts are cut to their whole, and what is not a count becomes 0.
 * Providers send null, floats and (once in a while) negative counts; a ledger must not.
 */
export function usageOf(parts: Parts): Usage {
  const input = tokenCount(parts.input);
  const output = tokenCount(parts.output);
  const cacheRead = Math.min(tokenCount(parts.cacheRead), input);
  const cacheWrite = Math.min(tokenCount(parts.cacheWrite), input - cacheRead);
  const text: Usage = {
    input,
    output,
    cacheRead,
    cacheWrite,
    cacheWrite1h: Math.min(tokenCount(parts.cacheWrite1h), cacheWrite),
    reasoning: Math.min(tokenCount(parts.reasoning), output),
  };
  return { ...text, ...mediaOf(parts, text), ...termsOf(parts) };
}

/** Usages added up, number by number; how they were served and what they cost is as the first says. */
export function sumOfUsages(first: Usage, others: readonly Usage[]): Usage {
  const all = [first, ...others];
  const sum = <K extends string>(keys: readonly K[], of: (usage: Usage) => Readonly<Partial<Record<K, number>>>) =>
    Object.fromEntries(keys.map((key) => [key, all.reduce((total, each) => total + (of(each)[key] ?? 0), 0)]));
  return usageOf({ ...first, ...sum(TOKENS, (usage) => usage), meters: sum(METERS, ({ meters = {} }) => meters) });
}

/** A provider's count as a whole number of tokens from 0 to 2^53 − 1, rounded up; 0 where it is not a count. */
export function tokenCount(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0)) return 0;
  return Math.min(Math.ceil(value), Number.MAX_SAFE_INTEGER);
}

type Media = Pick<Usage, 'audioIn' | 'audioCached' | 'imageIn' | 'imageCached' | 'audioOut' | 'imageOut'>;

const TEXT = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'reasoning'] as const;
const MEDIA = ['audioIn', 'imageIn', 'audioOut', 'imageOut'] as const;
const TOKENS = [...TEXT, ...MEDIA, 'audioCached', 'imageCached'] as const;

/** Sound and pictures share the uncached and the cached input, sound first; neither counts as written to a cache. */
function mediaOf(parts: Parts, { input, output, cacheRead, cacheWrite }: Usage): Media {
  if (MEDIA.every((part) => tokenCount(parts[part]) === 0)) return {};
  const uncached = input - cacheRead - cacheWrite;
  const audio = readOf(parts.audioIn, parts.audioCached, uncached, cacheRead);
  const image = readOf(parts.imageIn, parts.imageCached, uncached - audio.fresh, cacheRead - audio.cached);
  const audioOut = Math.min(tokenCount(parts.audioOut), output);
  return counted({
    audioIn: audio.fresh + audio.cached,
    audioCached: audio.cached,
    imageIn: image.fresh + image.cached,
    imageCached: image.cached,
    audioOut,
    imageOut: Math.min(tokenCount(parts.imageOut), output - audioOut),
  });
}

/** Tokens of one medium as uncached and cached ones; what is too many to be the first must be the second. */
function readOf(total: unknown, cached: unknown, uncachedRoom: number, cachedRoom: number) {
  const all = tokenCount(total);
  const fromCache = Math.min(Math.max(tokenCount(cached), all - uncachedRoom), all, cachedRoom);
  return { fresh: Math.min(all - fromCache, uncachedRoom), cached: fromCache };
}

/** What a call is billed by beside its tokens. */
function termsOf({ meters, tier, regional, longCache, reportedCost }: Parts): Partial<Usage> {
  const units = metersOf(meters);
  const named = serviceTierOf(tier);
  return {
    ...(units && { meters: units }),
    ...(named && { tier: named }),
    ...(regional === true && { regional }),
    ...(longCache === true && { longCache }),
    ...(isNano(reportedCost) && { reportedCost }),
  };
}

function metersOf(meters: unknown): Meters | undefined {
  if (typeof meters !== 'object' || meters === null) return undefined;
  const stated = meters as Readonly<Partial<Record<Meter, unknown>>>;
  const named = METERS.filter((meter) => tokenCount(stated[meter]) > 0);
  if (named.length === 0) return undefined;
  return Object.fromEntries(named.map((meter) => [meter, tokenCount(stated[meter])]));
}

function counted<K extends string>(counts: Readonly<Partial<Record<K, number>>>): Partial<Record<K, number>> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<Record<K, number>>;
}

function isNano(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * How a provider served a call, where that changes the price. `other` is a tier that the provider names and whose
 * price is not known.
 */
export type ServiceTier = 'flex' | 'batch' | 'priority' | 'fast' | 'ultrafast' | 'other';

/**
 * Words for the standard price in the answers and requests of the providers: also for capacity that was paid for in
 * advance (OpenAI's scale, Bedrock's reserved, Vertex's provisioned throughput), which a list of prices has no rate for.
 */
const STANDARD = new Set([
  '',
  'default',
  'standard',
  'standard_only',
  'on_demand',
  'on_demand_offpeak',
  'auto',
  'unspecified',
  'traffic_type_unspecified',
  'scale',
  'reserved',
  'provisioned_throughput',
]);

const KNOWN: ReadonlyMap<string, ServiceTier> = new Map([
  ['flex', 'flex'],
  ['on_demand_flex', 'flex'],
  ['batch', 'batch'],
  ['priority', 'priority'],
  ['on_demand_priority', 'priority'],
  ['fast', 'fast'],
  ['ultrafast', 'ultrafast'],
]);

/** Whether a tier may cost more than the standard. */
export function isDear(tier: ServiceTier | undefined): boolean {
  return tier !== undefined && tier !== 'flex' && tier !== 'batch';
}

/** The tier that a provider's word stands for; undefined for the standard one and for what is not a word. */
export function serviceTierOf(word: unknown): ServiceTier | undefined {
  if (typeof word !== 'string') return undefined;
  const folded = word
    .trim()
    .toLowerCase()
    .replace(/^service_tier_/, '');
  return STANDARD.has(folded) ? undefined : (KNOWN.get(folded) ?? 'other');
}
