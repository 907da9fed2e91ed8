import { coverageOf, type Dimension } from '../domain/limit.js';
import type { RateCard } from '../domain/rate.js';
import type { Decision, Quote } from '../ledger/ledger.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import type { JsonObject } from '../meter/json.js';
import { pathOf } from '../meter/classify.js';
import { placeTerms } from '../meter/terms.js';
import { boundsOf, quoteOf, type Bounds } from '../meter/quote.js';
import { boundMembers, loweringOf } from './clamp.js';
import type { GatewayContext } from './context.js';
import { rateOfCall } from './rate.js';
import { isSigned } from './headers.js';
import { purposeIn } from './purpose.js';
import { sendProblem, sendRefusal } from './refusal.js';
import { heldOutcome, type MeteredCall } from './metered.js';
import { relayAnswer } from './relay.js';
import { sendCall } from './send.js';

/** Limits that an answer of unknown length could pass: only they make it necessary to bound one. */
const OUTPUT_DIMENSIONS = new Set<Dimension>(['tokens', 'output_tokens', 'cost_usd']);

/**
 * Takes one call from quote to settlement: price its worst case, reserve, forward, meter, settle. A refused call sends
 * no byte upstream; an admitted one ends in exactly one settle or void, whatever breaks.
 */
export async function meterCall(context: GatewayContext, call: MeteredCall): Promise<void> {
  const { target, dialect, body, response } = call;
  const read = dialect.longTexts ? body.whole : body.json;
  const facts = dialect.read(read, pathOf(call.request.url ?? ''), call.request.headers);
  const card = rateOfCall(context, call, facts.model);
  const members = outputBound(context, call, facts);
  const place = placeTerms(target.provider, target.name);
  const terms = { ...place, ...context.terms.get(target.name), ...call.asked };
  const tokens = boundsOf(facts, body.bytes, context.policy.reserve.outputTokens, members !== undefined);
  const bounds = { terms, ...tokens };
  const { provider, name: host } = target;
  const named = { provider, host, model: facts.model, dialect: dialect.name, ...purposeIn(call.request) };
  const quote = quoteOf(named, bounds, card);
  const decision = await admit(context, call, facts, { quote, bounds, card });
  if (!decision.admitted) {
    sendRefusal(response, dialect, target.provider, decision.refusal);
    return;
  }
  // What it holds may be less than was asked, by our own count of its input or a lower output bound.
  const { id, quote: held } = decision;
  const lowered = held.loweredFrom === undefined ? undefined : boundMembers(call, facts, held.outputBound ?? 0);
  try {
    if (call.gone.fired) context.ledger.void(id, 0);
    else await forward(context, call, facts, held, id, lowered ?? members ?? {});
  } finally {
    // Changes nothing where the call has ended, as it always should have but where its work goes on.
    if (!context.background.has(id)) context.ledger.settle(id, heldOutcome(held));
  }
}

async function admit(
  context: GatewayContext,
  call: MeteredCall,
  facts: RequestFacts,
  { quote, bounds, card }: { readonly quote: Quote; readonly bounds: Bounds; readonly card: RateCard | undefined },
): Promise<Decision> {
  const { ledger, policy, notice } = context;
  if (!card && policy.limits.some((limit) => limit.dimension === 'cost_usd' && coverageOf(limit.scope)(quote))) {
    if (policy.unpriced === 'refuse' && policy.onExceed !== 'warn') return ledger.refuse(quote, 'unpriced');
    notice('unpriced', `no price is known for ${quote.model} at ${quote.provider}; it counts as free of charge`);
  }
  if (ledger.fits(quote)) return ledger.reserve(quote, call.gone);
  const counted = await countedInput(context, call, quote, facts.overhead ?? 0);
  const needed = { ...bounds, input: counted ?? bounds.input };
  const asked = { quote: quoteOf(quote, needed, card), bounds: needed, card };
  return ledger.reserve(asked.quote, call.gone, loweringOf(context, call, facts, asked));
}

/**
 * The request's tokens by our own count, where the bound by bytes does not fit but the count might. Tokenizers differ:
 * OpenAI's own count is exact, Anthropic's newer ones give up to 60 % more, others stay within half as much again.
 */
async function countedInput(context: GatewayContext, call: MeteredCall, quote: Quote, overhead: number) {
  const { policy, counter, ledger } = context;
  if (policy.counter === 'whitespace' || policy.onExceed === 'warn' || quote.unbounded !== undefined) return undefined;
  const without = { ...quote, hold: { ...quote.hold, input: 0, cost: 0 } };
  if (!policy.reserve.clamp && ledger.snapshot().inFlight === 0 && !ledger.fits(without)) return undefined;
  const factor = quote.provider === 'openai' || quote.provider === 'azure' ? 1 : 1.6;
  const count = await counter.count(call.body.text).catch(() => undefined);
  return count === undefined ? undefined : Math.min(quote.hold.input, Math.ceil(count * factor) + overhead);
}

/** The members that bound the output of a request which states no bound; undefined where none is to be written. */
function outputBound(context: GatewayContext, call: MeteredCall, facts: RequestFacts): JsonObject | undefined {
  const { limits, onExceed, reserve } = context.policy;
  if (facts.outputBound !== undefined || onExceed === 'warn' || isSigned(call.request)) return undefined;
  if (!limits.some((limit) => OUTPUT_DIMENSIONS.has(limit.dimension))) return undefined;
  return boundMembers(call, facts, reserve.outputTokens);
}

async function forward(
  context: GatewayContext,
  call: MeteredCall,
  facts: RequestFacts,
  quote: Quote,
  id: number,
  bound: JsonObject,
): Promise<void> {
  const { target, response } = call;
  const result = await sendCall(context, call, { quote, id, facts }, bound);
  if ('answer' in result) {
    const sent = { quote, id: result.id, facts, strip: result.strip };
    await relayAnswer(context, call, sent, result.answer);
    return;
  }
  if (result.sent) context.ledger.settle(result.id, heldOutcome(quote));
  else context.ledger.void(result.id, 0);
  sendProblem(response, 502, `the upstream ${target.name} could not be reached: ${result.error.message}`);
}
