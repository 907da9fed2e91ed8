/** Something that happens at most once, seen by those whom it concerns. */
export type Signal = Pick<Latch, 'fired' | 'on' | 'off'>;

/**
 * A client that goes away, a run that is stopped. Each call has two of them, hardly any fires, and a run's own has a
 * listener for every stream under way: an AbortSignal costs ten times as much, stays in the collector's lists after its
 * call, and warns of the eleventh listener on the user's terminal.
 */
export class Latch {
  #fired = false;
  #listeners: Set<() => void> | undefined;

  get fired(): boolean {
    return this.#fired;
  }

  /** Calls a function when it fires; never, where it has fired already. */
  on(listener: () => void): void {
    (this.#listeners ??= new Set()).add(listener);
  }

  off(listener: () => void): void {
    this.#listeners?.delete(listener);
  }

  /** A second time changes nothing. */
  fire(): void {
    if (this.#fired) return;
    this.#fired = true;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener();
  }
}
