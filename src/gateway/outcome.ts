/** What a call comes to once its answer is known: by the provider's count, by our own, at the price it was served at. */
import { chargeOf, knowsTier, type RateCard, type Terms } from '../domain/rate.js';
import { isDear } from '../domain/tier.js';
import { NO_USAGE, type Usage } from '../domain/usage.js';
import type { Outcome, Quote } from '../ledger/ledger.js';
import type { AnswerMeter } from '../meter/answer.js';
import type { ModelUsage } from '../meter/dialects/dialect.js';
import { answerText } from '../meter/answer-text.js';
import { estimateText } from '../meter/estimate.js';
import { placeTerms } from '../meter/terms.js';
import type { GatewayContext } from './context.js';
import { rateOfCall } from './rate.js';
import { heldOutcome, type AdmittedCall, type MeteredCall, type SentCall } from './metered.js';

/** What an answer's own count comes to; undefined where it states none. */
export function reportedOutcome(
  context: GatewayContext,
  call: SentCall,
  { quote, facts }: AdmittedCall,
  meter: AnswerMeter,
  status: number,
): Outcome | undefined {
  if (!meter.reported || meter.reported.inputUnknown) return undefined;
  const { usage, model, parts } = meter.reported;
  const card = rateOfCall(context, call, facts.model, model);
  const named = model === undefined || model === facts.model ? {} : { model };
  const served = { ...usage, ...unstatedTerms(call) };
  noteTerms(context, call, card, usage);
  noteExcess(context, quote, usage);
  const whole = chargeOf(card, served);
  const charge = parts && whole.rate !== 'reported' ? chargeOfParts(context, call, facts.model, model, parts) : whole;
  return { status, ...named, usage: served, source: 'reported', ...chargedAs(quote, charge) };
}

/** The price of what several models did, or of what is billed; a part whose model has none costs as the answer's. */
function chargeOfParts(
  context: GatewayContext,
  call: SentCall,
  requested: string,
  answered: string | undefined,
  parts: readonly ModelUsage[],
): Charged {
  const place = unstatedTerms(call);
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

/** The rule behind a bound on input was wrong: later calls to the model hold more, and the report says so. */
function noteExcess({ raised, notice }: GatewayContext, quote: Quote, { input }: Usage): void {
  if (quote.unbounded !== undefined || !raised.learn(quote, quote.hold.input, input)) return;
  notice(
    'above_hold',
    `${quote.model} at ${quote.host} was billed more input than its request could be told to have; its calls now hold more`,
  );
}

/** How a call was served by its host and its request, where its answer need not say so. */
function unstatedTerms({ target, asked }: SentCall): Terms {
  return { ...placeTerms(target.provider, target.name), ...(asked.longCache && { longCache: true }) };
}

type Charged = ReturnType<typeof chargeOf>;

/** The cost, and where its price is from where that is not what the call was admitted at. */
function chargedAs(quote: Quote, { cost, rate }: Charged): Pick<Outcome, 'cost' | 'rate'> {
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
  const { used, model } = facts;
  if (!used) return undefined;
  const charge = chargeOf(rateOfCall(context, call, model), used);
  return { status, usage: used, source: 'estimated', ...chargedAs(quote, charge) };
}

/** Our own count of a whole answer without usage; the whole hold where the answer is not whole or cannot be read. */
export async function estimatedOutcome(
  context: GatewayContext,
  call: MeteredCall,
  { quote, facts }: AdmittedCall,
  meter: AnswerMeter,
  status: number,
): Promise<Outcome> {
  const texts = meter.texts();
  if (texts === undefined || quote.unbounded === 'media') return heldOutcome(quote, status);
  try {
    const [input, output] = await Promise.all([
      context.counters.count(context.policy.counter, estimateText(call.body.whole)),
      context.counters.count(context.policy.counter, answerText(texts)),
    ]);
    const known = meter.reported?.usage;
    const usage = { ...NO_USAGE, ...known, input, output: known?.output ?? output, ...call.asked };
    const card = rateOfCall(context, call, facts.model);
    return { status, usage, source: 'estimated', ...chargedAs(quote, chargeOf(card, usage)) };
  } catch {
    return heldOutcome(quote, status);
  }
}
