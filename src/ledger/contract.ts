import type { CallFacts, RefusalReason } from '../domain/call.js';
import type { LimitRef } from '../domain/limit.js';
import type { Signal } from '../lib/one-shot-signal.js';
import type { NanoUsd } from '../domain/money.js';
import type { PriceSource } from '../domain/rate.js';
import type { Snapshot } from '../domain/snapshot.js';
import type { Usage, UsageSource } from '../domain/usage.js';

/** What a call may cost at most, and on what grounds: the ledger's question and, once admitted, its hold. */
export interface Quote extends CallFacts {
  /** Upper bounds in tokens. */
  readonly hold: { readonly input: number; readonly output: number; readonly cost: NanoUsd };
  readonly rate: PriceSource;
  /** Why the bound is not sound, where it is not. */
  readonly unbounded?: string;
  /** What the call asks for that has no known price, where it is admitted all the same: its cost will lack that. */
  readonly incomplete?: string;
  /** The output bound written into the request, in tokens. */
  readonly outputBound?: number;
  /** The higher bound that it would have had, where that one was lowered to what is left. */
  readonly loweredFrom?: number;
}

/** A call that can do with less than it asks: with a lower bound on the tokens of each answer. */
export interface Lowering {
  /** 1 or more. */
  readonly least: number;
  /** One less than it asks. */
  readonly most: number;
  /** The call at one of these bounds. A lower one never costs more. */
  readonly at: (bound: number) => Quote;
}

/** A call that may have no known wire format. */
export type RefusedCall = Pick<Quote, 'provider' | 'host' | 'model' | 'row' | 'phase' | 'hold'> & {
  readonly dialect: string | null;
  /** What has no known price, where that is not the model: a tool, a service tier. */
  readonly unpriced?: string;
};

/** What a call turned out to be. */
export interface Outcome {
  readonly status: number;
  readonly model?: string;
  readonly usage: Usage;
  readonly source: UsageSource;
  readonly cost: NanoUsd;
  /** Where the price came from, where that is not what the quote says. */
  readonly rate?: PriceSource;
  /** Why the cost leaves a part out, where it does: a short reason, in words of ours. */
  readonly incomplete?: string;
}

/** Why a call may not be sent, with the numbers of the limit that stood in the way. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** What has no known price, where that is not the model. */
  readonly unpriced?: string;
  /** Under `held`: what holds the room are deferred calls, so that waiting would not have helped. */
  readonly deferred?: true;
  readonly limit: (LimitRef & { readonly ceiling: number; readonly settled: number; readonly held: number }) | null;
}

/** Whether a call may be sent. `id` is its number on the ledger, admitted or not. */
export type Decision =
  /** `quote` is what it holds: what was asked, or that at a lower bound. */
  | { readonly admitted: true; readonly id: number; readonly quote: Quote }
  | { readonly admitted: false; readonly id: number; readonly refusal: Refusal };

/**
 * The one place that decides whether a call may be sent. Check and hold are one step: for every limit that covers a
 * call, settled + held never passes its ceiling by an admission. Every admitted call must end in exactly one `settle`
 * or `void`; a second one changes nothing. No hold expires within a run, so that none of them comes too late.
 */
export interface Ledger {
  /** Whether the call would be admitted this instant, as it is. */
  fits(quote: Quote): boolean;
  /**
   * Admits, waits for calls in flight to settle (first come, first served), or refuses; at once where only deferred calls
   * hold the room. Aborting gives up the wait. A
   * call that can be lowered is, where it would be refused otherwise: at once to the most that may still come free, and
   * at the end of its wait to what is.
   */
  reserve(quote: Quote, abort?: Signal, lowering?: Lowering): Promise<Decision>;
  /** Records a call that another rule refuses (no price, no way to meter it). */
  refuse(call: RefusedCall, reason: RefusalReason): Decision;
  settle(id: number, outcome: Outcome): void;
  void(id: number, status: number): void;
  /**
   * The answer has come, but not the call's end: its work goes on, and it keeps its hold until a client asks what became
   * of it. A client may do that only after its next call, so no call waits for this hold.
   */
  defer(id: number): void;
  /** A client asks: calls may wait for the hold again. */
  resume(id: number): void;
  /** Admits nothing from now on; those who wait are refused. */
  stop(): void;
  snapshot(): Snapshot;
}
