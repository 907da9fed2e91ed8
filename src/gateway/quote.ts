import { knowsTier } from '../domain/rate.js';
import { METERS } from '../domain/usage.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import { askedWords } from '../meter/service-terms.js';
import { isFree } from '../meter/tool-prices.js';
import type { ArrivedCall, CallPrices, Price, QuotedCall } from './call-phases.js';
import { missingBound } from './output-bound.js';
import { inputBound } from './request-facts.js';
import type { Shared } from './shared.js';

/** What is known of a call when it is quoted: what it says of itself, and its prices. */
interface Known {
  readonly facts: RequestFacts;
  readonly prices: CallPrices;
}

/** Finds the most that a call can come to by what it asks for: its bounds, the units of its tools, and its price. */
export function quoteCall(shared: Pick<Shared, 'policy' | 'formats'>, call: ArrivedCall, known: Known): QuotedCall {
  const price = known.prices.of();
  const facts = withToolMeters(known.facts, price);
  return {
    ...call,
    facts,
    inputBound: inputBound(call, facts),
    outputBound: missingBound(shared.policy, call, facts),
    prices: known.prices,
    price,
    unpriced: unpricedPart(shared, call, price),
  };
}

/** Units that a call may use at most, those of its tools included. */
function withToolMeters(facts: RequestFacts, { meters }: Price): RequestFacts {
  if (Object.keys(meters).length === 0) return facts;
  const both = METERS.map((meter) => [meter, (facts.meters?.[meter] ?? 0) + (meters[meter] ?? 0)] as const);
  return { ...facts, meters: Object.fromEntries(both.filter(([, count]) => count > 0)) };
}

/** What has no known price, where the model has one. */
function unpricedPart(
  { formats }: Pick<Shared, 'formats'>,
  { body, request, asked: { tier } }: ArrivedCall,
  { card, unpriced }: Price,
): string | undefined {
  if (!card || isFree(card)) return undefined;
  const words = askedWords(formats, body.json, request.headers);
  if (card.source === 'table' && tier && !knowsTier(card, tier)) return `the service tier ${words.tier ?? tier}`;
  if (card.source === 'table' && words.place !== undefined) return `the region ${words.place}`;
  return unpriced;
}
