/** What a call comes to once its answer is known: by the provider's count, by our own, at the price it was served at. */
import { chargeOf, knowsTier, type RateCard, type Terms } from '../domain/rate.js';
import { isDear } from '../domain/tier.js';
import { sumOfUsages, usageOf, type Usage } from '../domain/usage.js';
import type { Outcome, Quote } from '../ledger/ledger.js';
import type { AnswerMeter } from '../meter/answer.js';
import type { Reported, RequestFacts } from '../meter/dialects/dialect.js';
import { answerText } from '../meter/answer-text.js';
import { pathOf } from '../meter/classify.js';
import { placeTerms } from '../meter/service-terms.js';
import { billedMeters, type ToolPrices } from '../meter/tool-prices.js';
import { chargeOfAnswer, type Charged } from './charge.js';
import type { GatewayContext } from './context.js';
import { heldOutcome, type AdmittedCall, type SentCall } from './metered.js';
import { missingPart, pricedCall, withStatedFees } from './priced.js';
import type { Part } from './raised-bounds.js';

/** What an answer's own count comes to; undefined where it states none, or less than a whole one. */
export function reportedOutcome(
  context: GatewayContext,
  call: SentCall,
  { quote, facts }: AdmittedCall,
  meter: AnswerMeter,
  status: number,
): Outcome | undefined {
  const { reported } = meter;
  if (!reported || reported.inputUnknown || reported.undivided || isSilent(reported, facts, meter)) return undefined;
  const { usage, model } = reported;
  const { card, tools } = pricedCall(context, call, facts, model);
  const named = model === undefined || model === facts.model ? {} : { model };
  const served = servedAs(usage, call, facts, tools);
  noteTerms(context, call, card, usage);
  const fitting = card && cardFor(card, call, model ?? facts.model, served);
  const charge = chargeOfAnswer(context, call, { facts, reported }, fitting, served);
  noteExcess(context, quote, facts, { ...usage, cost: charge.cost });
  const told = { status, ...named, source: 'reported' as const };
  const all = reported.imageTool ? sumOfUsages(served, [reported.imageTool.usage]) : served;
  if (charge.rate === 'reported' || !fitting) return { ...told, usage: all, ...chargedAs(quote, charge) };
  const incomplete = charge.incomplete ?? missingPart(fitting, served, tools) ?? reported.untold ?? quote.incomplete;
  // Units alone that no price is known for: the answer cost something, and at most what was held for it.
  const isBare = charge.cost === 0 && all.input + all.output === 0 && incomplete !== undefined;
  if (isBare) return { ...heldOutcome(quote, status), ...named, incomplete };
  return { ...told, usage: all, ...chargedAs(quote, charge), ...(incomplete !== undefined && { incomplete }) };
}

/** Usage as the provider bills it: where it served the call, and which units its tools are billed by. */
export function servedAs(usage: Usage, call: SentCall, { tools = [] }: RequestFacts, prices: ToolPrices): Usage {
  const place = unstatedTerms(call);
  const meters = billedMeters(usage.meters, tools, prices.always);
  return usageOf({ ...usage, ...place, meters });
}

/** The rates for an answer's units. Pictures that are stated in tokens are not billed each. */
function cardFor(card: RateCard, call: SentCall, model: string, { meters, output }: Usage): RateCard {
  const known = withStatedFees(card, call, model, meters);
  if (output === 0 || known.imageOut === undefined || known.fees?.images === undefined) return known;
  return { ...known, fees: { ...known.fees, images: 0 } };
}

/** Whether it states that nothing was generated, beside something that was. */
function isSilent({ usage }: Reported, facts: RequestFacts, meter: AnswerMeter): boolean {
  if (usage.output > 0 || usage.meters !== undefined || facts.outputBound === 0) return false;
  return answerText(meter.texts() ?? []) !== '';
}

/** A tier that the request did not name is its project's own: the next call there may get it too. */
function noteTerms(context: GatewayContext, call: SentCall, card: RateCard | undefined, usage: Usage): void {
  const { tier, regional } = usage;
  const { name } = call.target;
  const { asked } = call;
  const unasked = { ...(isDear(tier) && !asked.tier && { tier }), ...(regional && !asked.regional && { regional }) };
  if (unasked.tier || unasked.regional) context.terms.set(name, { ...context.terms.get(name), ...unasked });
  if (!tier || card?.source !== 'table' || knowsTier(card, tier)) return;
  context.notice(
    'tier',
    `no price is known for the service tier (${tier}) of answers from ${name}; the highest known price was charged`,
  );
}

/** A bound was wrong: later calls to the model hold more, and the report says so. */
function noteExcess(
  { raised, notice }: GatewayContext,
  quote: Quote,
  { added = { input: 0, output: 0, cost: 0 }, newerName }: RequestFacts,
  billed: Readonly<Record<Part, number>>,
): void {
  const { unbounded, hold, model, host, rate } = quote;
  const mayLearn: Readonly<Record<Part, boolean>> = {
    input: unbounded === undefined,
    // A server that does not know the name of a bound bounds nothing, and shows it by that.
    output: unbounded === undefined || newerName === true,
    cost: rate === 'reported',
  };
  for (const part of PARTS) {
    if (!mayLearn[part] || !raised.learn(quote, part, { held: hold[part], added: added[part] }, billed[part])) continue;
    notice('above_hold', `${model} at ${host} ${EXCESS[part]}; its calls now reserve more`);
  }
}

const PARTS = ['input', 'output', 'cost'] as const;
const EXCESS: Readonly<Record<Part, string>> = {
  input: 'was billed more input than its request could be told to have',
  output: 'was billed more output than its request allows',
  cost: 'cost more than `unpriced` holds for a call',
};

/** How a call was served by its host and its request, where its answer need not say so. */
function unstatedTerms({ target, asked, request }: SentCall): Terms {
  const place = placeTerms(target.provider, target.name, pathOf(request.url ?? ''));
  return { ...place, ...(asked.longCache && { longCache: true }) };
}

/** The cost, and where its price is from where that is not what the call was admitted at. */
export function chargedAs(quote: Quote, { cost, rate }: Charged): Pick<Outcome, 'cost' | 'rate'> {
  // Admitted for what its answer was to state, which states nothing: it is not free for that.
  if (rate === 'none' && quote.rate !== 'none') return { cost: quote.hold.cost };
  return { cost, ...(rate !== quote.rate && { rate }) };
}

/** What a whole answer comes to by its request, where its format states it nowhere else; undefined where it may. */
export function requestedOutcome(
  context: GatewayContext,
  call: SentCall,
  { quote, facts }: AdmittedCall,
  status: number,
): Outcome | undefined {
  const { used } = facts;
  if (!used) return undefined;
  const { card, tools } = pricedCall(context, call, facts);
  const incomplete = card && missingPart(card, used, tools);
  if (incomplete !== undefined) return { ...heldOutcome(quote, status), incomplete };
  return { status, usage: used, source: 'estimated', ...chargedAs(quote, chargeOf(card, used)) };
}
