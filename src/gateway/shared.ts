import type { Policy } from '../domain/policy.js';
import type { Signal } from '../lib/one-shot-signal.js';
import type { Ledger } from '../ledger/contract.js';
import type { RowUses } from '../ledger/rows.js';
import type { Counters } from '../meter/counter.js';
import type { Formats } from '../meter/dialects/formats.js';
import type { Providers } from '../providers/provider.js';
import type { BackgroundCalls } from './background.js';
import type { OpenCall, RateFinder } from './call-phases.js';
import type { Forwarder } from './forward.js';
import type { InFlight } from './in-flight.js';
import type { Learned, Notice } from './learned.js';

/** What a gateway is given once, and works with. */
export interface GatewayParts {
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
  readonly rateOf: RateFinder;
  /** The time of day. */
  readonly now: () => Date;
  readonly notice: Notice;
  /** Fires when the command is stopped at its budget, under `halt`. */
  readonly halted: Signal;
}

/** What all calls of a gateway share: what it was given, and what it finds out itself. */
export interface Shared extends GatewayParts {
  readonly learned: Learned;
  /** Calls whose work goes on at the provider. */
  readonly background: BackgroundCalls<OpenCall>;
  readonly inFlight: InFlight;
  /** Told of a call, by its number on the ledger, whose reply has been written, or whose client is gone. */
  readonly replied: (id: number) => void;
  /** How long the call of a client that went away may still take to state its usage, in ms. */
  readonly drainMs: number;
}
