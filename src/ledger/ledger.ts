import type { RefusalReason } from '../domain/call.js';
import type { Entry } from '../domain/entry.js';
import type { Signal } from '../lib/one-shot-signal.js';
import { amountsOf, DIMENSIONS, NOTHING, type Amounts, type Limit, type OnExceed } from '../domain/limit.js';
import type { Snapshot } from '../domain/snapshot.js';
import { usageOf } from '../domain/usage.js';
import { charge, defer, hold, noticeDue, refOf, standingOf, type Account, type Room } from './account.js';
import { Accounts } from './accounts.js';
import type { Decision, Ledger, Lowering, Outcome, Quote, Refusal, RefusedCall } from './contract.js';
import { claimOf, lowered, type Claim } from './lowering.js';
import { WaitingQueue, type Answer, type Waiting } from './queue.js';
import { noticeEntry, refuseEntry, reserveEntry, settleEntry, voidEntry } from './records.js';

/** What a ledger decides by, and where it keeps its decisions. */
export interface MemoryLedgerOptions {
  readonly limits: readonly Limit[];
  readonly onExceed: OnExceed;
  /** Part of a ceiling, 0 to 1, at which a notice is due, once a limit. */
  readonly warnAt: number;
  /** Longest wait for holds to settle, in ms, 0 to 2^31 − 1. */
  readonly waitMs: number;
  /** Keeps an entry before it takes effect; throws where it cannot. Must not call back into the ledger. */
  readonly record: (entry: Entry) => void;
  /** Milliseconds since the run began, monotonic. */
  readonly now: () => number;
}

/** A standing that no call in flight can better. */
type NoRoom = Exclude<Room, 'fits' | 'held'>;

/** A call with room, and one that may get it. */
const FREE: ReadonlySet<Room> = new Set(['fits']);
const OPEN: ReadonlySet<Room> = new Set(['fits', 'held']);

/** The ledger of one process. Its decisions are synchronous, so no two calls can see the same room. */
export class MemoryLedger implements Ledger {
  readonly #options: MemoryLedgerOptions;
  readonly #accounts: Accounts;
  readonly #live = new Map<number, Claim>();
  /** Which of those nobody waits for. */
  readonly #deferred = new Set<number>();
  readonly #queue: WaitingQueue;
  #settled: Amounts = NOTHING;
  #refused = 0;
  #incomplete = 0;
  #lastId = 0;
  #stopped = false;

