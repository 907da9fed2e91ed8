/** Time-outs for upstreams: longer than any client's own time-out, so that only what nobody ends is ended. */
export interface Patience {
  /** Longest silence, in ms. */
  readonly idleMs: number;
  /** Longest time from a request to the end of its answer, in ms: a stream may never fall silent. */
  readonly totalMs: number;
}

/** Fifteen minutes of silence, an hour in all. */
export const PATIENCE: Patience = { idleMs: 15 * 60_000, totalMs: 60 * 60_000 };

/** A request under way, of either version of HTTP. */
interface UnderWay {
  once(event: 'close', listener: () => void): unknown;
  destroy(error: Error): unknown;
}

/** Gives a request up that has not closed within so many ms; what has come of its answer by then has come. */
export function endAfter(request: UnderWay, totalMs: number): void {
  const total = setTimeout(() => request.destroy(new Error('the upstream took too long')), totalMs);
  request.once('close', () => {
    clearTimeout(total);
  });
}
