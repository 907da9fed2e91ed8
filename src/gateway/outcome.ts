/** What a call comes to once its answer is known: by the provider's count, by our own, at the price it was served at. */
import { chargeOf, knowsTier, type RateCard } from '../domain/rate.js';
import { isDear } from '../domain/tier.js';
import { NO_USAGE, type Usage } from '../domain/usage.js';
import type { Outcome, Quote } from '../ledger/ledger.js';
import type { AnswerMeter } from '../meter/answer.js';
import type { ModelUsage, Reported, RequestFacts } from '../meter/dialects/dialect.js';
import { answerText } from '../meter/answer-text.js';
import { estimateText } from '../meter/estimate.js';
import { isObject } from '../meter/json.js';
import { placeTerms } from '../meter/terms.js';
import type { GatewayContext } from './context.js';
import { rateOfCall } from './rate.js';
import { heldOutcome, type AdmittedCall, type MeteredCall, type SentCall } from './metered.js';

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
  const { usage, model, parts } = reported;
  const card = rateOfCall(context, call, facts.model, model);
  const named = model === undefined || model === facts.model ? {} : { model };
  const served = { ...usage, ...placeTerms(call.target.provider, call.target.name) };
  noteTerms(context, call, card, usage);
  const whole = chargeOf(card, served);
  const charge = parts && whole.rate !== 'reported' ? chargeOfParts(context, call, facts.model, model, parts) : whole;
  return { status, ...named, usage: served, source: 'reported', ...chargedAs(quote, charge) };
}

/** Whether it states that nothing was generated, beside something that was. */
function isSilent({ usage }: Reported, facts: RequestFacts, meter: AnswerMeter): boolean {
  if (usage.output > 0 || usage.meters !== undefined || facts.outputBound === 0) return false;
  return answerText(meter.texts() ?? []) !== '';
}

/** The price of what several models did, or of what is billed; a part whose model has none costs as the answer's. */
function chargeOfParts(
  context: GatewayContext,
  call: SentCall,
  requested: string,
  answered: string | undefined,
  parts: readonly ModelUsage[],
): Charged {
  const place = placeTerms(call.target.provider, call.target.name);
  const charges = parts.map(({ usage, model = answered }) => {
    const card = rateOfCall(context, call, requested, model) ?? rateOfCall(context, call, requested, answered);
    return chargeOf(card, { ...usage, ...place });
  });
  const cost = charges.reduce((sum, each) => sum + each.cost, 0);
  return { cost, rate: charges.find(({ rate }) => rate !== 'none')?.rate ?? 'none' };
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
    `no price is known for the service tier (${tier}) of answers from ${name}; they cost as the dearest known`,
  );
}

type Charged = ReturnType<typeof chargeOf>;

/** The cost, and where its price is from where that is not what the call was admitted at. */
function chargedAs(quote: Quote, { cost, rate }: Charged): Pick<Outcome, 'cost' | 'rate'> {
  return { cost, ...(rate !== quote.rate && { rate }) };
}

/** What a whole answer comes to by its request, where its format states it nowhere else; undefined where it may. */
export function requestedOutcome(
  context: GatewayContext,
  call: SentCall,
  { quote, facts }: AdmittedCall,
  status: number,
): Outcome | undefined {
  const { used, model } = facts;
  if (!used) return undefined;
  const charge = chargeOf(rateOfCall(context, call, model), used);
  return { status, usage: used, source: 'estimated', ...chargedAs(quote, charge) };
}

/**
 * Our own count of a whole answer without usage; the whole hold where the answer is not whole, cannot be read or brings
 * nothing that was generated.
 */
export async function estimatedOutcome(
  context: GatewayContext,
  call: MeteredCall,
  { quote, facts }: AdmittedCall,
  meter: AnswerMeter,
  status: number,
): Promise<Outcome> {
  const card = rateOfCall(context, call, facts.model);
  const stated = { ...NO_USAGE, ...meter.reported?.usage, ...call.asked };
  const counted = (text: string) => context.counter.count(text);
  try {
    const read = () => counted(estimateText(call.body.whole));
    if (meter.reported?.undivided) return { status, ...dividedOutcome(quote, card, stated, await read()) };
    const text = generatedIn(meter);
    if (text === undefined || quote.unbounded === 'media') return heldOutcome(quote, status);
    if (!brings(facts, meter, text)) return heldOutcome(quote, status);
    const [input, output] = await Promise.all([read(), counted(text)]);
    return { status, ...countedOutcome(quote, card, meter, stated, { input, output }) };
  } catch {
    return heldOutcome(quote, status);
  }
}

type Counted = Omit<Outcome, 'status'>;

/**
 * What is not stated, as we count it. What a provider counts falsely, in zeros, costs no less than its hold: its model may
 * have thought long before the little that it said.
 */
function countedOutcome(
  quote: Quote,
  card: RateCard | undefined,
  meter: AnswerMeter,
  stated: Usage,
  count: Pick<Usage, 'input' | 'output'>,
): Counted {
  const least = meter.disproved ? quote.hold : { input: 0, output: 0, cost: 0 };
  const input = stated.input > 0 ? stated.input : Math.max(count.input, least.input);
  const output = stated.output > 0 ? stated.output : Math.max(count.output, least.output);
  const usage = { ...stated, input, output };
  const charge = chargeOf(card, usage);
  const cost = Math.max(charge.cost, meter.reported ? 0 : least.cost);
  return { usage, source: 'estimated', ...chargedAs(quote, { ...charge, cost }) };
}

/** A call of which the total is known alone: divided by our count of its input, at the price of its dearer kind. */
function dividedOutcome(quote: Quote, card: RateCard | undefined, total: Usage, count: number): Counted {
  const input = Math.min(count, total.output);
  const usage = { ...total, input, output: total.output - input };
  const charges = [usage, total, { ...total, input: total.output, output: 0 }].map((each) => chargeOf(card, each));
  const dearest = charges.reduce((most, each) => (each.cost > most.cost ? each : most));
  return { usage, source: 'estimated', ...chargedAs(quote, dearest) };
}

/** What a whole answer says that was generated; undefined where it is not whole, or cannot be read. */
function generatedIn(meter: AnswerMeter): string | undefined {
  const texts = meter.texts();
  return texts && answerText(texts);
}

/** Whether an answer brings what was asked for: text or, of a format without any, a list: vectors, judgements, ranks. */
function brings(facts: RequestFacts, meter: AnswerMeter, text: string): boolean {
  if (facts.outputBound !== 0) return text !== '' || (meter.reported?.usage.output ?? 0) > 0;
  const members = Object.values(meter.object ?? {});
  const all = [...members, ...members.filter(isObject).flatMap((each) => Object.values(each))];
  return all.some((each) => Array.isArray(each) && each.length > 0);
}
