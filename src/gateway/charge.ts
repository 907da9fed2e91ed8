/** The cost of an answer: its model's, that of other models that took part, and that of its tools. */
import { chargeOf, type PriceSource, type RateCard } from '../domain/rate.js';
import type { NanoUsd } from '../domain/money.js';
import { NO_USAGE, type Usage } from '../domain/usage.js';
import type { ModelUsage, Reported, RequestFacts } from '../meter/dialects/dialect.js';
import type { GatewayContext } from './context.js';
import type { SentCall } from './metered.js';
import { pictureModel } from './priced.js';
import { rateOfCall } from './rate.js';

export interface Charged {
  readonly cost: NanoUsd;
  readonly rate: PriceSource;
  /** Why it leaves a part out, where it does. */
  readonly incomplete?: string;
}

type Rated = Pick<GatewayContext, 'rateOf'>;

/**
 * The whole of an answer's cost.
 * @param card of its model, with the fees of the tools that it used
 * @param served its usage as it is billed
 */
export function chargeOfAnswer(
  context: Rated,
  call: SentCall,
  { facts, reported }: { readonly facts: RequestFacts; readonly reported: Reported },
  card: RateCard | undefined,
  served: Usage,
): Charged {
  const whole = chargeOf(card, served);
  if (whole.rate === 'reported') return whole;
  const own = ofModels(context, call, facts.model, reported, { card, served, whole });
  if (!reported.imageTool) return own;
  const { usage, model = pictureModel(facts) } = reported.imageTool;
  const pictures = rateOfCall(context, call, model);
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
  context: Rated,
  call: SentCall,
  requested: string,
  { model, parts, either = [] }: Reported,
  { card, served, whole }: Served,
): Charged {
  if (!parts && either.length === 0) return whole;
  const fees = chargeOf(card, { ...NO_USAGE, ...(served.meters && { meters: served.meters }) }).cost;
  if (parts) {
    const charged = ofParts(context, call, { requested, answered: model }, parts, served);
    return { ...charged, cost: charged.cost + fees };
  }
  const charges = either.map((each) => chargeOf(withoutFees(rateOfCall(context, call, requested, each)), served));
  const dearest = charges.reduce((most, each) => (each.cost > most.cost ? each : most));
  return dearest.cost + fees > whole.cost ? { ...dearest, cost: dearest.cost + fees } : whole;
}

/** The tokens of several models, or what is billed of them; a part whose model has no price costs as the answer's. */
function ofParts(
  context: Rated,
  call: SentCall,
  { requested, answered }: { readonly requested: string; readonly answered: string | undefined },
  parts: readonly ModelUsage[],
  { regional, longCache }: Usage,
): Charged {
  const charges = parts.map(({ usage, model = answered }): Charged => {
    const own = rateOfCall(context, call, requested, model);
    const card = withoutFees(own ?? rateOfCall(context, call, requested, answered));
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
