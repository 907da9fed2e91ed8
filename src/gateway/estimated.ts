/** What a call comes to whose answer states no usage, or a false one: by our own count of what it holds. */
import { chargeOf } from '../domain/rate.js';
import { NO_USAGE, type Usage } from '../domain/usage.js';
import type { Outcome, Quote } from '../ledger/ledger.js';
import { answerText } from '../meter/answer-text.js';
import type { AnswerMeter } from '../meter/answer.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import { estimateText } from '../meter/estimate.js';
import { isObject } from '../lib/json.js';
import type { GatewayContext } from './context.js';
import { heldOutcome, type AdmittedCall, type MeteredCall } from './metered.js';
import { chargedAs, servedAs } from './outcome.js';
import { missingPart, pricedCall, type PricedCall } from './priced.js';

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
  const priced = pricedCall(context, call, facts);
  const stated = servedAs({ ...NO_USAGE, ...meter.reported?.usage, ...call.asked }, call, facts, priced.tools);
  const counted = (text: string) => context.counters.count(context.policy.counter, text);
  try {
    const read = () => counted(estimateText(call.body.whole));
    if (meter.reported?.undivided) return { status, ...dividedOutcome(quote, priced, stated, await read()) };
    const text = generatedIn(meter);
    if (text === undefined || quote.unbounded === 'media') return heldOutcome(quote, status);
    if (!brings(facts, meter, text)) return heldOutcome(quote, status);
    const [input, output] = await Promise.all([read(), counted(text)]);
    return { status, ...countedOutcome(quote, priced, meter, stated, { input, output }) };
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
  priced: PricedCall,
  meter: AnswerMeter,
  stated: Usage,
  count: Pick<Usage, 'input' | 'output'>,
): Counted {
  const least = meter.disproved ? quote.hold : { input: 0, output: 0, cost: 0 };
  const input = stated.input > 0 ? stated.input : Math.max(count.input, least.input);
  const output = stated.output > 0 ? stated.output : Math.max(count.output, least.output);
  const usage = { ...stated, input, output };
  const charge = chargeOf(priced.card, usage);
  const cost = Math.max(charge.cost, meter.reported ? 0 : least.cost);
  const told = untoldBy(priced, usage) ?? quote.incomplete;
  return {
    usage,
    source: 'estimated',
    ...chargedAs(quote, { ...charge, cost }),
    ...(told !== undefined && { incomplete: told }),
  };
}

/** A call of which the total is known alone: divided by our count of its input, at the price of its dearer kind. */
function dividedOutcome(quote: Quote, priced: PricedCall, total: Usage, count: number): Counted {
  const input = Math.min(count, total.output);
  const usage = { ...total, input, output: total.output - input };
  const charges = [usage, total, { ...total, input: total.output, output: 0 }].map((each) =>
    chargeOf(priced.card, each),
  );
  const dearest = charges.reduce((most, each) => (each.cost > most.cost ? each : most));
  const told = untoldBy(priced, usage) ?? quote.incomplete;
  return {
    usage,
    source: 'estimated',
    ...chargedAs(quote, dearest),
    ...(told !== undefined && { incomplete: told }),
  };
}

/** What its cost leaves out: whether its tools ran, and how often, is told with the usage that the answer lacks. */
function untoldBy({ card, tools }: PricedCall, usage: Usage): string | undefined {
  const missing = card && missingPart(card, usage, tools);
  return missing ?? (Object.keys(tools.fees).length > 0 ? 'what its tools did is not stated' : undefined);
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
