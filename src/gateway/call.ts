import { isUtf8 } from 'node:buffer';
import { coverageOf, type Dimension } from '../domain/limit.js';
import type { CacheWrites } from '../domain/rate.js';
import type { Decision, Quote } from '../ledger/ledger.js';
import type { Added, RequestFacts } from '../meter/dialects/dialect.js';
import type { JsonObject } from '../lib/json.js';
import { pathOf } from '../meter/classify.js';
import { placeTerms } from '../meter/service-terms.js';
import { boundsOf, boundToWrite, quoteOf, type Bounds } from '../meter/quote.js';
import { bytesRuleOf, mostInput } from '../meter/bytes-rule.js';
import type { EncodingName } from '../meter/counter.js';
import { encodingsOf, overstated } from '../meter/exact-count.js';
import { dearestReading } from '../meter/repeated-members.js';
import { bringsTools } from '../meter/tools-in.js';
import { statesCost } from '../meter/stated.js';
import { boundMembers, loweringOf } from './clamp.js';
import type { GatewayContext } from './context.js';
import { pricedCall, unpricedPart, withToolMeters, type PricedCall } from './priced.js';
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
  const { target, dialect, response } = call;
  const asked = factsOf(call);
  const priced = pricedCall(context, call, asked);
  const facts = withToolMeters(asked, priced.tools);
  const members = outputBound(context, call, facts);
  const decision = await admitted(context, call, {
    facts,
    priced,
    input: inputBound(call, facts),
    written: members !== undefined,
  });
  if (!decision.admitted) {
    sendRefusal(response, dialect, target.provider, decision.refusal);
    return;
  }
  // What it holds may be less than was asked, by our own count of its input or a lower output bound.
  const { id, quote: held } = decision;
  const lowered = held.loweredFrom === undefined ? undefined : boundMembers(call, facts, held.outputBound ?? 0);
  try {
    if (call.gone.fired) context.ledger.void(id, 0);
    else await forward(context, call, { ...facts, added: decision.added }, held, id, lowered ?? members ?? {});
  } finally {
    // Changes nothing where the call has ended, as it always should have but where its work goes on.
    if (!context.background.has(id)) context.ledger.settle(id, heldOutcome(held));
  }
}

interface Wanted {
  readonly facts: RequestFacts;
  readonly priced: PricedCall;
  /** Most tokens of its input, by the rule of its model's maker. */
  readonly input: number;
  /** A bound on its output is written into it. */
  readonly written: boolean;
}

/** A decision, and what was added to the bounds that it was made by. */
type Admission = Decision & { readonly added: Added };

const PARTS = ['input', 'output', 'cost'] as const;

/**
 * Whether a call has room. What an answer taught of its model while it waited counts: a call that holds too little by then
 * has not been sent, and asks anew.
 */
async function admitted(context: GatewayContext, call: MeteredCall, wanted: Wanted): Promise<Admission> {
  for (;;) {
    const { bounds, added } = boundsFor(context, call, wanted);
    const decision = await admit(context, call, wanted, bounds);
    const now = boundsFor(context, call, wanted).added;
    if (!decision.admitted || PARTS.every((part) => now[part] <= added[part])) return { ...decision, added };
    context.ledger.void(decision.id, 0);
  }
}

/** The most that a call can come to, by its request and by what this run has learned. */
function boundsFor(context: GatewayContext, call: MeteredCall, { facts, priced, input, written }: Wanted) {
  const { target, request } = call;
  const { name: host, provider } = target;
  const place = placeTerms(provider, host, pathOf(request.url ?? ''));
  const unpriced = unpricedPart(call, priced);
  const stated = priced.card ? undefined : statedBound(context, call);
  const tokens = boundsOf(facts, input, context.policy.reserve.outputTokens, written);
  const model = { host, model: facts.model };
  const added = {
    input: context.raised.excess(model, 'input', tokens.input),
    output: context.raised.excess(model, 'output', tokens.output),
    cost: stated === undefined ? 0 : context.raised.excess(model, 'cost', stated),
  };
  const caches = writesNoMore(call, facts);
  const bounds: Bounds = {
    terms: { ...place, ...context.terms.get(host), ...call.asked },
    ...tokens,
    ...{ input: tokens.input + added.input, output: tokens.output + added.output },
    ...(caches && { caches }),
    ...(stated !== undefined && { stated: stated + added.cost }),
    ...(unpriced !== undefined && { incomplete: `no price is known for ${unpriced}` }),
  };
  return { bounds, added };
}

/** What a request says, read as the dearest reader would. */
function factsOf({ target, dialect, body, request }: MeteredCall): RequestFacts {
  const parsed = dialect.longTexts ? body.whole : body.json;
  const reading = dearestReading(dialect.longTexts ? body.text : body.outline, parsed);
  const facts = dialect.read(reading.body, pathOf(request.url ?? ''), request.headers);
  const unclear = reading.unclear ? 'a member that is stated twice' : unknownName(target.provider, facts);
  const repeated = Object.keys(parsed).filter((name) => reading.body[name] !== parsed[name]);
  return {
    ...facts,
    ...(repeated.length > 0 && { repeated: new Set(repeated) }),
    ...(unclear !== undefined && { unbounded: facts.unbounded ?? unclear }),
  };
}

