/**
 * The ledger's acts as entries of the journal. Every member is named here, so that nothing else which a quote or an
 * outcome may carry at run time reaches the disk.
 */
import type { LimitRef } from '../domain/call.js';
import type { NoticeEntry, RefuseEntry, ReserveEntry, SettleEntry, VoidEntry } from '../domain/entry.js';
import { usageOf } from '../domain/usage.js';
import type { NoticeCode } from './account.js';
import type { Outcome, Quote, Refusal, RefusedCall } from './ledger.js';

/** Which call, and when, in ms since the run began. */
interface Mark {
  readonly id: number;
  readonly ms: number;
}

export function reserveEntry(mark: Mark, quote: Quote, waited: number | undefined): ReserveEntry {
  const { dialect, rate, unbounded, outputBound, loweredFrom } = quote;
  const reserved = { event: 'reserve', ...mark, ...nameOf(quote), dialect, hold: holdOf(quote), rate } as const;
  return {
    ...reserved,
    ...(unbounded === undefined ? {} : { unbounded }),
    ...(outputBound === undefined ? {} : { outputBound }),
    ...(loweredFrom === undefined ? {} : { loweredFrom }),
    ...(waited === undefined ? {} : { waited }),
  };
}

export function refuseEntry(mark: Mark, call: RefusedCall, refusal: Refusal, waited: number | undefined): RefuseEntry {
  const { dialect } = call;
  const { reason } = refusal;
  const limit = refusal.limit && { dimension: refusal.limit.dimension, scope: refusal.limit.scope };
  const refused = { event: 'refuse', ...mark, ...nameOf(call), dialect, reason, limit } as const;
  return { ...refused, hold: holdOf(call), ...(waited === undefined ? {} : { waited }) };
}

export function settleEntry({ id, ms }: Mark, { status, model, usage, source, cost, rate }: Outcome): SettleEntry {
  const named = model === undefined ? {} : { model };
  const priced = rate === undefined ? {} : { rate };
  return { event: 'settle', id, ms, status, ...named, usage: usageOf(usage), source, cost, ...priced };
}

export function voidEntry({ id, ms }: Mark, status: number): VoidEntry {
  return { event: 'void', id, ms, status };
}

export function noticeEntry(ms: number, code: NoticeCode, limit: LimitRef): NoticeEntry {
  return { event: 'notice', ms, code, limit, text: code === 'exceeded' ? 'limit passed' : 'limit nearly reached' };
}

type Names = Pick<RefusedCall, 'provider' | 'host' | 'model' | 'row' | 'phase'>;

function nameOf({ provider, host, model, row, phase }: RefusedCall): Names {
  const named = { provider, host, model };
  return { ...named, ...(row === undefined ? {} : { row }), ...(phase === undefined ? {} : { phase }) };
}

function holdOf({ hold: { input, output, cost } }: RefusedCall): ReserveEntry['hold'] {
  return { input, output, cost };
}
