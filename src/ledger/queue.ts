import type { Amounts } from '../domain/limit.js';
import { roomIn, type Account } from './account.js';
import type { Decision, Quote } from './ledger.js';

/** A call that asks for room: its worst case, and the limits that cover it. */
export interface Claim {
  readonly quote: Quote;
  readonly amounts: Amounts;
  readonly accounts: readonly Account[];
}

/** What is decided of a claim: for good, or that it waits for a limit. */
export type Answer = Decision | { readonly waitFor: Account };

interface Waiter {
  readonly claim: Claim;
  readonly since: number;
  readonly finish: (decision: Decision) => void;
  waitFor: Account;
}

export interface QueueOptions {
  readonly accounts: readonly Account[];
  /** Longest wait, in ms. */
  readonly waitMs: number;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Decides a claim anew that has waited so many ms. */
  readonly decide: (claim: Claim, waited: number) => Answer;
  /** Refuses a claim whose wait has ended without room: at its deadline, or since its caller is gone. */
  readonly refuse: (claim: Claim, reason: 'held' | 'abandoned', waitFor: Account, waited: number) => Decision;
}

/**
 * Calls that wait for others to settle, first come, first served for each limit.
 *
 * Who waits marks every limit that has no room for him as awaited: whoever came later takes nothing from it. The call
 * that has waited longest also has its room kept in the limits that do have it. So its standing can only get better,
 * and no stream of small calls starves a large one; calls that touch none of these limits pass.
 */
export class WaitingQueue {
  readonly #options: QueueOptions;
  readonly #waiters = new Set<Waiter>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /** Puts a claim last. Its end is a decision of `review`'s, or that of `refuse` at the deadline or when aborted. */
  join(claim: Claim, waitFor: Account, abort: AbortSignal | undefined): Promise<Decision> {
    const { waitMs, now, refuse } = this.#options;
    return new Promise((resolve) => {
      const leave = (reason: 'held' | 'abandoned') => {
        this.#waiters.delete(waiter);
        waiter.finish(refuse(claim, reason, waiter.waitFor, now() - waiter.since));
        this.review();
      };
      const abandon = () => {
        leave('abandoned');
      };
      const timer = setTimeout(leave, waitMs, 'held');
      const finish = (decision: Decision) => {
        clearTimeout(timer);
        abort?.removeEventListener('abort', abandon);
        resolve(decision);
      };
      const waiter: Waiter = { claim, since: now(), finish, waitFor };
      abort?.addEventListener('abort', abandon, { once: true });
      mark(claim, this.#waiters.size === 0);
      this.#waiters.add(waiter);
    });
  }

  /** Asks again for everyone, in order of arrival, after anything that made room or took it away. */
  review(): void {
    const { decide, now } = this.#options;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    this.remark();
    for (const waiter of waiters) {
      const answer = decide(waiter.claim, now() - waiter.since);
      if ('admitted' in answer) {
        waiter.finish(answer);
        if (answer.admitted) this.remark();
        continue;
      }
      waiter.waitFor = answer.waitFor;
      mark(waiter.claim, this.#waiters.size === 0);
      this.#waiters.add(waiter);
    }
  }

  /** Marks anew what those who wait now lack room in: to be called after each admission, which may have taken some. */
  remark(): void {
    for (const account of this.#options.accounts) {
      account.awaited = false;
      account.kept = 0;
    }
    let first = true;
    for (const { claim } of this.#waiters) {
      mark(claim, first);
      first = false;
    }
  }
}

function mark({ accounts, amounts }: Claim, first: boolean): void {
  for (const account of accounts) {
    if (roomIn(account, amounts) === 'held') account.awaited = true;
    if (first) account.kept = amounts[account.limit.dimension];
  }
}
