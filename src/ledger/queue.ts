import type { Signal } from '../lib/one-shot-signal.js';
import { roomIn, type Account } from './account.js';
import type { Decision } from './contract.js';
import type { Claim } from './lowering.js';

/** A claim that waits, perhaps for less than it first asked, and the limit that it waits for. */
export interface Waiting {
  readonly claim: Claim;
  readonly waitFor: Account;
}

/** What is decided of a claim: for good, or that it waits. */
export type Answer = Decision | Waiting;

interface Waiter {
  readonly since: number;
  readonly finish: (decision: Decision) => void;
  waiting: Waiting;
}

/** How long calls wait, and how they are decided on. */
export interface QueueOptions {
  /** Longest wait, in ms. */
  readonly waitMs: number;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Decides a claim anew that has waited so many ms. */
  readonly decide: (claim: Claim, waited: number) => Answer;
  /** Decides a claim whose wait has ended without room: at its deadline, or since its caller is gone. */
  readonly end: (waiting: Waiting, reason: 'held' | 'abandoned', waited: number) => Decision;
}

/**
 * Calls that wait for others to settle, first come, first served for each limit.
 *
 * Who waits marks every limit that has no room for him as awaited: whoever came later takes nothing from it. The call
 * that has waited longest also has its room kept in the limits that do have it. So its standing can only get better,
 * and no stream of small calls starves a large one; calls that touch none of these limits pass.
 *
 * A wait ends as soon as it is certain to be in vain: when what has settled, or is held for deferred calls, leaves no
 * room, whatever is in flight. That
 * it will be in vain by what calls use as a rule ends none: a refusal fails the run, and the estimate may be wrong.
 */
export class WaitingQueue {
  readonly #options: QueueOptions;
  readonly #waiters = new Set<Waiter>();
  /** Accounts that bear a mark. */
  readonly #marked = new Set<Account>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /** Puts a claim last. Its end is a decision of `review`'s, or that of `end` at the deadline or when aborted. */
  join(waiting: Waiting, abort: Signal | undefined): Promise<Decision> {
    const { waitMs, now } = this.#options;
    return new Promise((resolve) => {
      const abandon = () => {
        this.#leave(waiter, 'abandoned');
      };
      const timer = setTimeout(() => {
        this.#leave(waiter, 'held');
      }, waitMs);
      const finish = (decision: Decision) => {
        clearTimeout(timer);
        abort?.off(abandon);
        resolve(decision);
      };
      const waiter: Waiter = { since: now(), finish, waiting };
      abort?.on(abandon);
      this.#add(waiter);
    });
  }

  /** Asks again for everyone, in order of arrival, after anything that made room or took it away. */
  review(): void {
    const { decide, now } = this.#options;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    this.remark();
    for (const waiter of waiters) {
      const answer = decide(waiter.waiting.claim, now() - waiter.since);
      if ('admitted' in answer) {
        waiter.finish(answer);
        if (answer.admitted) this.remark();
        continue;
      }
      waiter.waiting = answer;
      this.#add(waiter);
    }
  }

  /** Marks anew what those who wait now lack room in: to be called after each admission, which may have taken some. */
  remark(): void {
    this.#clear();
    let first = true;
    for (const { waiting } of this.#waiters) {
      this.#mark(waiting.claim, first);
      first = false;
    }
  }

  /** Everyone waits equally long, so whose time is up is the first in line, and no one's mark binds him. */
  #leave(waiter: Waiter, reason: 'held' | 'abandoned'): void {
    this.#waiters.delete(waiter);
    this.#clear();
    waiter.finish(this.#options.end(waiter.waiting, reason, this.#options.now() - waiter.since));
    this.review();
  }

  #add(waiter: Waiter): void {
    this.#mark(waiter.waiting.claim, this.#waiters.size === 0);
    this.#waiters.add(waiter);
  }

  #clear(): void {
    for (const account of this.#marked) {
      account.awaited = false;
      account.kept = 0;
    }
    this.#marked.clear();
  }

  #mark({ accounts, amounts }: Claim, first: boolean): void {
    for (const account of accounts) {
      if (roomIn(account, amounts) === 'held') account.awaited = true;
      if (first) account.kept = amounts[account.limit.dimension];
      this.#marked.add(account);
    }
  }
}
