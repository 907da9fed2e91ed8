import { type LimitRef, scopeName, type Amounts, type Limit } from '../domain/limit.js';

/** One limit's balance, or of a limit per row that of one row: integers in the limit's own unit. */
export interface Account {
  readonly limit: Limit;
  /** Of a limit per call: the largest single call. */
  settled: number;
  /** Of a limit per call: always 0. */
  held: number;
  /** The part of what is held that no call in flight will free: of calls whose work goes on after their answer. */
  deferred: number;
  /** Someone waits for this limit: who came later takes nothing from it. */
  awaited: boolean;
  /** Room that the call which has waited longest will need here; who came later leaves it free. */
  kept: number;
  /** Notices that have been given of the limit, whichever row they were for. */
  readonly told: Set<NoticeCode>;
}

/** A limit that is nearly used up, or passed. */
export type NoticeCode = 'warn_at' | 'exceeded';

/**
 * How a call stands against a limit: it fits now, once calls in flight settle, only once a client asks what became of a
 * deferred call, no longer, or never did.
 */
export type Room = 'fits' | 'held' | 'deferred' | 'exhausted' | 'call_too_large';

/** A call's standing over all limits that cover it, and the limit that it comes from. */
export type Standing = { readonly room: 'fits' } | { readonly room: Exclude<Room, 'fits'>; readonly account: Account };

/** An account with nothing on it; `told` are the notices that were given of it already. */
export function openAccount(limit: Limit, told = new Set<NoticeCode>()): Account {
  return { limit, settled: 0, held: 0, deferred: 0, awaited: false, kept: 0, told };
}

/** The tightest standing of a call, behind those who wait; of two that are alike, the first in the policy's order. */
export function standingOf(accounts: readonly Account[], amounts: Amounts): Standing {
  let tightest: Standing = { room: 'fits' };
  for (const account of accounts) {
    const room = roomIn(account, amounts);
    if (room !== 'fits' && SEVERITY[room] > SEVERITY[tightest.room]) tightest = { room, account };
  }
  return tightest;
}

const SEVERITY: Readonly<Record<Room, number>> = {
  fits: 0,
  held: 1,
  deferred: 2,
  exhausted: 3,
  call_too_large: 4,
};

/** A call's standing against one limit, behind those who wait for it. */
export function roomIn(account: Account, amounts: Amounts): Room {
  const own = amounts[account.limit.dimension];
  const { limit, settled, held, deferred, awaited, kept } = account;
  const { ceiling, scope } = limit;
  // What takes nothing passes nothing: a free model goes on when the money is spent.
  if (own === 0) return 'fits';
  // Comparisons are written so that what is not an amount (NaN, a negative) does not fit.
  if (!(own > 0 && own <= ceiling)) return 'call_too_large';
  if (scope.kind === 'call') return 'fits';
  if (!(settled + own <= ceiling)) return 'exhausted';
  if (!(settled + deferred + own <= ceiling)) return 'deferred';
  return awaited || !(settled + held + kept + own <= ceiling) ? 'held' : 'fits';
}

/** Moves a call's amounts in or out of what is held. */
export function hold(accounts: readonly Account[], amounts: Amounts, sign: 1 | -1): void {
  for (const account of accounts) {
    if (account.limit.scope.kind !== 'call') account.held += sign * amounts[account.limit.dimension];
  }
}

/** Moves a call's amounts in or out of that part of what is held which no call in flight will free. */
export function defer(accounts: readonly Account[], amounts: Amounts, sign: 1 | -1): void {
  for (const account of accounts) {
    if (account.limit.scope.kind !== 'call') account.deferred += sign * amounts[account.limit.dimension];
  }
}

/** Adds what a call has used to its accounts. */
export function charge(accounts: readonly Account[], amounts: Amounts): void {
  for (const account of accounts) {
    const own = amounts[account.limit.dimension];
    account.settled = account.limit.scope.kind === 'call' ? Math.max(account.settled, own) : account.settled + own;
  }
}

/** The notice that a limit's balance calls for and that was not given yet; `warnAt` is a part of the ceiling, 0 to 1. */
export function noticeDue({ settled, limit, told }: Account, warnAt: number): NoticeCode | undefined {
  if (settled > limit.ceiling) return told.has('exceeded') ? undefined : 'exceeded';
  // That one call comes near a limit per call says nothing of the next.
  if (limit.scope.kind === 'call' || told.size > 0) return undefined;
  // Divided rather than multiplied: 7 of 100 is 0.07, but 100 × 0.07 is more than 7.
  return settled / limit.ceiling >= warnAt ? 'warn_at' : undefined;
}

/** Names an account's limit, for an entry or a refusal. */
export function refOf({ limit }: Account): LimitRef {
  return { dimension: limit.dimension, scope: scopeName(limit.scope) };
}
