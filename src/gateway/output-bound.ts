/** The bound on a call's output: where one is written into a request that states none, and where a lower one is. */
import type { Dimension } from '../domain/limit.js';
import type { Policy } from '../domain/policy.js';
import type { JsonObject } from '../lib/json.js';
import type { Lowering, Quote } from '../ledger/contract.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import { leastBound, loweredMembers } from '../meter/lower-output-bound.js';
import { boundToWrite, lowerBounds, quoteOf, type Bounds } from '../meter/quote.js';
import type { ArrivedCall, QuotedCall } from './call-phases.js';
import { isSigned } from './headers.js';

/** What a run has learned of servers that do not keep to a bound on a model's output. */
interface Bounded {
  passesOutputBounds(model: Pick<Quote, 'host' | 'model'>): boolean;
}

/** What a policy says of bounds. */
type Bounding = Pick<Policy, 'limits' | 'onExceed' | 'reserve'>;

/** Limits that an answer of unknown length could pass: only they make it necessary to bound one. */
const OUTPUT_DIMENSIONS = new Set<Dimension>(['tokens', 'output_tokens', 'cost_usd']);

/** The members that bound the output of a request which states no bound; undefined where none is to be written. */
export function missingBound(
  { limits, onExceed, reserve }: Bounding,
  call: ArrivedCall,
  facts: RequestFacts,
): JsonObject | undefined {
  if (facts.outputBound !== undefined || onExceed === 'warn' || isSigned(call.request)) return undefined;
  if (!limits.some((limit) => OUTPUT_DIMENSIONS.has(limit.dimension))) return undefined;
  return boundMembers(call, facts, boundToWrite(facts, reserve.outputTokens));
}

/**
 * How a call can be sent with a lower bound than it asks for; undefined where the policy does not say so, where nothing
 * bounds the call anyway, and where the bound cannot be written: its format has no place for it, or a signature covers
 * the body.
 */
export function loweringOf(
  { policy, learned }: { readonly policy: Bounding; readonly learned: Bounded },
  call: QuotedCall,
  { quote, bounds }: { readonly quote: Quote; readonly bounds: Bounds },
): Lowering | undefined {
  const { facts } = call;
  const from = facts.outputBound ?? bounds.written;
  if (!policy.reserve.clamp || from === undefined || quote.unbounded !== undefined || isSigned(call.request))
    return undefined;
  // A server that did not keep to one bound will not keep to a lower one.
  if (learned.passesOutputBounds(quote)) return undefined;
  // What another server reads under a name of its own stays as it is, so that no lower bound would hold there.
  const [least, most] = [Math.max(leastBound(call.body.json), facts.otherBound ?? 0), from - 1];
  if (least > most || !boundMembers(call, facts, least)) return undefined;
  return { least, most, at: (bound) => quoteOf(quote, lowerBounds(bounds, facts, bound), call.price.card) };
}

/** What is written into a call that was admitted so: the lower bound that it holds, or the one that it lacked. */
export function membersFor(call: QuotedCall, { loweredFrom, outputBound = 0 }: Quote): JsonObject {
  const lowered = loweredFrom === undefined ? undefined : boundMembers(call, call.facts, outputBound);
  return lowered ?? call.outputBound ?? {};
}

/** The members that bound a call's output to so many tokens, in place of a bound that it states or where it has none. */
function boundMembers(call: ArrivedCall, facts: RequestFacts, tokens: number): JsonObject | undefined {
  const { dialect, target, body, path } = call;
  if (facts.outputBound !== undefined) return loweredMembers(dialect, body.whole, tokens, facts.repeated);
  return dialect.bound(tokens, target.provider, body.whole, path);
}
