import { knowsTier } from '../domain/rate.js';
import { askedWords } from '../meter/service-terms.js';
import { isFree } from '../meter/tool-prices.js';
import type { ArrivedCall, Price, QuotedCall } from './call-phases.js';
import { missingBound } from './output-bound.js';
import { pricesOf, withToolMeters } from './price.js';
import { factsOf, inputBound } from './request-facts.js';
import type { Shared } from './shared.js';

/** Reads what a call asks for, and finds its prices. */
export function quoteCall(shared: Pick<Shared, 'policy' | 'rateOf'>, call: ArrivedCall): QuotedCall {
  const asked = factsOf(call);
  const prices = pricesOf(shared.rateOf, call, asked);
  const price = prices.of();
  const facts = withToolMeters(asked, price);
  return {
    ...call,
    facts,
    inputBound: inputBound(call, facts),
    outputBound: missingBound(shared, call, facts),
    prices,
    price,
    unpriced: unpricedPart(call, price),
  };
}

function unpricedPart({ body, request, asked: { tier } }: ArrivedCall, { card, unpriced }: Price): string | undefined {
  if (!card || isFree(card)) return undefined;
  const words = askedWords(body.json, request.headers);
  if (card.source === 'table' && tier && !knowsTier(card, tier)) return `the service tier ${words.tier ?? tier}`;
  if (card.source === 'table' && words.place !== undefined) return `the region ${words.place}`;
  return unpriced;
}