/**
 * Providers that know OpenAI's newer name for the bound. Ollama and LM Studio do not, llama.cpp does since 2026-02 and
 * what others made of it later or never (ollama/ollama#14464, ggml-org/llama.cpp#19831, abetlen/llama-cpp-python#1907,
 * ikawrakow/ik_llama.cpp#2321, read 2026-11-28): they write on without any bound.
 */
const KNOW_NEWER_NAME = new Set([
  ...['openai', 'azure', 'github-models', 'groq', 'x-ai', 'cerebras', 'openrouter', 'google', 'mistral', 'aws'],
]);

function unknownName(provider: string, { newerName }: RequestFacts): string | undefined {
  return newerName && !KNOW_NEWER_NAME.has(provider) ? 'an output bound by a name that some servers ignore' : undefined;
}

/** Most tokens of a call's input, by the bytes of its request. */
function inputBound({ target, dialect, body }: MeteredCall, { model }: RequestFacts): number {
  const rule = bytesRuleOf(target.provider, target.models?.get(model.toLowerCase()) ?? model, dialect.name);
  return mostInput(rule, body.decoded, bringsTools(body.json));
}

/** What of its input a call may write to the cache, where that is sure: a proxy may ask for more than its client did. */
function writesNoMore({ target }: MeteredCall, { caches }: RequestFacts): CacheWrites | undefined {
  return target.name === ANTHROPIC ? caches : undefined;
}

const ANTHROPIC = 'api.anthropic.com';

async function admit(
  context: GatewayContext,
  call: MeteredCall,
  { facts, priced }: Wanted,
  bounds: Bounds,
): Promise<Decision> {
  const { ledger, policy, notice } = context;
  const { card } = priced;
  const { provider, name: host } = call.target;
  const named = { provider, host, model: facts.model, dialect: call.dialect.name, ...purposeIn(call.request) };
  const quote = quoteOf(named, bounds, card);
  const part = card ? unpricedPart(call, priced) : quote.rate === 'none' ? quote.model : undefined;
  if (
    part !== undefined &&
    policy.limits.some((limit) => limit.dimension === 'cost_usd' && coverageOf(limit.scope)(quote))
  ) {
    const refused = card ? { ...quote, unpriced: part } : quote;
    if (policy.unpriced !== 'warn' && policy.onExceed !== 'warn') return ledger.refuse(refused, 'unpriced');
    const whole = card ? `${part} of calls to ${quote.model}` : part;
    notice('unpriced', `no price is known for ${whole} at ${quote.provider}; it counts as 0 USD`);
  }
  if (ledger.fits(quote)) return ledger.reserve(quote, call.gone);
  const counted = await countedInput(context, call, quote);
  const needed = { ...bounds, input: counted ?? bounds.input };
  const asked = { quote: quoteOf(quote, needed, card), bounds: needed, card };
  return ledger.reserve(asked.quote, call.gone, loweringOf(context, call, facts, asked));
}

/** What a call without a rate holds, where its answer will state what it cost; undefined where it will not. */
function statedBound({ policy }: GatewayContext, { target, dialect }: MeteredCall): number | undefined {
  const states = policy.unpriced === 'stated' && statesCost(target.provider, dialect.name);
  return states ? policy.unpricedBound : undefined;
}

/**
 * The request's tokens by the tokenizer that its model is billed by, where that is known, the bound by bytes does not
 * fit, and the count might.
 */
async function countedInput(context: GatewayContext, call: MeteredCall, quote: Quote): Promise<number | undefined> {
  const { policy, counters, ledger } = context;
  const encodings = encodingsOf(quote.provider, call.target.models?.get(quote.model.toLowerCase()) ?? quote.model);
  if (encodings.length === 0 || policy.onExceed === 'warn' || quote.unbounded !== undefined) return undefined;
  const without = { ...quote, hold: { ...quote.hold, input: 0, cost: 0 } };
  if (!policy.reserve.clamp && ledger.snapshot().inFlight === 0 && !ledger.fits(without)) return undefined;
  // What is no UTF-8 is read as characters of three bytes each, so that it would seem to have bytes that it has not.
  if (!isUtf8(Buffer.concat(call.body.decoded))) return undefined;
  const count = (name: EncodingName, text: string) => counters.count(name, text);
  const over = await overstated(call.body.whole, encodings, count).catch(() => 0);
  return quote.hold.input - over;
}

/** The members that bound the output of a request which states no bound; undefined where none is to be written. */
function outputBound(context: GatewayContext, call: MeteredCall, facts: RequestFacts): JsonObject | undefined {
  const { limits, onExceed, reserve } = context.policy;
  if (facts.outputBound !== undefined || onExceed === 'warn' || isSigned(call.request)) return undefined;
  if (!limits.some((limit) => OUTPUT_DIMENSIONS.has(limit.dimension))) return undefined;
  return boundMembers(call, facts, boundToWrite(facts, reserve.outputTokens));
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
