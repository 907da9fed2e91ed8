import type { Ledger } from '../ledger/ledger.js';
import { pathOf } from '../meter/request-path.js';
import { heldOutcome, type AdmittedCall, type SentCall } from './metered.js';

/** An admitted call whose work goes on at its provider after its answer. */
export interface DeferredCall {
  readonly call: SentCall;
  readonly admitted: AdmittedCall;
}

/**
 * Calls that were answered before they were done (`background`, `deferred`, asynchronous jobs). Each keeps its hold until
 * an answer to a later request states what it used; what is never asked for costs its hold.
 */
export class BackgroundCalls {
  readonly #calls = new Map<string, DeferredCall>();
  /** Where the formats of these calls ask for them. */
  readonly #places = new Set<RegExp>();
  /** How many requests ask for a call right now, by its number on the ledger. */
  readonly #asking = new Map<number, number>();

  /** How many have not been settled. */
  get size(): number {
    return this.#calls.size;
  }

  /** Keeps a call's hold, and nothing of its body; false where another call has the same id, so that none could tell. */
  defer(id: string, { call, admitted }: DeferredCall): boolean {
    const key = keyOf(call, id);
    if (this.#calls.has(key)) return false;
    const { request, response, target, at, dialect, asked, gone, giveUp } = call;
    const kept = { request, response, target, at, dialect, asked, gone, giveUp };
    this.#calls.set(key, { call: kept, admitted });
    if (dialect.askedForAt) this.#places.add(dialect.askedForAt);
    return true;
  }

  /** Whether the call with this id on the ledger is one of them. */
  has(ledgerId: number): boolean {
    return [...this.#calls.values()].some(({ admitted }) => admitted.id === ledgerId);
  }

  /** The call that a request asks for, as a call with the request's own way back. */
  askedFor(target: SentCall['target'], way: Pick<SentCall, 'request' | 'response'>): DeferredCall | undefined {
    const path = pathOf(way.request.url ?? '');
    const ids = [...this.#places].flatMap((place) => place.exec(path)?.[1] ?? []);
    const deferred = ids.map((id) => this.#calls.get(keyOf({ target }, id))).find((each) => each !== undefined);
    return deferred && { ...deferred, call: { ...deferred.call, ...way } };
  }

  /** Carries out a request that asks for a call. As long as one is under way, other calls may wait for the call's hold. */
  async whileAsked(
    ledger: Pick<Ledger, 'defer' | 'resume'>,
    call: DeferredCall,
    ask: () => Promise<void>,
  ): Promise<void> {
    const { id } = call.admitted;
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
  forget(ledgerId: number): void {
    for (const [key, { admitted }] of this.#calls) if (admitted.id === ledgerId) this.#calls.delete(key);
  }

  /** Charges what nobody asked for in full. */
  end(ledger: Pick<Ledger, 'settle'>): void {
    for (const { admitted } of this.#calls.values()) ledger.settle(admitted.id, heldOutcome(admitted.quote, 200));
    this.#calls.clear();
  }
}

function keyOf({ target }: Pick<SentCall, 'target'>, id: string): string {
  return `${target.name} ${id}`;
}
