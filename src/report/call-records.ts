/**
 * The journal's entries as one record a call. A call ends once: what comes after its end, or without its beginning,
 * changes nothing. A call without an end is charged its full reservation: its usage is unknown.
 */
import type { Entry, RefuseEntry, ReserveEntry, SettleEntry, VoidEntry } from '../domain/entry.js';
import { usdDecimal, type NanoUsd } from '../domain/money.js';
import type { CallUse, Hold, MeterUse, TokenUse } from '../generated/report.generated.js';
import type { PriceSource } from '../domain/rate.js';
import { METERS, NO_USAGE, usageOf, type Meter, type Meters, type Usage } from '../domain/usage.js';

/** Every call of a run in the order in which it was admitted or refused. `startedAt` is the run's start in epoch ms. */
export function callsOf(entries: Iterable<Entry>, startedAt: number): CallUse[] {
  const calls = new Map<number, CallUse | ReserveEntry>();
  for (const entry of entries) {
    if (entry.event === 'reserve' || entry.event === 'refuse') {
      if (!calls.has(entry.id)) calls.set(entry.id, entry.event === 'reserve' ? entry : refused(entry, startedAt));
    } else if (entry.event === 'settle' || entry.event === 'void') {
      const call = calls.get(entry.id);
      if (call && isLive(call)) calls.set(entry.id, ended(call, entry, startedAt));
    }
  }
  return Array.from(calls.values(), (call) => (isLive(call) ? inFlight(call, startedAt) : call));
}

function isLive(call: CallUse | ReserveEntry): call is ReserveEntry {
  return 'event' in call;
}

function inFlight(reserve: ReserveEntry, startedAt: number): CallUse {
  return callUse(reserve, startedAt, {
    answered_model: null,
    outcome: 'settled',
    reason: null,
    limit: null,
    usage: tokenUse(usageOf(reserve.hold)),
    usage_source: 'held',
    ...costFields(reserve.hold.cost),
    ...incompleteField(reserve.incomplete, reserve.rate),
    rate: reserve.rate,
    ...boundFields(reserve),
    status: null,
    duration_ms: null,
  });
}

function ended(reserve: ReserveEntry, end: SettleEntry | VoidEntry, startedAt: number): CallUse {
  const settled = end.event === 'settle';
  const usage = settled ? end.usage : NO_USAGE;
  const rate = (settled ? end.rate : undefined) ?? reserve.rate;
  return callUse(reserve, startedAt, {
    answered_model: settled ? (end.model ?? null) : null,
    outcome: settled ? 'settled' : 'voided',
    reason: null,
    limit: null,
    usage: tokenUse(usage),
    usage_source: settled ? end.source : null,
    ...costFields(settled ? end.cost : 0),
    ...(settled && incompleteField(end.incomplete, rate)),
    rate,
    ...boundFields(reserve),
    status: end.status > 0 ? end.status : null,
    duration_ms: wholeMs(end.ms - reserve.ms),
    ...termsOf(usage),
  });
}

function refused(entry: RefuseEntry, startedAt: number): CallUse {
  return callUse(entry, startedAt, {
    answered_model: null,
    outcome: 'refused',
    reason: entry.reason,
    ...(entry.unpriced !== undefined && { no_price_for: entry.unpriced }),
    ...(entry.deferred && { held_by_jobs: entry.deferred }),
    limit: entry.limit && { dimension: entry.limit.dimension, scope: entry.limit.scope },
    usage: tokenUse(NO_USAGE),
    usage_source: null,
    ...costFields(0),
    rate: null,
    unbounded: null,
    output_bound: null,
    status: null,
    duration_ms: null,
  });
}

/** Why a cost is incomplete; without a price for the model, all of it is missing. */
function incompleteField(reason: string | undefined, rate: PriceSource): Pick<CallUse, 'cost_incomplete'> {
  const told = reason ?? (rate === 'none' ? NO_PRICE : undefined);
  return told === undefined ? {} : { cost_incomplete: told };
}

/** The reason of a call whose model has no known price. */
export const NO_PRICE = 'no price is known for the model';

/** Units beside the token as the report names them. */
const METER_NAMES = {
  searches: 'searches',
  mapSearches: 'map_searches',
  enterpriseSearches: 'enterprise_searches',
  fileSearches: 'file_searches',
  containers: 'containers',
  toolCalls: 'tool_calls',
  pages: 'pages',
  annotatedPages: 'annotated_pages',
  seconds: 'seconds',
  characters: 'characters',
  images: 'images',
  searchUnits: 'search_units',
} as const satisfies Record<Meter, keyof MeterUse>;

type Begun = 'id' | 'provider' | 'model' | 'dialect' | 'host' | 'phase' | 'row' | 'hold' | 'started_at' | 'waited_ms';

/**
 * A call as it began and what became of it.
 * @note What became of it is spread last: V8 gives an object whose literal begins with a spread, and goes on with many
 * fields, a shape of its own, which takes ten times the memory and the time of the object itself.
 */
function callUse(entry: ReserveEntry | RefuseEntry, startedAt: number, became: Omit<CallUse, Begun>): CallUse {
  return {
    id: entry.id,
    provider: entry.provider,
    model: entry.model,
    dialect: entry.dialect,
    host: entry.host,
    ...(entry.phase !== undefined && { phase: entry.phase }),
    ...(entry.row !== undefined && { row: entry.row }),
    hold: holdOf(entry.hold),
    started_at: new Date(startedAt + wholeMs(entry.ms)).toISOString(),
    waited_ms: wholeMs(entry.waited ?? 0),
    ...became,
  };
}

type Bounds = Pick<CallUse, 'unbounded' | 'output_bound' | 'output_bound_from'>;

function boundFields({ unbounded, outputBound, loweredFrom }: ReserveEntry): Bounds {
  return {
    unbounded: unbounded ?? null,
    output_bound: outputBound ?? null,
    ...(loweredFrom !== undefined && { output_bound_from: loweredFrom }),
  };
}

function meterUse(meters: Meters): MeterUse {
  return Object.fromEntries(
    METERS.map((meter) => [METER_NAMES[meter], meters[meter]] as const).filter(([, n]) => n !== undefined),
  );
}

function holdOf(hold: ReserveEntry['hold']): Hold {
  return { input_tokens: hold.input, output_tokens: hold.output, cost_nano_usd: hold.cost };
}

function tokenUse(usage: Usage): TokenUse {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    reasoning_tokens: usage.reasoning,
    ...(usage.audioIn !== undefined && { audio_input_tokens: usage.audioIn }),
    ...(usage.imageIn !== undefined && { image_input_tokens: usage.imageIn }),
    ...(usage.audioOut !== undefined && { audio_output_tokens: usage.audioOut }),
    ...(usage.imageOut !== undefined && { image_output_tokens: usage.imageOut }),
  };
}

/** How a call was billed beside its tokens; nothing of most calls. */
function termsOf({ tier, regional, meters }: Usage): Pick<CallUse, 'service_tier' | 'regional' | 'meters'> {
  return {
    ...(tier !== undefined && { service_tier: tier }),
    ...(regional !== undefined && { regional }),
    ...(meters !== undefined && { meters: meterUse(meters) }),
  };
}

/** An amount of nano-USD as the two fields that every cost in the report has. */
export function costFields(nano: NanoUsd): Pick<CallUse, 'cost_usd' | 'cost_nano_usd'> {
  return { cost_usd: usdDecimal(nano), cost_nano_usd: nano };
}

/** A time from a monotonic clock, which may tick in fractions, as whole ms from 0. */
export function wholeMs(ms: number): number {
  return Math.max(0, Math.round(ms));
}
