/** What a call costs by what it asks for: its model's rates, the fees of its tools, and what of it has no known price. */
import { type RateCard, knowsTier } from '../domain/rate.js';
import { METERS, TOKENLESS_METERS, type Meter, type Meters, type Usage } from '../domain/usage.js';
import { wordOf } from '../meter/asked-tools.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import { dearestFee } from '../meter/hosted-tools.js';
import { LARGE_PICTURE, PICTURE } from '../providers/pictures.js';
import type { JsonObject } from '../lib/json.js';
import { askedWords } from '../meter/service-terms.js';
import { isFree, sellerOf, toolPrices, withFees, type ToolPrices } from '../meter/tool-prices.js';
import type { GatewayContext } from './context.js';
import type { SentCall } from './metered.js';
import { rateOfCall } from './rate.js';

type Rated = Pick<GatewayContext, 'rateOf' | 'providers'>;

export interface PricedCall {
  /** Of the model, with the fees of the tools that the call asks for; undefined where no price is known. */
  readonly card: RateCard | undefined;
  readonly tools: ToolPrices;
}

/** Tokens to hold for a picture that a tool makes: the most that one takes is published as 6,240. */
const PICTURE_TOKENS = 10_000;
/** What the tool takes where a request names no model (openai 7.57.0, the tool's own description, 2026-11-28). */
const PICTURE_MODEL = 'gpt-image-2.6-sunburst';

/** @param answered the model that the answer names */
export function pricedCall(context: Rated, call: SentCall, facts: RequestFacts, answered?: string): PricedCall {
  const own = rateOfCall(context, call, facts.model, answered);
  const { tools: asked = [] } = facts;
  const seller = sellerOf(call.target.provider, call.dialect, context.providers);
  const named = answered ?? call.target.models?.get(facts.model.toLowerCase()) ?? facts.model;
  const tools = withPictures(context, call, facts, toolPrices(own, seller, named, asked.filter(isTool)));
  const pictures = toolPrices(own, seller, named, asked.filter(isPicture));
  const bare = pictures.unpriced !== undefined && own !== undefined && !hasPictureRates(own);
  const unpriced = tools.unpriced ?? (bare ? 'a picture' : undefined);
  const fees = { ...tools.fees, ...pictures.fees };
  return {
    card: own && withFees(own, fees),
    tools: { ...tools, fees, ...(unpriced !== undefined && { unpriced }) },
  };
}

function isPicture({ name }: { readonly name: string }): boolean {
  return name === PICTURE || name === LARGE_PICTURE;
}

function isTool(tool: { readonly name: string }): boolean {
  return !isPicture(tool);
}

function hasPictureRates({ imageIn, imageOut }: RateCard): boolean {
  return imageIn !== undefined || imageOut !== undefined;
}

/** With what is to be held for the pictures of a tool, which bills the tokens of a model of its own. */
function withPictures(context: Rated, call: SentCall, facts: RequestFacts, tools: ToolPrices): ToolPrices {
  const tool = facts.tools?.find(({ name }) => name === 'image_generation');
  if (!tool || tools.unpriced !== undefined) return tools;
  const model = pictureModel(facts);
  const card = rateOfCall(context, { target: call.target, at: call.at }, model);
  if (!card) return { ...tools, unpriced: `the model ${wordOf(model)} of the tool image_generation` };
  const images = PICTURE_TOKENS * Math.max(card.imageOut ?? card.output, card.output);
  return {
    ...tools,
    fees: { images, ...tools.fees },
    meters: { ...tools.meters, images: (tools.meters.images ?? 0) + (tool.most ?? 1) },
  };
}

/** The model that makes the pictures of a request's tool. */
export function pictureModel({ tools = [] }: RequestFacts): string {
  return tools.find(({ name }) => name === 'image_generation')?.model ?? PICTURE_MODEL;
}

/** Units that a call may use at most, those of its tools included. */
export function withToolMeters(facts: RequestFacts, tools: ToolPrices): RequestFacts {
  if (Object.keys(tools.meters).length === 0) return facts;
  const both = METERS.map((meter) => [meter, (facts.meters?.[meter] ?? 0) + (tools.meters[meter] ?? 0)] as const);
  return { ...facts, meters: Object.fromEntries(both.filter(([, count]) => count > 0)) };
}

/**
 * What a call asks for that has no known price, in words after "no price is known for"; undefined where all has one.
 * A model without a price is named as such.
 */
export function unpricedPart(
  { formats }: Pick<GatewayContext, 'formats'>,
  call: SentCall & { readonly body: { readonly json: JsonObject } },
  priced: PricedCall,
) {
  const { card, tools } = priced;
  if (!card || isFree(card)) return undefined;
  const words = askedWords(formats, call.body.json, call.request.headers);
  const { tier } = call.asked;
  if (card.source === 'table' && tier && !knowsTier(card, tier)) return `the service tier ${words.tier ?? tier}`;
  if (card.source === 'table' && words.place !== undefined) return `the region ${words.place}`;
  return tools.unpriced;
}

const UNIT_WORDS: Readonly<Record<Meter, string>> = {
  searches: 'its searches',
  mapSearches: 'its grounding with a map',
  enterpriseSearches: 'its searches for companies',
  fileSearches: 'its searches of files',
  containers: 'the containers that it ran code in',
  toolCalls: 'tools that ran at the provider',
  pages: 'its pages',
  annotatedPages: 'its annotated pages',
  seconds: 'its seconds of sound',
  characters: 'its characters',
  images: 'its pictures',
  searchUnits: 'its search units',
};

/** A card with fees for units that an answer states though nothing in its request asked for them. */
export function withStatedFees(
  { providers }: Rated,
  card: RateCard,
  call: SentCall,
  model: string,
  meters: Meters = {},
): RateCard {
  if (isFree(card)) return card;
  const seller = sellerOf(call.target.provider, call.dialect, providers);
  const missing = Object.keys(meters).filter((meter) => card.fees?.[meter as Meter] === undefined) as Meter[];
  const found = missing.map((meter) => [meter, dearestFee(seller, model.toLowerCase(), meter)] as const);
  return withFees(card, Object.fromEntries(found.filter(([, fee]) => fee !== undefined)));
}

/** Why a settled cost leaves a part out; undefined where it has all. */
export function missingPart(card: RateCard, usage: Usage, { untold }: ToolPrices): string | undefined {
  if (isFree(card)) return undefined;
  const { tier, meters = {} } = usage;
  if (card.source === 'table' && tier && !knowsTier(card, tier)) return 'no price is known for its service tier';
  const byTokens = usage.input + usage.output > 0;
  const units = Object.keys(meters) as Meter[];
  const unpriced = units.find(
    (unit) => card.fees?.[unit] === undefined && !(byTokens && TOKENLESS_METERS.includes(unit)),
  );
  if (unpriced !== undefined) return `no price is known for ${UNIT_WORDS[unpriced]}`;
  return units.map((unit) => untold[unit]).find((reason) => reason !== undefined);
}
