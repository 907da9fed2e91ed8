import { purposeOf, type CallFacts } from '../domain/call.js';
import { knowsTier, worstPriceOf, type RateCard, type Terms } from '../domain/rate.js';
import type { Meters } from '../domain/usage.js';
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
  /** The higher one in whose place it stands, where it was lowered to what is left. */
  readonly loweredFrom?: number;
  /** Most units beside the token. */
  readonly meters?: Meters;
  /** What the call asks for that has no known price, and that its cost will lack. */
  readonly incomplete?: string;
  /** The dearest way in which it may be served. */
  readonly terms?: Terms;
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
    ...(request.meters && { meters: request.meters }),
  };
}

/** The bounds of a request for whose own output bound, or that of the policy, a lower one is written into it. */
export function lowerBounds(bounds: Bounds, request: RequestFacts, bound: number): Bounds {
  const from = request.outputBound ?? bounds.written ?? bound;
  return { ...bounds, output: bound * request.answers, written: bound, loweredFrom: from };
}

/**
 * The worst case of a call, priced at the dearest rates that it can reach; 0 where no rate is known. What a call without
 * sound bounds may send is not known, so that sound and pictures count as reached.
 */
export function quoteOf(call: CallFacts, bounds: Bounds, card: RateCard | undefined): Quote {
  const { input, output, written, loweredFrom } = bounds;
  const unbounded = bounds.unbounded ?? unknownPrice(card, bounds);
  const reach = { media: bounds.unbounded !== undefined, ...bounds };
  const { provider, host, model, dialect } = call;
  return {
    provider,
    host,
    model,
    dialect,
    hold: { input, output, cost: card ? worstPriceOf(card, reach) : 0 },
    rate: card?.source ?? 'none',
    ...purposeOf(call),
    ...(unbounded === undefined ? {} : { unbounded }),
    ...(bounds.incomplete === undefined ? {} : { incomplete: bounds.incomplete }),
    ...(written === undefined ? {} : { outputBound: written }),
    ...(loweredFrom === undefined ? {} : { loweredFrom }),
  };
}

/** Why the hold says less than the call may cost, though its tokens are bounded. */
function unknownPrice(card: RateCard | undefined, { terms: { tier } = {}, meters }: Bounds): string | undefined {
  if (!card) return undefined;
  if (tier && !knowsTier(card, tier)) return 'a service tier without a known price';
  const byTokens = card.input > 0 || card.output > 0;
  return card.fees && !byTokens && !meters ? 'billed by other units than tokens' : undefined;
}
