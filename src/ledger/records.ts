/**
 * The ledger's acts as entries of the journal. Every member is named here, so that nothing else which a quote or an
 * outcome may carry at run time reaches the disk. What may be missing comes last: on Node 20 each member behind a spread
 * costs a microsecond.
 */
import { purposeOf } from '../domain/call.js';
import type { LimitRef } from '../domain/limit.js';
import type { NoticeEntry, RefuseEntry, ReserveEntry, SettleEntry, VoidEntry } from '../domain/entry.js';
import { usageOf } from '../domain/usage.js';
import type { NoticeCode } from './account.js';
import type { Outcome, Quote, Refusal, RefusedCall } from './contract.js';

/** Which call, and when, in ms since the run began. */
interface Mark {
  readonly id: number;
  readonly ms: number;
}

/** A call was admitted; `waited` is how long it waited for room, in ms. */
export function reserveEntry({ id, ms }: Mark, quote: Quote, waited: number | undefined): ReserveEntry {
  const { provider, host, model, dialect, rate, unbounded, incomplete, outputBound, loweredFrom } = quote;
  return {
    event: 'reserve',
    id,
    ms,
    provider,
    host,
    model,
    dialect,
    hold: holdOf(quote),
    rate,
    ...purposeOf(quote),
    ...(unbounded === undefined ? {} : { unbounded }),
    ...(incomplete === undefined ? {} : { incomplete }),
    ...(outputBound === undefined ? {} : { outputBound }),
    ...(loweredFrom === undefined ? {} : { loweredFrom }),
    ...(waited === undefined ? {} : { waited }),
  };
}

/** A call was refused; `waited` is how long it waited for room, in ms. */
export function refuseEntry(
  { id, ms }: Mark,
  call: RefusedCall,
  refusal: Refusal,
  waited: number | undefined,
): RefuseEntry {
  const { provider, host, model, dialect, unpriced } = call;
  const { deferred } = refusal;
  return {
    event: 'refuse',
    id,
    ms,
    provider,
    host,
    model,
    dialect,
    reason: refusal.reason,
    limit: refusal.limit && { dimension: refusal.limit.dimension, scope: refusal.limit.scope },
    hold: holdOf(call),
    ...purposeOf(call),
    ...(unpriced === undefined ? {} : { unpriced }),
    ...(deferred === undefined ? {} : { deferred }),
    ...(waited === undefined ? {} : { waited }),
  };
}

/** A call has ended, and this is what it cost. */
export function settleEntry(
  { id, ms }: Mark,
  { status, model, usage, source, cost, rate, incomplete }: Outcome,
): SettleEntry {
  const named = model === undefined ? {} : { model };
  const priced = rate === undefined ? {} : { rate };
  const told = incomplete === undefined ? {} : { incomplete };
  return { event: 'settle', id, ms, status, usage: usageOf(usage), source, cost, ...named, ...priced, ...told };
}

/** A call has ended and costs nothing. */
export function voidEntry({ id, ms }: Mark, status: number): VoidEntry {
  return { event: 'void', id, ms, status };
}

/** A limit is nearly used up, or passed. */
export function noticeEntry(ms: number, code: NoticeCode, limit: LimitRef): NoticeEntry {
  return { event: 'notice', ms, code, limit, text: code === 'exceeded' ? 'limit passed' : 'limit nearly reached' };
}

function holdOf({ hold: { input, output, cost } }: RefusedCall): ReserveEntry['hold'] {
  return { input, output, cost };
}