  constructor(options: MemoryLedgerOptions) {
    this.#options = options;
    this.#accounts = new Accounts(options.limits);
    this.#queue = new WaitingQueue({
      waitMs: options.waitMs,
      now: options.now,
      decide: (claim, waited) => this.#decide(claim, waited),
      end: (waiting, reason, waited) => this.#endWait(waiting, reason, waited),
    });
  }

  fits(quote: Quote): boolean {
    if (this.#stopped || this.#options.onExceed === 'warn') return !this.#stopped;
    const { accounts, amounts } = claimOf(quote, this.#accounts.of(quote));
    return standingOf(accounts, amounts).room === 'fits';
  }

  reserve(quote: Quote, abort?: Signal, lowering?: Lowering): Promise<Decision> {
    const answer = this.#decide(claimOf(quote, this.#accounts.of(quote), lowering));
    if ('admitted' in answer) {
      this.#queue.remark();
      return Promise.resolve(answer);
    }
    // A signal that has fired already will not fire again.
    if (abort?.fired) return Promise.resolve(this.#refuse(quote, refusalOf('abandoned', answer.waitFor), 0));
    return this.#queue.join(answer, abort);
  }

  refuse(call: RefusedCall, reason: RefusalReason): Decision {
    const { unpriced } = call;
    return this.#refuse(call, { reason, limit: null, ...(unpriced === undefined ? {} : { unpriced }) });
  }

  settle(id: number, outcome: Outcome): void {
    const claim = this.#live.get(id);
    if (!claim) return;
    // The provider has done the work: memory counts it even where the journal could not.
    this.#write(settleEntry(this.#mark(id), outcome));
    const amounts = amountsOf(usageOf(outcome.usage), outcome.cost);
    this.#release(id, claim);
    charge(claim.accounts, amounts);
    if (outcome.incomplete !== undefined || (outcome.rate ?? claim.quote.rate) === 'none') this.#incomplete += 1;
    this.#settled = plus(this.#settled, amounts);
    this.#giveNotice(claim.accounts);
    this.#queue.review();
  }

  void(id: number, status: number): void {
    const claim = this.#live.get(id);
    if (!claim) return;
    this.#write(voidEntry(this.#mark(id), status));
    this.#release(id, claim);
    this.#queue.review();
  }

  defer(id: number): void {
    const claim = this.#live.get(id);
    if (!claim || this.#deferred.has(id)) return;
    this.#deferred.add(id);
    defer(claim.accounts, claim.amounts, 1);
    // Who waits for this hold would do so in vain.
    this.#queue.review();
  }

  resume(id: number): void {
    const claim = this.#live.get(id);
    if (claim && this.#deferred.delete(id)) defer(claim.accounts, claim.amounts, -1);
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.review();
  }

  snapshot(): Snapshot {
    return {
      settled: this.#settled,
      held: [...this.#live.values()].reduce((sum, { amounts }) => plus(sum, amounts), NOTHING),
      inFlight: this.#live.size,
      waiting: this.#queue.size,
      refused: this.#refused,
      ...(this.#incomplete > 0 && { incomplete: this.#incomplete }),
      limits: this.#accounts.balances(),
    };
  }

  /** Admits or refuses where that is certain, and lets wait where only calls in flight or ahead stand in the way. */
  #decide(claim: Claim, waited?: number): Answer {
    if (this.#stopped) return this.#refuse(claim.quote, { reason: 'stopped', limit: null }, waited);
    if (this.#options.onExceed === 'warn') return this.#admit(claim, waited);
    const asked = lowered(claim, OPEN);
    const standing = standingOf(asked.accounts, asked.amounts);
    if (standing.room === 'fits') return this.#admit(asked, waited);
    const { room, account } = standing;
    if (room === 'held') return { claim: asked, waitFor: account };
    return this.#refuse(asked.quote, refusalFor(room, account), waited);
  }

  /** Whose time is up may still do with what is left this instant. */
  #endWait({ claim, waitFor }: Waiting, reason: 'held' | 'abandoned', waited: number): Decision {
    const asked = reason === 'held' ? lowered(claim, FREE) : claim;
    if (asked !== claim && standingOf(asked.accounts, asked.amounts).room === 'fits') return this.#admit(asked, waited);
    return this.#refuse(claim.quote, refusalOf(reason, waitFor), waited);
  }

  #admit(claim: Claim, waited: number | undefined): Decision {
    const id = ++this.#lastId;
    if (!this.#write(reserveEntry(this.#mark(id), claim.quote, waited))) {
      this.#refused += 1;
      return { admitted: false, id, refusal: { reason: 'stopped', limit: null } };
    }
    hold(claim.accounts, claim.amounts, 1);
    this.#live.set(id, claim);
    return { admitted: true, id, quote: claim.quote };
  }

  #refuse(call: RefusedCall, refusal: Refusal, waited?: number): Decision {
    const id = ++this.#lastId;
    this.#refused += 1;
    this.#write(refuseEntry(this.#mark(id), call, refusal, waited));
    return { admitted: false, id, refusal };
  }

  #release(id: number, { accounts, amounts }: Claim): void {
    this.resume(id);
    this.#live.delete(id);
    hold(accounts, amounts, -1);
  }

  #giveNotice(accounts: readonly Account[]): void {
    for (const account of accounts) {
      const code = noticeDue(account, this.#options.warnAt);
      if (code === undefined) continue;
      account.told.add(code);
      this.#write(noticeEntry(this.#options.now(), code, refOf(account)));
    }
  }

  #mark(id: number): { id: number; ms: number } {
    return { id, ms: this.#options.now() };
  }

  /** A spend that could not be recorded could be lost: once a write fails, nothing more is admitted. */
  #write(entry: Entry): boolean {
    try {
      this.#options.record(entry);
      return true;
    } catch {
      // Those who wait must hear of it, yet not in the middle of a decision.
      if (!this.#stopped) queueMicrotask(this.stop.bind(this));
      this.#stopped = true;
      return false;
    }
  }
}

function refusalFor(room: NoRoom, account: Account): Refusal {
  return room === 'deferred' ? { ...refusalOf('held', account), deferred: true } : refusalOf(room, account);
}

function refusalOf(reason: RefusalReason, account: Account): Refusal {
  const { settled, held, limit } = account;
  return { reason, limit: { ...refOf(account), ceiling: limit.ceiling, settled, held } };
}

function plus(a: Amounts, b: Amounts): Amounts {
  const sum = { ...a };
  for (const dimension of DIMENSIONS) sum[dimension] += b[dimension];
  return sum;
}
