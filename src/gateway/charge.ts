/** The cost of an answer: its model's, that of other models that took part, and that of its tools. */
import type { NanoUsd } from '../domain/money.js';
import { chargeOf, type PriceSource, type RateCard, type Terms } from '../domain/rate.js';
import { NO_USAGE, usageOf, type Usage } from '../domain/usage.js';
import type { Outcome, Quote } from '../ledger/contract.js';
import type { ModelUsage, Reported } from '../meter/dialects/dialect.js';
import { placeTerms } from '../meter/service-terms.js';
import type { OpenCall, Price } from './call-phases.js';

/** What an answer costs, and by whose price. */
export interface Charged {
  readonly cost: NanoUsd;
  readonly rate: PriceSource;
  /** Why it leaves a part out, where it does. */
  readonly incomplete?: string;
}

/** What a call costs whose usage nobody can tell any more: all that was held for it. */
export function heldOutcome(quote: Quote, status = 0): Outcome {
  const { input, output, cost } = quote.hold;
  const told = quote.incomplete === undefined ? {} : { incomplete: quote.incomplete };
  return { status, usage: { ...NO_USAGE, input, output }, source: 'held', cost, ...told };
}

/** The cost, and where its price is from where that is not what the call was admitted at. */
export function chargedAs(quote: Quote, { cost, rate }: Charged): Pick<Outcome, 'cost' | 'rate'> {
  // Admitted for what its answer was to state, which states nothing: it is not free for that.
  if (rate === 'none' && quote.rate !== 'none') return { cost: quote.hold.cost };
  return { cost, ...(rate !== quote.rate && { rate }) };
}

/** Usage as the provider bills it: where it served the call, and which units its tools are billed by. */
export function servedAs(usage: Usage, call: OpenCall, price: Price): Usage {
  return usageOf({ ...usage, ...unstatedTerms(call), meters: price.billed(usage.meters) });
}

/** How a call was served by its host and its request, where its answer need not say so. */
function unstatedTerms({ target, asked, path }: OpenCall): Terms {
  const place = placeTerms(target.provider, target.name, path);
  return { ...place, ...(asked.longCache && { longCache: true }) };
}

/** The dearest of several charges. */
export function dearestOf(charges: readonly Charged[]): Charged {
  return charges.reduce((most, each) => (each.cost > most.cost ? each : most));
}

/**
 * The whole of an answer's cost.
 * @param card of its model, with the fees of the tools that it used
 * @param served its usage as it is billed
 */
export function chargeOfAnswer(
  call: Pick<OpenCall, 'facts' | 'prices'>,
  reported: Reported,
  card: RateCard | undefined,
  served: Usage,
): Charged {
  const whole = chargeOf(card, served);
  if (whole.rate === 'reported') return whole;
  const own = ofModels(call, reported, { card, served, whole });
  if (!reported.imageTool) return own;
  const { usage, model = call.prices.pictureModel } = reported.imageTool;
  const pictures = call.prices.rateOf(model);
  if (!pictures) return { ...own, incomplete: own.incomplete ?? 'no price is known for the model of its pictures' };
  return { ...own, cost: own.cost + chargeOf(pictures, usage).cost };
}

interface Served {
  readonly card: RateCard | undefined;
  readonly served: Usage;
  readonly whole: Charged;
}

/** The cost of the models that did the work: as one, each its part, or the dearest of those that may have done it. */
function ofModels(
  call: Pick<OpenCall, 'facts' | 'prices'>,
  { model, parts, either = [] }: Reported,
  { card, served, whole }: Served,
): Charged {
  if (!parts && either.length === 0) return whole;
  const fees = chargeOf(card, { ...NO_USAGE, ...(served.meters && { meters: served.meters }) }).cost;
  if (parts) {
    const charged = ofParts(call, model, parts, served);
    return { ...charged, cost: charged.cost + fees };
  }
  const { prices, facts } = call;
  const dearest = dearestOf(either.map((each) => chargeOf(withoutFees(prices.rateOf(facts.model, each)), served)));
  return dearest.cost + fees > whole.cost ? { ...dearest, cost: dearest.cost + fees } : whole;
}

/** The tokens of several models, or what is billed of them; a part whose model has no price costs as the answer's. */
function ofParts(
  { prices, facts: { model: requested } }: Pick<OpenCall, 'facts' | 'prices'>,
  answered: string | undefined,
  parts: readonly ModelUsage[],
  { regional, longCache }: Usage,
): Charged {
  const charges = parts.map(({ usage, model = answered }): Charged => {
    const own = prices.rateOf(requested, model);
    const card = withoutFees(own ?? prices.rateOf(requested, answered));
    const charge = chargeOf(card, { ...usage, ...(regional && { regional }), ...(longCache && { longCache }) });
    return own ? charge : { ...charge, incomplete: 'no price is known for a model that took part' };
  });
  const incomplete = charges.find((each) => each.incomplete !== undefined)?.incomplete;
  return {
    cost: charges.reduce((sum, each) => sum + each.cost, 0),
    rate: charges.find((each) => each.rate !== 'none')?.rate ?? 'none',
    ...(incomplete !== undefined && { incomplete }),
  };
}

function withoutFees(card: RateCard | undefined): RateCard | undefined {
  if (!card) return undefined;
  const { fees, ...tokens } = card;
  return fees ? tokens : card;
}
