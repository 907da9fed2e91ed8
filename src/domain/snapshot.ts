import type { Amounts, Limit } from './limit.js';

/** Where a run stands at one moment: what the progress line is made of. */
export interface Snapshot {
  /** Of all settled calls; tokens, calls and nano-USD. */
  readonly settled: Amounts;
  /** Of all calls in flight: their worst case, charged until they settle. */
  readonly held: Amounts;
  /** Calls admitted and not yet settled or voided. */
  readonly inFlight: number;
  /** Calls that wait for holds to settle. */
  readonly waiting: number;
  /** Settled calls whose cost leaves a part out; left out where there are none. */
  readonly incomplete?: number;
  /** Calls refused so far. */
  readonly refused: number;
  /**
   * Every limit in the policy's order, with what counts towards it in its own unit; for a limit per call, `settled` is
   * the largest single call; for one per row, both are those of the row that has used most.
   */
  readonly limits: readonly { readonly limit: Limit; readonly settled: number; readonly held: number }[];
}
