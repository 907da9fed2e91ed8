import type { Signal } from '../lib/one-shot-signal.js';
import type { ArrivedCall } from './call-phases.js';

/** Constant and without a digit, as every message is that a program may print. */
const MESSAGE = 'token-budget: the run is being stopped at its budget. This answer was cut off. See the report';

/** How far an answer has been passed on. */
interface Passing {
  /** What has been passed on ends with a whole event. */
  readonly between: boolean;
  /** The answer is complete. */
  readonly done: boolean;
}

/** Watches for the stop of a run while an answer passes. */
export interface Interruption {
  /** A chunk is being read and passed on: nothing may come between. */
  busy(): void;
  /** All that was read has been passed on. */
  idle(): void;
  /** The answer is at its end. */
  over(): void;
}

/**
 * Ends a streamed answer with an error of its format where the run is stopped under `halt`, so that its program learns
 * why, instead of from a connection that breaks. An event that was sent in part is sent whole first. The upstream is
 * read on, as it is for a client that is gone.
 * @param readable the client gets the stream as text, of no length that was promised
 */
export function interruptible(
  halted: Signal,
  { dialect, target, response }: Pick<ArrivedCall, 'dialect' | 'target' | 'response'>,
  meter: Passing,
  readable: boolean,
): Interruption {
  const frame = readable ? dialect.interruption?.(MESSAGE, target.provider) : undefined;
  let busy = false;
  const check = () => {
    const between = !busy && meter.between && !meter.done;
    if (frame !== undefined && halted.fired && between && !response.writableEnded) response.end(frame);
  };
  if (frame !== undefined) halted.on(check);
  return {
    busy: () => {
      busy = true;
    },
    idle: () => {
      busy = false;
      check();
    },
    over: () => {
      halted.off(check);
    },
  };
}
