import type { Signal } from '../lib/one-shot-signal.js';
import { NO_USAGE } from '../domain/usage.js';
import type { Outcome, Quote } from '../ledger/ledger.js';
import type { Dialect, RequestFacts } from '../meter/dialects/dialect.js';
import type { Terms } from '../domain/rate.js';
import type { ReadableBody } from './body.js';
import type { Incoming, Reply } from './message.js';
import type { Target } from './route.js';

/** A call on its way through the gateway. */
export interface MeteredCall {
  readonly request: Incoming;
  readonly response: Reply;
  readonly target: Target;
  /** When it came. */
  readonly at: Date;
  readonly dialect: Dialect;
  readonly body: ReadableBody;
  /** How it asks to be served, where that costs more. */
  readonly asked: Terms;
  /** Fires when the client is gone: it waits for no room any more. */
  readonly gone: Signal;
  /** Fires when, after that, the upstream had its time to finish and say what it bills. */
  readonly giveUp: Signal;
}

/** A call that was sent: nothing more is asked of its body. */
export type SentCall = Omit<MeteredCall, 'body'>;

/** An admitted call that waits for its settlement. */
export interface AdmittedCall {
  readonly quote: Quote;
  readonly id: number;
  readonly facts: RequestFacts;
  /** Usage was asked for on the client's behalf; what comes of it must not reach the client. */
  readonly strip: boolean;
}

/** What a call costs whose usage nobody can tell any more: all that was held for it. */
export function heldOutcome(quote: Quote, status = 0): Outcome {
  const { input, output, cost } = quote.hold;
  const told = quote.incomplete === undefined ? {} : { incomplete: quote.incomplete };
  return { status, usage: { ...NO_USAGE, input, output }, source: 'held', cost, ...told };
}
