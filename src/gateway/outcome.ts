/** What an answer makes of its call: by the provider's count, by what its request says, by the way in which it failed. */
import { chargeOf } from '../domain/rate.js';
import { sumOfUsages } from '../domain/usage.js';
import type { Outcome } from '../ledger/contract.js';
import type { AnswerReading } from '../meter/answer.js';
import { answerText } from '../meter/answer-text.js';
import type { Reported } from '../meter/dialects/dialect.js';
import { ruleFor } from '../meter/billed-failure.js';
import type { Ending, OpenCall, ReadAnswer } from './call-phases.js';
import { chargedAs, chargeOfAnswer, heldOutcome, servedAs } from './charge.js';
import type { Learned } from './learned.js';
import { succeeded } from './message.js';

/**
 * How an answer ends its call; undefined where it succeeded and states no usage that counts. An error answer or a
 * redirect costs what its provider bills for such a one, unless it states usage.
 */
export function endingOf(learned: Learned, call: OpenCall, read: ReadAnswer): Ending | undefined {
  const { meter, head } = read;
  const { statusCode: status = 0 } = head;
  if (meter.runsOn !== undefined && succeeded(head)) return { kind: 'runs on', job: meter.runsOn, status };
  const outcome = reportedOutcome(learned, call, read) ?? requestedOutcome(call, read);
  if (outcome) return { kind: 'settle', outcome };
  return succeeded(head) ? undefined : failure(call, read);
}

/** What a later answer says of a call whose work went on; undefined where that does not say yet what it used. */
export function laterOutcome(learned: Learned, call: OpenCall, read: ReadAnswer): Outcome | undefined {
  return read.meter.runsOn === undefined ? reportedOutcome(learned, call, read) : undefined;
}

/** What an answer's own count comes to; undefined where it states none, or less than a whole one. */
function reportedOutcome(learned: Learned, call: OpenCall, { meter, head, whole }: ReadAnswer): Outcome | undefined {
  const { reported } = meter;
  if (!reported || !(meter.done || whole)) return undefined;
  const { quote, facts, prices, target } = call;
  if (reported.inputUnknown || reported.undivided || isSilent(reported, call, meter)) return undefined;
  const { usage, model } = reported;
  const { statusCode: status = 0 } = head;
  const price = prices.of(model);
  const served = servedAs(usage, call, price);
  learned.noteTerms(target.name, call.asked, usage, price.card);
  const fitting = price.card && prices.forAnswer(price.card, model ?? facts.model, served);
  const charge = chargeOfAnswer(call, reported, fitting, served);
  learned.noteExcess(quote, facts, { ...usage, cost: charge.cost });
  const named = model === undefined || model === facts.model ? {} : { model };
  const told = { status, ...named, source: 'reported' as const };
  const all = reported.imageTool ? sumOfUsages(served, [reported.imageTool.usage]) : served;
  if (charge.rate === 'reported' || !fitting) return { ...told, usage: all, ...chargedAs(quote, charge) };
  const incomplete = charge.incomplete ?? price.missing(fitting, served) ?? reported.untold ?? quote.incomplete;
  // Units alone that no price is known for: the answer cost something, and at most what was held for it.
  const isBare = charge.cost === 0 && all.input + all.output === 0 && incomplete !== undefined;
  if (isBare) return { ...heldOutcome(quote, status), ...named, incomplete };
  return { ...told, usage: all, ...chargedAs(quote, charge), ...(incomplete !== undefined && { incomplete }) };
}

/** Whether it states that nothing was generated, beside something that was. */
function isSilent({ usage }: Reported, { facts }: OpenCall, meter: AnswerReading): boolean {
  if (usage.output > 0 || usage.meters !== undefined || facts.outputBound === 0) return false;
  return answerText(meter.texts() ?? []) !== '';
}

/** What a whole answer comes to by its request, where its format states it nowhere else; undefined where it may. */
function requestedOutcome({ quote, facts, prices }: OpenCall, { head, whole }: ReadAnswer): Outcome | undefined {
  const { used } = facts;
  if (!used || !whole || !succeeded(head)) return undefined;
  const { statusCode: status = 0 } = head;
  const price = prices.of();
  const incomplete = price.card && price.missing(price.card, used);
  if (incomplete !== undefined) return { ...heldOutcome(quote, status), incomplete };
  return { status, usage: used, source: 'estimated', ...chargedAs(quote, chargeOf(price.card, used)) };
}

/** An error after work is not free, and one before it is: the provider's own words tell them apart. */
function failure({ target, quote }: OpenCall, { head, meter }: ReadAnswer): Ending {
  const { provider, name: host } = target;
  const { statusCode: status = 0, headers } = head;
  const { billed, fee = 0 } = ruleFor({ provider, host, status, headers, body: meter.object });
  if (!billed) return { kind: 'void', status };
  const held = heldOutcome(quote, status);
  return { kind: 'settle', outcome: { ...held, cost: Math.max(held.cost, fee) } };
}
