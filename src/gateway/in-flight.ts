/**
 * The calls that are under way: from their arrival until they are settled or refused. One whose work goes on at its
 * provider is not among them once its answer has come.
 */
export class InFlight {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** Counts a call; the function that is returned ends it, and changes nothing a second time. */
  begin(): () => void {
    let open = true;
    this.#count += 1;
    return () => {
      if (!open) return;
      open = false;
      this.#count -= 1;
      if (this.#count === 0) this.#tell();
    };
  }

  /**
   * Waits until no call is under way.
   * @param withinMs how long at most, in ms
   * @returns whether that came true
   */
  idle(withinMs: number): Promise<boolean> {
    if (this.#count === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const isIdle = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(isIdle);
        resolve(false);
      }, withinMs);
      this.#waiting.add(isIdle);
    });
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const isIdle of waiting) isIdle();
  }
}
