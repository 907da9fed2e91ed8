import type { LimitRef } from '../domain/call.js';
import { scopeName, type Amounts, type Limit } from '../domain/limit.js';
import { compilePattern } from '../domain/pattern.js';

/** One limit's balance: integers in the limit's own unit. */
export interface Account {
  readonly limit: Limit;
  readonly covers: (model: string) => boolean;
  settled: number;
  held: number;
}

/** How a call stands against a limit: it fits now, once calls in flight settle, no longer, or never did. */
export type Room = 'fits' | 'held' | 'exhausted' | 'call_too_large';

export function openAccount(limit: Limit): Account {
  const covers = limit.scope.kind === 'model' ? compilePattern(limit.scope.pattern) : () => true;
  return { limit, covers, settled: 0, held: 0 };
}

/** A call's standing against one limit. A limit per call looks at the call alone; balances do not matter to it. */
export function roomIn(account: Account, amounts: Amounts): Room {
  const own = amounts[account.limit.dimension];
  const { ceiling, scope } = account.limit;
  if (own > ceiling) return 'call_too_large';
  if (scope.kind === 'call') return 'fits';
  if (account.settled + own > ceiling) return 'exhausted';
  return account.settled + account.held + own > ceiling ? 'held' : 'fits';
}

/** Moves a call's amounts in or out of what is held. */
export function hold(accounts: readonly Account[], amounts: Amounts, sign: 1 | -1): void {
  for (const account of accounts) account.held += sign * amounts[account.limit.dimension];
}

export function charge(accounts: readonly Account[], amounts: Amounts): void {
  for (const account of accounts) {
    const own = amounts[account.limit.dimension];
    account.settled = account.limit.scope.kind === 'call' ? Math.max(account.settled, own) : account.settled + own;
  }
}

export function refOf(account: Account): LimitRef {
  return { dimension: account.limit.dimension, scope: scopeName(account.limit.scope) };
}
