import type { RefusalReason } from '../domain/call.js';
import type { Entry, RefuseEntry } from '../domain/entry.js';
import { amountsOf, NOTHING, type Amounts, type Limit } from '../domain/limit.js';
import type { OnExceed } from '../domain/policy.js';
import type { Snapshot } from '../domain/snapshot.js';
import { charge, hold, openAccount, refOf, roomIn, type Account, type Room } from './account.js';
import type { Decision, Ledger, Outcome, Quote, Refusal, RefusedCall } from './ledger.js';

export interface MemoryLedgerOptions {
  readonly limits: readonly Limit[];
  readonly onExceed: OnExceed;
  /** Part of a ceiling, 0 to 1, at which a notice is due, once a limit. */
  readonly warnAt: number;
  /** Longest wait for holds to settle, in ms. */
  readonly waitMs: number;
  /** Keeps an entry before it takes effect; throws where it cannot. Must not call back into the ledger. */
  readonly record: (entry: Entry) => void;
  /** Milliseconds since the run began, monotonic. */
  readonly now: () => number;
}

interface Waiter {
  readonly quote: Quote;
  readonly amounts: Amounts;
  readonly accounts: readonly Account[];
  readonly since: number;
  readonly finish: (decision: Decision) => void;
}

interface Reservation {
  readonly amounts: Amounts;
  readonly accounts: readonly Account[];
}

/**
 * The ledger of one process. Its decisions are synchronous, so no two calls can see the same room.
 *
 * Waiting is first come, first served for each limit: a call is passed over only by calls that do not touch a limit it
 * is waiting for. So a large call is never starved by small ones behind it, and one model's full limit does not hold
 * up the others.
 */
export class MemoryLedger implements Ledger {
  readonly #options: MemoryLedgerOptions;
  readonly #accounts: readonly Account[];
  readonly #live = new Map<number, Reservation>();
  readonly #queue = new Set<Waiter>();
  readonly #noticed = new Set<string>();
  readonly #byModel = new Map<string, readonly Account[]>();
  #settled: Amounts = NOTHING;
  #held: Amounts = NOTHING;
  #refused = 0;
  #lastId = 0;
  #stopped = false;

  constructor(options: MemoryLedgerOptions) {
    this.#options = options;
    this.#accounts = options.limits.map(openAccount);
  }

  fits(quote: Quote): boolean {
    return this.#room(this.#accountsOf(quote.model), amountsOf(quote.hold, quote.hold.cost)).room === 'fits';
  }

  reserve(quote: Quote, abort?: AbortSignal): Promise<Decision> {
    const amounts = amountsOf(quote.hold, quote.hold.cost);
    const accounts = this.#accountsOf(quote.model);
    const settled = this.#decide(quote, amounts, accounts, this.#contended(), undefined);
    if (settled !== 'wait') return Promise.resolve(settled);
    return new Promise((resolve) => {
      this.#wait({ quote, amounts, accounts, since: this.#options.now(), finish: resolve }, abort);
    });
  }

  refuse(call: RefusedCall, reason: RefusalReason): Decision {
    return this.#refuse(call, { reason, limit: null }, undefined);
  }

  settle(id: number, outcome: Outcome): void {
    const reservation = this.#live.get(id);
    if (!reservation) return;
    const { status, model, usage, source, cost } = outcome;
    const named = model === undefined ? {} : { model };
    this.#write({ event: 'settle', id, ms: this.#options.now(), status, ...named, usage, source, cost });
    // The provider has done the work: memory counts it even where the journal could not.
    this.#release(id, reservation);
    const amounts = amountsOf(usage, cost);
    charge(reservation.accounts, amounts);
    this.#settled = plus(this.#settled, amounts, 1);
    this.#notice(reservation.accounts);
    this.#wake();
  }

  void(id: number, status: number): void {
    const reservation = this.#live.get(id);
    if (!reservation) return;
    this.#write({ event: 'void', id, ms: this.#options.now(), status });
    this.#release(id, reservation);
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  snapshot(): Snapshot {
    return {
      settled: this.#settled,
      held: this.#held,
      inFlight: this.#live.size,
      waiting: this.#queue.size,
      refused: this.#refused,
      limits: this.#accounts.map(({ limit, settled, held }) => ({ limit, settled, held })),
    };
  }

  /** Admits or refuses where that is certain; `wait` where only calls in flight, or calls ahead, stand in the way. */
  #decide(
    quote: Quote,
    amounts: Amounts,
    accounts: readonly Account[],
    contended: ReadonlySet<Account>,
    waited: number | undefined,
  ): Decision | 'wait' {
    if (this.#stopped) return this.#refuse(quote, { reason: 'stopped', limit: null }, waited);
    if (this.#options.onExceed === 'warn') return this.#admit(quote, amounts, accounts, waited);
    const { room, account } = this.#room(accounts, amounts);
    if (room === 'exhausted' || room === 'call_too_large') {
      return this.#refuse(quote, refusalOf(room, account), waited);
    }
    if (room === 'held' || accounts.some((each) => contended.has(each))) return 'wait';
    return this.#admit(quote, amounts, accounts, waited);
  }

  #admit(quote: Quote, amounts: Amounts, accounts: readonly Account[], waited: number | undefined): Decision {
    const id = ++this.#lastId;
    const time = waited === undefined ? {} : { waited };
    if (!this.#write({ event: 'reserve', id, ms: this.#options.now(), ...quote, ...time })) {
      this.#refused += 1;
      return { admitted: false, id, refusal: { reason: 'stopped', limit: null } };
    }
    hold(accounts, amounts, 1);
    this.#held = plus(this.#held, amounts, 1);
    this.#live.set(id, { amounts, accounts });
    return { admitted: true, id };
  }

  #refuse(quote: RefusedCall, refusal: Refusal, waited: number | undefined): Decision {
    const id = ++this.#lastId;
    this.#refused += 1;
    this.#write(refuseEntry(id, this.#options.now(), quote, refusal, waited));
    return { admitted: false, id, refusal };
  }

