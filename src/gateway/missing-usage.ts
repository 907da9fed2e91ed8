/** What a call comes to whose answer states no usage, or a false one: by our own count of what it holds. */
import { chargeOf } from '../domain/rate.js';
import { NO_USAGE, type Usage } from '../domain/usage.js';
import { isObject } from '../lib/json.js';
import type { Outcome, Quote } from '../ledger/contract.js';
import type { AnswerReading } from '../meter/answer.js';
import { answerText } from '../meter/answer-text.js';
import { estimateText } from '../meter/countable-text.js';
import type { AdmittedCall, Price, ReadAnswer } from './call-phases.js';
import { chargedAs, dearestOf, heldOutcome, servedAs, type Charged } from './charge.js';
import type { Shared } from './shared.js';

/**
 * Our own count of a whole answer without usage; the whole hold where the answer is not whole, cannot be read or brings
 * nothing that was generated.
 */
export async function countedOutcome(
  { counters, policy }: Pick<Shared, 'counters' | 'policy'>,
  call: AdmittedCall,
  { meter, head }: ReadAnswer,
): Promise<Outcome> {
  const { quote } = call;
  const { statusCode: status = 0 } = head;
  const stated = servedAs({ ...NO_USAGE, ...meter.reported?.usage, ...call.asked }, call, call.price);
  const counted = (text: string) => counters.count(policy.counter, text);
  try {
    const read = () => counted(estimateText(call.body.whole));
    if (meter.reported?.undivided) return { status, ...divided(call, stated, await read()) };
    const text = generatedIn(meter);
    if (text === undefined || quote.unbounded === 'media') return heldOutcome(quote, status);
    if (!brings(call, meter, text)) return heldOutcome(quote, status);
    const [input, output] = await Promise.all([read(), counted(text)]);
    return { status, ...completed(call, meter, stated, { input, output }) };
  } catch {
    return heldOutcome(quote, status);
  }
}

type Counted = Omit<Outcome, 'status'>;

/**
 * What is not stated, as we count it. What a provider counts falsely, in zeros, costs no less than its hold: its model may
 * have thought long before the little that it said.
 */
function completed(
  { quote, price }: AdmittedCall,
  meter: AnswerReading,
  stated: Usage,
  count: Pick<Usage, 'input' | 'output'>,
): Counted {
  const least = meter.disproved ? quote.hold : { input: 0, output: 0, cost: 0 };
  const input = stated.input > 0 ? stated.input : Math.max(count.input, least.input);
  const output = stated.output > 0 ? stated.output : Math.max(count.output, least.output);
  const usage = { ...stated, input, output };
  const charge = chargeOf(price.card, usage);
  return estimated(quote, price, usage, { ...charge, cost: Math.max(charge.cost, meter.reported ? 0 : least.cost) });
}

/** A call of which the total is known alone: divided by our count of its input, at the price of its dearer kind. */
function divided({ quote, price }: AdmittedCall, total: Usage, count: number): Counted {
  const input = Math.min(count, total.output);
  const usage = { ...total, input, output: total.output - input };
  const extremes = [usage, total, { ...total, input: total.output, output: 0 }];
  return estimated(quote, price, usage, dearestOf(extremes.map((each) => chargeOf(price.card, each))));
}

function estimated(quote: Quote, price: Price, usage: Usage, charge: Charged): Counted {
  const untold = untoldBy(price, usage) ?? quote.incomplete;
  return {
    usage,
    source: 'estimated',
    ...chargedAs(quote, charge),
    ...(untold !== undefined && { incomplete: untold }),
  };
}

/** What its cost leaves out: whether its tools ran, and how often, is told with the usage that the answer lacks. */
function untoldBy(price: Price, usage: Usage): string | undefined {
  const missing = price.card && price.missing(price.card, usage);
  return missing ?? (price.hasFees ? 'what its tools did is not stated' : undefined);
}

/** What a whole answer says that was generated; undefined where it is not whole, or cannot be read. */
function generatedIn(meter: AnswerReading): string | undefined {
  const texts = meter.texts();
  return texts && answerText(texts);
}

/** Whether an answer brings what was asked for: text or, of a format without any, a list: vectors, judgements, ranks. */
function brings({ facts }: AdmittedCall, meter: AnswerReading, text: string): boolean {
  if (facts.outputBound !== 0) return text !== '' || (meter.reported?.usage.output ?? 0) > 0;
  const members = Object.values(meter.object ?? {});
  const all = [...members, ...members.filter(isObject).flatMap((each) => Object.values(each))];
  return all.some((each) => Array.isArray(each) && each.length > 0);
}
