import type { CallFacts } from '../domain/call.js';
import { worstPriceOf, type RateCard } from '../domain/rate.js';
import type { Quote } from '../ledger/ledger.js';
import type { RequestFacts } from './dialects/dialect.js';

/** Tokens a call may use at most. */
export interface Bounds {
  readonly input: number;
  readonly output: number;
  /** Why they are no sound upper bound, where they are not. */
  readonly unbounded?: string;
  /** The output bound that is written into the request, in tokens. */
  readonly written?: number;
}

/**
 * The bounds of a request.
 * @param bytes size of its body: a token is at least one byte of it, and the formats' own overhead a message is less
 * than the JSON around it; what a provider adds beyond that is the request's `overhead`
 * @param reserve output tokens to hold where the request states no bound
 * @param writable the bound can be, and is to be, written into the request
 */
export function boundsOf(request: RequestFacts, bytes: number, reserve: number, writable: boolean): Bounds {
  const stated = request.outputBound;
  const open = stated === undefined && !writable;
  const unbounded = request.unbounded ?? (open ? 'no output bound' : undefined);
  return {
    input: bytes + (request.overhead ?? 0),
    output: Math.min((stated ?? reserve) * request.answers, Number.MAX_SAFE_INTEGER),
    ...(unbounded === undefined ? {} : { unbounded }),
    ...(stated === undefined && writable ? { written: reserve } : {}),
  };
}

/** The worst case of a call, priced at the dearest rates that it can reach; 0 where no rate is known. */
export function quoteOf(call: CallFacts, bounds: Bounds, card: RateCard | undefined): Quote {
  const { input, output, unbounded, written } = bounds;
  return {
    ...call,
    hold: { input, output, cost: card ? worstPriceOf(card, bounds) : 0 },
    rate: card?.source ?? 'none',
    ...(unbounded === undefined ? {} : { unbounded }),
    ...(written === undefined ? {} : { outputBound: written }),
  };
}
