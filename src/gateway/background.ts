import type { Ledger } from '../ledger/contract.js';
import type { Dialect } from '../meter/dialects/dialect.js';

/** What is to be known of a call that is kept here: its number on the ledger, the host that works at it, its format. */
interface Kept {
  readonly id: number;
  readonly target: { readonly name: string };
  readonly dialect: Pick<Dialect, 'askedForAt'>;
}

/**
 * Calls that were answered before they were done (`background`, `deferred`, asynchronous jobs). Each keeps its hold until
 * an answer to a later request states what it used; what is never asked for costs its hold.
 */
export class BackgroundCalls<Call extends Kept> {
  readonly #calls = new Map<string, Call>();
  /** Where the formats of these calls ask for them. */
  readonly #places = new Set<RegExp>();
  /** How many requests ask for a call right now, by its number on the ledger. */
  readonly #asking = new Map<number, number>();

  /** How many have not been settled. */
  get size(): number {
    return this.#calls.size;
  }

  /**
   * Keeps a call, which is all that stays of it.
   * @param job its id at the provider
   * @returns false where another call there has the same id, so that none could tell them apart
   */
  defer(job: string, call: Call): boolean {
    const key = keyOf(call.target.name, job);
    if (this.#calls.has(key)) return false;
    this.#calls.set(key, call);
    if (call.dialect.askedForAt) this.#places.add(call.dialect.askedForAt);
    return true;
  }

  /** Whether the call with this number on the ledger is one of them. */
  has(id: number): boolean {
    return [...this.#calls.values()].some((call) => call.id === id);
  }

  /** The call that a request asks for, by its host and its path. */
  askedFor(host: string, path: string): Call | undefined {
    const jobs = [...this.#places].flatMap((place) => place.exec(path)?.[1] ?? []);
    return jobs.map((job) => this.#calls.get(keyOf(host, job))).find((call) => call !== undefined);
  }

  /** Carries out a request that asks for a call. As long as one is under way, other calls may wait for the call's hold. */
  async whileAsked(ledger: Pick<Ledger, 'defer' | 'resume'>, { id }: Call, ask: () => Promise<void>): Promise<void> {
    this.#asking.set(id, (this.#asking.get(id) ?? 0) + 1);
    ledger.resume(id);
    try {
      await ask();
    } finally {
      this.#asked(ledger, id);
    }
  }

  #asked(ledger: Pick<Ledger, 'defer'>, id: number): void {
    const left = (this.#asking.get(id) ?? 1) - 1;
    this.#asking.set(id, left);
    if (left > 0) return;
    this.#asking.delete(id);
    ledger.defer(id);
  }

  /** Its use is known now. */
  forget(id: number): void {
    for (const [key, call] of this.#calls) if (call.id === id) this.#calls.delete(key);
  }

  /** Gives up all that nobody has asked for, each by the function. */
  end(giveUp: (call: Call) => void): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) giveUp(call);
  }
}

function keyOf(host: string, job: string): string {
  return `${host} ${job}`;
}
