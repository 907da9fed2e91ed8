import { isUtf8 } from 'node:buffer';
import { coverageOf } from '../domain/limit.js';
import type { CacheWrites } from '../domain/usage.js';
import type { Decision, Quote, Refusal } from '../ledger/contract.js';
import type { EncodingName } from '../meter/counter.js';
import type { Added } from '../meter/dialects/dialect.js';
import { encodingsOf, overstated } from '../meter/exact-count.js';
import { boundsOf, quoteOf, type Bounds } from '../meter/quote.js';
import { placeTerms } from '../meter/service-terms.js';
import type { AdmittedCall, QuotedCall } from './call-phases.js';
import { purposeIn } from './headers.js';
import { loweringOf, membersFor } from './output-bound.js';
import { PARTS } from './raised-bounds.js';
import type { Shared } from './shared.js';

/** Whether a call may be sent, under its number on the ledger. */
export type Admission =
  | { readonly admitted: true; readonly call: AdmittedCall }
  | { readonly admitted: false; readonly id: number; readonly refusal: Refusal };

/**
 * Asks the ledger whether a call has room. What an answer taught of its model while it waited counts: a call that holds
 * too little by then has not been sent, and asks anew.
 */
export async function admitCall(shared: Shared, call: QuotedCall): Promise<Admission> {
  for (;;) {
    const { bounds, added } = boundsFor(shared, call);
    const decision = await decide(shared, call, bounds);
    if (!decision.admitted) return decision;
    const { id, quote } = decision;
    const now = boundsFor(shared, call).added;
    if (PARTS.every((part) => now[part] <= added[part])) {
      const facts = { ...call.facts, added };
      return { admitted: true, call: { ...call, facts, id, quote, members: membersFor(call, quote) } };
    }
    shared.ledger.void(id, 0);
  }
}

/** The most that a call can come to, by its request and by what this run has learned. */
function boundsFor(shared: Shared, call: QuotedCall): { readonly bounds: Bounds; readonly added: Added } {
  const { target, facts, unpriced, path } = call;
  const { name: host, provider } = target;
  const { learned, policy } = shared;
  const stated = call.price.card ? undefined : statedBound(shared, call);
  const tokens = boundsOf(facts, call.inputBound, policy.reserve.outputTokens, call.outputBound !== undefined);
  const added = learned.excess({ host, model: facts.model }, { ...tokens, cost: stated });
  const caches = writesNoMore(call);
  const bounds: Bounds = {
    terms: { ...placeTerms(provider, host, path), ...learned.termsAt(host), ...call.asked },
    ...tokens,
    ...{ input: tokens.input + added.input, output: tokens.output + added.output },
    ...(caches && { caches }),
    ...(stated !== undefined && { stated: stated + added.cost }),
    ...(unpriced !== undefined && { incomplete: `no price is known for ${unpriced}` }),
  };
  return { bounds, added };
}

/** What a call without a rate holds, where its answer will state what it cost; undefined where it will not. */
function statedBound({ policy }: Shared, { target, dialect }: QuotedCall): number | undefined {
  const states = policy.unpriced === 'stated' && target.provider.statesCost && dialect.statesCost;
  return states ? policy.unpricedBound : undefined;
}

/** What of its input a call may write to the cache, where that is sure: a proxy may ask for more than its client did. */
function writesNoMore({ target, facts: { caches } }: QuotedCall): CacheWrites | undefined {
  return target.name === target.owner?.cachesAsAskedAt ? caches : undefined;
}

async function decide(shared: Shared, call: QuotedCall, bounds: Bounds): Promise<Decision> {
  const { ledger } = shared;
  const { card } = call.price;
  const { provider, name: host } = call.target;
  const named = {
    ...{ provider: provider.name, host, model: call.facts.model, dialect: call.dialect.name },
    ...purposeIn(call.request),
  };
  const quote = quoteOf(named, bounds, card);
  const unpriced = refusedUnpriced(shared, call, quote);
  if (unpriced) return unpriced;
  if (ledger.fits(quote)) return ledger.reserve(quote, call.gone);
  const counted = await countedInput(shared, call, quote);
  const needed = { ...bounds, input: counted ?? bounds.input };
  const asked = { quote: quoteOf(quote, needed, card), bounds: needed };
  return ledger.reserve(asked.quote, call.gone, loweringOf(shared, call, asked));
}

/** The refusal of a call that a cost limit covers and that has a part without a known price; or a notice of it. */
function refusedUnpriced({ ledger, policy, notice }: Shared, call: QuotedCall, quote: Quote): Decision | undefined {
  const { card } = call.price;
  const part = card ? call.unpriced : quote.rate === 'none' ? quote.model : undefined;
  if (part === undefined) return undefined;
  if (!policy.limits.some((limit) => limit.dimension === 'cost_usd' && coverageOf(limit.scope)(quote)))
    return undefined;
  const refused = card ? { ...quote, unpriced: part } : quote;
  if (policy.unpriced !== 'warn' && policy.onExceed !== 'warn') return ledger.refuse(refused, 'unpriced');
  const whole = card ? `${part} of calls to ${quote.model}` : part;
  notice('unpriced', `no price is known for ${whole} at ${quote.provider}; it counts as 0 USD`);
  return undefined;
}

/**
 * The request's tokens by the tokenizer that its model is billed by, where that is known, the bound by bytes does not
 * fit, and the count might.
 */
async function countedInput(
  { policy, counters, ledger }: Shared,
  { target, body }: QuotedCall,
  quote: Quote,
): Promise<number | undefined> {
  const encodings = encodingsOf(target.provider, target.models?.get(quote.model.toLowerCase()) ?? quote.model);
  if (encodings.length === 0 || policy.onExceed === 'warn' || quote.unbounded !== undefined) return undefined;
  const without = { ...quote, hold: { ...quote.hold, input: 0, cost: 0 } };
  if (!policy.reserve.clamp && ledger.snapshot().inFlight === 0 && !ledger.fits(without)) return undefined;
  // What is not UTF-8 is read as characters of three bytes each, so that it would seem to have bytes that it has not.
  if (!isUtf8(Buffer.concat(body.decoded))) return undefined;
  const count = (name: EncodingName, text: string) => counters.count(name, text);
  const over = await overstated(body.whole, encodings, count).catch(() => 0);
  return quote.hold.input - over;
}