  #wait(waiter: Waiter, abort: AbortSignal | undefined): void {
    const giveUp = () => {
      if (!this.#queue.delete(queued)) return;
      const { account } = this.#room(waiter.accounts, waiter.amounts);
      finish(this.#refuse(waiter.quote, refusalOf('held', account), this.#options.now() - waiter.since));
      this.#wake();
    };
    const timer = setTimeout(giveUp, this.#options.waitMs);
    const finish = (decision: Decision) => {
      clearTimeout(timer);
      abort?.removeEventListener('abort', giveUp);
      waiter.finish(decision);
    };
    const queued = { ...waiter, finish };
    abort?.addEventListener('abort', giveUp, { once: true });
    this.#queue.add(queued);
  }

  /** Looks at those who wait, in order of arrival, after anything that made room or took it away. */
  #wake(): void {
    const contended = new Set<Account>();
    for (const waiter of [...this.#queue]) {
      const { quote, amounts, accounts } = waiter;
      const decision = this.#decide(quote, amounts, accounts, contended, this.#options.now() - waiter.since);
      if (decision !== 'wait') {
        this.#queue.delete(waiter);
        waiter.finish(decision);
      }
      for (const account of accounts) if (decision === 'wait' && roomIn(account, amounts) === 'held') contended.add(account);
    }
  }

  /** Limits that someone is already waiting for. */
  #contended(): ReadonlySet<Account> {
    const contended = new Set<Account>();
    for (const { accounts, amounts } of this.#queue) {
      for (const account of accounts) if (roomIn(account, amounts) === 'held') contended.add(account);
    }
    return contended;
  }

  /** The tightest standing over all limits that cover a call, and the limit it comes from. */
  #room(accounts: readonly Account[], amounts: Amounts): { room: Room; account: Account | undefined } {
    let tightest: { room: Room; account: Account | undefined } = { room: 'fits', account: undefined };
    for (const account of accounts) {
      const room = roomIn(account, amounts);
      if (SEVERITY[room] > SEVERITY[tightest.room]) tightest = { room, account };
    }
    return tightest;
  }

  #release(id: number, { amounts, accounts }: Reservation): void {
    this.#live.delete(id);
    hold(accounts, amounts, -1);
    this.#held = plus(this.#held, amounts, -1);
  }

  #notice(accounts: readonly Account[]): void {
    for (const account of accounts) {
      const { settled, limit } = account;
      const code = settled > limit.ceiling ? 'exceeded' : settled >= limit.ceiling * this.#options.warnAt ? 'warn_at' : null;
      const ref = refOf(account);
      const key = `${code ?? ''} ${ref.scope} ${ref.dimension}`;
      if (code === null || limit.scope.kind === 'call' || this.#noticed.has(key)) continue;
      this.#noticed.add(key);
      const text = code === 'exceeded' ? 'limit passed' : 'limit nearly reached';
      this.#write({ event: 'notice', ms: this.#options.now(), code, limit: ref, text });
    }
  }

  #accountsOf(model: string): readonly Account[] {
    const known = this.#byModel.get(model);
    if (known) return known;
    const accounts = this.#accounts.filter((account) => account.covers(model));
    this.#byModel.set(model, accounts);
    return accounts;
  }

  /** A spend that could not be recorded could be lost: once a write fails, nothing more is admitted. */
  #write(entry: Entry): boolean {
    try {
      this.#options.record(entry);
      return true;
    } catch {
      this.#stopped = true;
      return false;
    }
  }
}

const SEVERITY: Readonly<Record<Room, number>> = { fits: 0, held: 1, exhausted: 2, call_too_large: 3 };

function refusalOf(reason: RefusalReason, account: Account | undefined): Refusal {
  if (!account) return { reason, limit: null };
  const { settled, held, limit } = account;
  return { reason, limit: { ...refOf(account), ceiling: limit.ceiling, settled, held } };
}

function refuseEntry(id: number, ms: number, quote: RefusedCall, refusal: Refusal, waited: number | undefined): RefuseEntry {
  const { provider, host, model, dialect, hold: wanted } = quote;
  const limit = refusal.limit && { dimension: refusal.limit.dimension, scope: refusal.limit.scope };
  const time = waited === undefined ? {} : { waited };
  return { event: 'refuse', id, ms, provider, host, model, dialect, reason: refusal.reason, limit, hold: wanted, ...time };
}

function plus(a: Amounts, b: Amounts, sign: 1 | -1): Amounts {
  return {
    tokens: a.tokens + sign * b.tokens,
    input_tokens: a.input_tokens + sign * b.input_tokens,
    output_tokens: a.output_tokens + sign * b.output_tokens,
    calls: a.calls + sign * b.calls,
    cost_usd: a.cost_usd + sign * b.cost_usd,
  };
}
