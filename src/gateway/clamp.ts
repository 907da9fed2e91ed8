/** Which calls may be sent with a lower output bound than they ask for, and what is then written into them. */
import type { RateCard } from '../domain/rate.js';
import type { Lowering, Quote } from '../ledger/ledger.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import type { JsonObject } from '../lib/json.js';
import { leastBound, loweredMembers } from '../meter/lower-output-bound.js';
import { lowerBounds, quoteOf, type Bounds } from '../meter/quote.js';
import { pathOf } from '../meter/request-path.js';
import type { GatewayContext } from './context.js';
import { isSigned } from './headers.js';
import type { MeteredCall } from './metered.js';

/**
 * How a call can be lowered; undefined where the policy does not say so, where nothing bounds the call anyway, and
 * where the bound cannot be written: its format has no place for it, or a signature covers the body.
 */
export function loweringOf(
  { policy, raised }: Pick<GatewayContext, 'policy' | 'raised'>,
  call: MeteredCall,
  facts: RequestFacts,
  { quote, bounds, card }: { readonly quote: Quote; readonly bounds: Bounds; readonly card: RateCard | undefined },
): Lowering | undefined {
  const from = facts.outputBound ?? bounds.written;
  if (!policy.reserve.clamp || from === undefined || quote.unbounded !== undefined || isSigned(call.request))
    return undefined;
  // A server that did not keep to one bound will not keep to a lower one.
  if (raised.knows(quote, 'output')) return undefined;
  // What another server reads under a name of its own stays as it is, so that no lower bound would hold there.
  const [least, most] = [Math.max(leastBound(call.body.json), facts.otherBound ?? 0), from - 1];
  if (least > most || !boundMembers(call, facts, least)) return undefined;
  return { least, most, at: (bound) => quoteOf(quote, lowerBounds(bounds, facts, bound), card) };
}

/** The members that bound a call's output to so many tokens, in place of a bound that it states or where it has none. */
export function boundMembers(call: MeteredCall, facts: RequestFacts, tokens: number): JsonObject | undefined {
  const { dialect, target, body, request } = call;
  if (facts.outputBound !== undefined) return loweredMembers(dialect, body.whole, tokens, facts.repeated);
  return dialect.bound(tokens, target.provider, body.whole, pathOf(request.url ?? ''));
}
