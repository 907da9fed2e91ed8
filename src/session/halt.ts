import { Latch, type Signal } from '../lib/one-shot-signal.js';

/** Longest wait for the caller to take the reply that says why, in ms. */
const UNREAD_MS = 500;

/**
 * The end of all spending under `halt`: once the reply to the call that broke the budget was written, so that its caller
 * learns why; or soon after, where the caller does not read it.
 */
export class Halt {
  readonly #fired = new Latch();
  readonly #onHalt: () => void;
  #breach: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onHalt called once, behind all who listen to the signal */
  constructor(onHalt: () => void) {
    this.#onHalt = onHalt;
  }

  /** Fires at the halt. */
  get signal(): Signal {
    return this.#fired;
  }

  /** A call has broken the budget: the first decides. */
  after(id: number): void {
    if (this.#breach !== undefined) return;
    this.#breach = id;
    this.#timer = setTimeout(() => {
      this.#halt();
    }, UNREAD_MS);
  }

  /** The reply to a call was written. */
  replied(id: number): void {
    if (id === this.#breach) this.#halt();
  }

  /** Nothing is left to be halted. */
  cancel(): void {
    clearTimeout(this.#timer);
  }

  #halt(): void {
    this.cancel();
    if (this.#fired.fired) return;
    this.#fired.fire();
    this.#onHalt();
  }
}
