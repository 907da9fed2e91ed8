import { deepStrictEqual as same, ok } from 'node:assert';
import { amountsOf, DIMENSIONS, scopeName, type Limit } from '../../src/domain/limit.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import type { Decision } from '../../src/ledger/contract.js';
import { Fold } from './fold.js';
import { ROWS, type ReferenceCall, type ReferenceLedger } from './reference.js';
import type { Schedule } from './schedules.js';

/** A call of a schedule: what the reference says of it, and what the ledger decided, once it has. */
export interface Observed {
  readonly call: ReferenceCall;
  readonly abort: () => void;
  decision: Decision | undefined;
}

/**
 * Throws where a ledger's state breaks an invariant or differs from the reference.
 * @param fold of all entries recorded; undefined once the journal has failed and can no longer tell
 */
export function compare(
  plan: Schedule,
  snapshot: Snapshot,
  reference: ReferenceLedger,
  observed: readonly Observed[],
  fold: Fold | undefined,
): void {
  for (const each of observed) compareCall(plan.limits, each);
  const [first] = reference.waiting;
  ok(!first || reference.mayFit(first), 'who waits first may be served by calls in flight');
  same(snapshot.settled, reference.total('settled'), 'settled');
  same(snapshot.held, reference.total('live'), 'held is the sum of the live reservations');
  same(snapshot.refused, reference.refused, 'refused');
  same(snapshot.waiting, reference.waiting.length, 'waiting');
  for (const [place, balance] of snapshot.limits.entries()) {
    same(balance.limit, plan.limits[place]);
    compareLimit(plan, reference, balance);
  }
  const counts = [snapshot.settled, snapshot.held].flatMap((amounts) => DIMENSIONS.map((each) => amounts[each]));
  ok(
    counts.every((count) => Number.isSafeInteger(count) && count >= 0),
    'only whole amounts',
  );
  if (fold) compareFold(plan, snapshot, fold);
}

function compareCall(limits: readonly Limit[], { call, decision }: Observed): void {
  if (call.state === 'waiting') {
    same(decision, undefined, 'it waits');
    return;
  }
  ok(decision, `it is ${call.state} and heard nothing`);
  same(decision.admitted, call.state !== 'refused');
  if (decision.admitted) {
    const { hold } = decision.quote;
    same(amountsOf(hold, hold.cost), call.worst, 'it holds what it was admitted at');
    return;
  }
  const { reason, limit, deferred } = decision.refusal;
  same(reason, call.reason);
  same(deferred ?? false, call.byJobs, 'whether deferred calls hold the room');
  const named = (call.named ?? []).map((place) => limits[place]);
  const fits = ({ dimension, scope }: Limit) => dimension === limit?.dimension && scopeName(scope) === limit.scope;
  ok(limit ? named.some((each) => each && fits(each)) : named.length === 0, 'the limit that it names');
}

function compareLimit(plan: Schedule, reference: ReferenceLedger, balance: Snapshot['limits'][number]): void {
  const { limit, settled, held } = balance;
  const rows = limit.scope.kind === 'row' ? ROWS : [undefined];
  const shares = rows.map((row) => ({
    settled: reference.balance(limit, 'settled', row),
    held: reference.balance(limit, 'live', row),
    overshoot: reference.overshoot(limit, row),
  }));
  same(settled, Math.max(...shares.map((share) => share.settled)));
  // Before any row has used something, none of them is shown.
  if (limit.scope.kind !== 'row' || settled > 0)
    ok(
      shares.some((share) => share.settled === settled && share.held === held),
      'held',
    );
  if (plan.onExceed === 'warn' || limit.scope.kind === 'call') return;
  for (const share of shares)
    ok(share.settled + share.held <= limit.ceiling + share.overshoot, 'settled + held ≤ ceiling + overshoot');
}

function compareFold(plan: Schedule, snapshot: Snapshot, fold: Fold): void {
  same(snapshot.settled, fold.settled, 'totals are the fold of the entries');
  same(snapshot.held, fold.held, 'holds are the fold of the entries');
  same(snapshot.inFlight, fold.live.size);
  same(snapshot.refused, fold.refused);
  same(new Set(fold.notices).size, fold.notices.length, 'one notice a limit');
  for (const { limit, settled } of snapshot.limits) {
    const when = (code: string) => fold.notices.indexOf(`${code} ${scopeName(limit.scope)} ${limit.dimension}`);
    const told = (code: string) => when(code) >= 0;
    const passed = settled > limit.ceiling;
    const near = limit.scope.kind !== 'call' && settled / limit.ceiling >= plan.warnAt;
    same(told('exceeded'), passed);
    ok(!passed || when('warn_at') < when('exceeded'), 'warned before it is passed, if at all');
    ok(told('warn_at') ? near : passed || !near || settled === 0, 'warned when it is due');
  }
}
