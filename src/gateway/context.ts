import type { NoticeEntry } from '../domain/entry.js';
import type { Signal } from '../lib/one-shot-signal.js';
import type { Policy } from '../domain/policy.js';
import type { RateCard, Terms } from '../domain/rate.js';
import type { Ledger } from '../ledger/ledger.js';
import type { RowUses } from '../ledger/rows.js';
import type { Counters } from '../meter/counter.js';
import type { Formats } from '../meter/dialects/formats.js';
import type { Providers } from '../providers/lookup.js';
import type { BackgroundCalls } from './background.js';
import type { Forwarder } from './forward.js';
import type { Questions } from './questions.js';
import type { RaisedBounds } from './raised-bounds.js';

/** What the gateway works with: handed in once, shared by all its calls. */
export interface GatewayContext {
  readonly policy: Pick<
    Policy,
    'limits' | 'onExceed' | 'reserve' | 'unpriced' | 'unpricedBound' | 'counter' | 'metering'
  >;
  readonly ledger: Ledger;
  /** What the calls of each row have used. */
  readonly rows: Pick<RowUses, 'of' | 'broken'>;
  /** All that is known of providers. */
  readonly providers: Providers;
  /** All wire formats that are read. */
  readonly formats: Formats;
  readonly counters: Pick<Counters, 'count'>;
  readonly forwarder: Forwarder;
  /** The rates of a model at a moment; the answer's own name for it, where known, says more than the request's. */
  readonly rateOf: (
    provider: string,
    requested: string,
    answered: string | undefined,
    at: Date,
  ) => RateCard | undefined;
  /** The time of day. */
  readonly now: () => Date;
  /** Says something to the report's reader, once for each text. */
  readonly notice: (code: NoticeEntry['code'], text: string) => void;
  /** Whom to ask for the usage of a stream. */
  readonly questions: Questions;
  /** The dearest terms that a host answered at though its request named none: a project may have them as its default. */
  readonly terms: Map<string, Terms>;
  /** What this run has learned of bounds that did not hold. */
  readonly raised: RaisedBounds;
  /** Calls whose work goes on at the provider. */
  readonly background: BackgroundCalls;
  /** Fires when the command is stopped at its budget, under `halt`. */
  readonly halted: Signal;
  /** How long the call of a client that went away may still take to state its usage, in ms. */
  readonly drainMs: number;
}
