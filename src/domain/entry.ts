import type { CallFacts, Phase, RefusalReason } from './call.js';
import type { LimitRef, Dimension, OnExceed } from './limit.js';
import type { StatedEval } from './mlflow.js';
import type { NanoUsd } from './money.js';
import type { PriceSource } from './rate.js';
import type { Usage, UsageSource } from './usage.js';

/**
 * What the journal holds, one entry a line. A run's totals and its report are a fold over these and nothing else, so
 * that a report built after a crash equals the one built at the end. Counts, prices and names only: there is no field
 * that could hold a prompt, an answer or a key. `ms` is milliseconds since the `open` entry, by a monotonic clock.
 */
export type Entry =
  OpenEntry | ReserveEntry | SettleEntry | VoidEntry | RefuseEntry | NoticeEntry | EvalEntry | CloseEntry;

/** The first line: what the run is held to. */
export interface OpenEntry {
  readonly event: 'open';
  readonly version: 1;
  /** Version of the tool. */
  readonly tool: string;
  /** Wall clock at the start, ISO 8601 UTC. */
  readonly at: string;
  readonly policy: { readonly file: string; readonly hash: string };
  readonly onExceed: OnExceed;
  /** Part of a ceiling, 0 to 1, at which a warning is due. */
  readonly warnAt: number;
  readonly limits: readonly LimitEntry[];
  /** The command with key-shaped words masked. */
  readonly argv: readonly string[];
  readonly prices: { readonly source: string; readonly date: string };
}

export interface LimitEntry extends LimitRef {
  /** Tokens, calls, or nano-USD for `cost_usd`. */
  readonly ceiling: number;
  /** `file:line:column`. */
  readonly at: string;
}

/** A call was admitted; from here on it costs its hold until a settle or a void says otherwise. */
export interface ReserveEntry extends CallFacts {
  readonly event: 'reserve';
  readonly id: number;
  readonly ms: number;
  readonly hold: { readonly input: number; readonly output: number; readonly cost: NanoUsd };
  /** Why the hold is not a sound upper bound: the ceiling is best-effort for this call. */
  readonly unbounded?: string;
  /** What it asks for that has no known price; its cost lacks that. */
  readonly incomplete?: string;
  /** The output bound that was written into the request, in tokens: it stated none, or a higher one. */
  readonly outputBound?: number;
  /** What that bound was lowered from, to what was left of a limit: the request's own, or the policy's reserve. */
  readonly loweredFrom?: number;
  /** Where its rate comes from; `none` where the model has no known rate. */
  readonly rate: PriceSource;
  /** How long it waited for holds to settle, in ms, where it did. */
  readonly waited?: number;
}

export interface SettleEntry {
  readonly event: 'settle';
  readonly id: number;
  readonly ms: number;
  /** HTTP status of the answer; 0 where none came. */
  readonly status: number;
  /** The model that answered, where the response names another than the request. */
  readonly model?: string;
  readonly usage: Usage;
  readonly source: UsageSource;
  readonly cost: NanoUsd;
  /** Where the price came from, where that is not what the reserve says: `reported` by the provider itself, for one. */
  readonly rate?: PriceSource;
  /** Why the cost leaves a part out, where it does: a short reason in words of the tool's own. */
  readonly incomplete?: string;
}

/** The provider did no billable work: an error answer, or nothing was sent. */
export interface VoidEntry {
  readonly event: 'void';
  readonly id: number;
  readonly ms: number;
  /** HTTP status of the answer; 0 where the upstream could not be reached. */
  readonly status: number;
}

/** A call that was never sent. */
export interface RefuseEntry {
  readonly event: 'refuse';
  readonly id: number;
  readonly ms: number;
  readonly provider: string;
  readonly host: string;
  readonly model: string;
  /** As in a reservation. */
  readonly row?: string;
  readonly phase?: Phase;
  readonly dialect: string | null;
  readonly reason: RefusalReason;
  /** Under `unpriced`, what has no known price where that is not the model: a tool, a service tier, a region. */
  readonly unpriced?: string;
  /** Under `held`: what held the room were deferred calls, whose results nobody had asked for yet. */
  readonly deferred?: true;
  /** The limit that did not fit, where one did not. */
  readonly limit: LimitRef | null;
  /** What the call would have held. */
  readonly hold: { readonly input: number; readonly output: number; readonly cost: NanoUsd };
  readonly waited?: number;
}

/** Something a reader of the report should know, once a run each. */
export interface NoticeEntry {
  readonly event: 'notice';
  readonly ms: number;
  readonly code:
    | 'warn_at'
    | 'exceeded'
    | 'unmetered'
    | 'unseen'
    | 'unpriced'
    | 'uncovered'
    | 'tier'
    | 'above_hold'
    | 'keys'
    | 'journal'
    | 'halted';
  /** The limit concerned, for `warn_at` and `exceeded`. */
  readonly limit?: { readonly dimension: Dimension; readonly scope: string };
  readonly text: string;
}

/**
 * What an evaluation of MLflow's says of itself at its end. It is the command's own word: kept to be set beside what was
 * metered, never to decide.
 */
export interface EvalEntry extends StatedEval {
  readonly event: 'eval';
  readonly ms: number;
}

/** The last line: how the command ended. A journal without it was cut short. */
export interface CloseEntry {
  readonly event: 'close';
  readonly ms: number;
  /** The command's own status; null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}
