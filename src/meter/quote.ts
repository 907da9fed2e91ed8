import { purposeOf, type CallFacts } from '../domain/call.js';
import { knowsTier, worstPriceOf, type RateCard, type Terms } from '../domain/rate.js';
import type { CacheWrites, Meters } from '../domain/usage.js';
import type { Quote } from '../ledger/contract.js';
import type { RequestFacts } from './dialects/dialect.js';

/** Tokens a call may use at most. */
export interface Bounds {
  readonly input: number;
  readonly output: number;
  /** Why they are not a sound upper bound, where they are not. */
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
  /** What of its input it may write to the provider's cache. */
  readonly caches?: CacheWrites | undefined;
  /** Nano-USD to hold where no rate is known and the answer is to state what it cost. */
  readonly stated?: number;
}

/**
 * The bounds of a request.
 * @param input most tokens of its input, by the rule of its model's maker; the request's own `overhead` comes on top
 * @param reserve output tokens to hold where the request states no bound
 * @param writable the bound can be, and is to be, written into the request
 */
export function boundsOf(request: RequestFacts, input: number, reserve: number, writable: boolean): Bounds {
  const written = request.outputBound === undefined && writable ? boundToWrite(request, reserve) : undefined;
  const stated = request.outputBound === 0 ? undefined : request.outputBound;
  const output = stated ?? written ?? boundToWrite(request, reserve);
  const unbounded = request.unbounded ?? openOutput(request, writable);
  return {
    input: input + (request.overhead ?? 0),
    output: Math.min((isNothing(request) ? 0 : output) * request.answers, Number.MAX_SAFE_INTEGER),
    ...(unbounded === undefined ? {} : { unbounded }),
    ...(written === undefined ? {} : { written }),
    ...(request.meters && { meters: request.meters }),
  };
}

/** The bound to write into a request that states none: no lower than one that it states in another server's words. */
export function boundToWrite({ otherBound = 0 }: RequestFacts, reserve: number): number {
  return Math.max(reserve, otherBound);
}

function isNothing({ outputBound, zero }: RequestFacts): boolean {
  return outputBound === 0 && zero !== true;
}

/** Why nothing bounds the output, where nothing does. */
function openOutput({ outputBound, zero, endless }: RequestFacts, writable: boolean): string | undefined {
  if (endless) return 'an output bound that means none at some servers';
  if (outputBound === 0 && zero) return 'an output bound of 0, which means none at some servers';
  return outputBound === undefined && !writable ? 'no output bound' : undefined;
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
    hold: { input, output, cost: card ? worstPriceOf(card, reach) : (bounds.stated ?? 0) },
    rate: card?.source ?? (bounds.stated === undefined ? 'none' : 'reported'),
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
  if (card.varies !== undefined) return card.varies;
  if (tier && !knowsTier(card, tier)) return 'a service tier without a known price';
  const byTokens = card.input > 0 || card.output > 0;
  return card.fees && !byTokens && !meters ? 'billed by other units than tokens' : undefined;
}
