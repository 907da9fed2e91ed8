/** What a call costs by what it asks for: its model's rates, the fees of its tools, and what of it has no known price. */
import { knowsTier, type RateCard } from '../domain/rate.js';
import { METERS, TOKENLESS_METERS, type Meter, type Meters, type Usage } from '../domain/usage.js';
import { wordOf } from '../meter/asked-tools.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import { dearestFee } from '../meter/hosted-tools.js';
import type { Providers } from '../providers/provider.js';
import { LARGE_PICTURE, PICTURE } from '../providers/pictures.js';
import type { Provider } from '../providers/provider.js';
import { billedMeters, isFree, sellerOf, toolPrices, withFees, type ToolPrices } from '../meter/tool-prices.js';
import type { ArrivedCall, CallPrices, Price, RateFinder } from './call-phases.js';

/** Tokens to hold for a picture that a tool makes: the most that one takes is published as 6,240. */
const PICTURE_TOKENS = 10_000;
/** What the tool takes where a request names no model (openai 7.57.0, the tool's own description, 2026-11-28). */
const PICTURE_MODEL = 'gpt-image-2.6-sunburst';
/** The tool, whose pictures are billed as tokens of a model of its own. */
const PICTURE_TOOL = 'image_generation';

type PricedParts = Pick<ArrivedCall, 'target' | 'dialect' | 'at'>;

/** Where prices are found. */
interface PriceSources {
  readonly rateOf: RateFinder;
  readonly providers: Providers;
}

/** The prices of a call with these facts. Nothing of the call's body is kept. */
export function pricesOf(sources: PriceSources, { target, dialect, at }: PricedParts, facts: RequestFacts): CallPrices {
  return new RequestPrices(sources, { target, dialect, at }, facts);
}

class RequestPrices implements CallPrices {
  readonly #find: RateFinder;
  readonly #call: PricedParts;
  readonly #facts: RequestFacts;
  readonly #seller: Provider;

  constructor({ rateOf, providers }: PriceSources, call: PricedParts, facts: RequestFacts) {
    this.#find = rateOf;
    this.#call = call;
    this.#facts = facts;
    this.#seller = sellerOf(call.target.provider, call.dialect, providers);
  }

  get pictureModel(): string {
    return this.#facts.tools?.find(({ name }) => name === PICTURE_TOOL)?.model ?? PICTURE_MODEL;
  }

  of(answered?: string): Price {
    const { model, tools: asked = [] } = this.#facts;
    const own = this.rateOf(model, answered);
    const named = answered ?? this.#call.target.models?.get(model.toLowerCase()) ?? model;
    const tools = this.#withPictures(toolPrices(own, this.#seller, named, asked.filter(isTool)));
    const pictures = toolPrices(own, this.#seller, named, asked.filter(isPicture));
    const bare = pictures.unpriced !== undefined && own !== undefined && !hasPictureRates(own);
    const unpriced = tools.unpriced ?? (bare ? 'a picture' : undefined);
    const fees = { ...tools.fees, ...pictures.fees };
    return priceWith(
      own && withFees(own, fees),
      { ...tools, fees, ...(unpriced !== undefined && { unpriced }) },
      asked,
    );
  }

  rateOf(model: string, answered?: string): RateCard | undefined {
    const { target, at } = this.#call;
    return this.#find(target.provider.name, model, answered ?? target.models?.get(model.toLowerCase()), at);
  }

  /** Pictures that are stated in tokens are not billed each. */
  forAnswer(card: RateCard, model: string, { meters = {}, output }: Usage): RateCard {
    const known = this.#withStatedFees(card, model, meters);
    if (output === 0 || known.imageOut === undefined || known.fees?.images === undefined) return known;
    return { ...known, fees: { ...known.fees, images: 0 } };
  }

  /** With what is to be held for the pictures of a tool, which bills the tokens of a model of its own. */
  #withPictures(tools: ToolPrices): ToolPrices {
    const tool = this.#facts.tools?.find(({ name }) => name === PICTURE_TOOL);
    if (!tool || tools.unpriced !== undefined) return tools;
    const model = this.pictureModel;
    const card = this.rateOf(model);
    if (!card) return { ...tools, unpriced: `the model ${wordOf(model)} of the tool ${PICTURE_TOOL}` };
    const images = PICTURE_TOKENS * Math.max(card.imageOut ?? card.output, card.output);
    return {
      ...tools,
      fees: { images, ...tools.fees },
      meters: { ...tools.meters, images: (tools.meters.images ?? 0) + (tool.most ?? 1) },
    };
  }

  /** With fees for units that an answer states though nothing in its request asked for them. */
  #withStatedFees(card: RateCard, model: string, meters: Meters): RateCard {
    if (isFree(card)) return card;
    const missing = metersIn(meters).filter((meter) => card.fees?.[meter] === undefined);
    const found = missing.map((meter) => [meter, dearestFee(this.#seller, model.toLowerCase(), meter)] as const);
    return withFees(card, Object.fromEntries(found.filter(([, fee]) => fee !== undefined)));
  }
}

function priceWith(card: RateCard | undefined, tools: ToolPrices, asked: NonNullable<RequestFacts['tools']>): Price {
  return {
    card,
    unpriced: tools.unpriced,
    meters: tools.meters,
    hasFees: Object.keys(tools.fees).length > 0,
    billed: (stated) => billedMeters(stated, asked, tools.always),
    missing: (rates, usage) => missingPart(rates, usage, tools),
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

function missingPart(card: RateCard, usage: Usage, { untold }: ToolPrices): string | undefined {
  if (isFree(card)) return undefined;
  const { tier, meters = {} } = usage;
  if (card.source === 'table' && tier && !knowsTier(card, tier)) return 'no price is known for its service tier';
  const byTokens = usage.input + usage.output > 0;
  const units = metersIn(meters);
  const unpriced = units.find(
    (unit) => card.fees?.[unit] === undefined && !(byTokens && TOKENLESS_METERS.includes(unit)),
  );
  if (unpriced !== undefined) return `no price is known for ${UNIT_WORDS[unpriced]}`;
  return units.map((unit) => untold[unit]).find((reason) => reason !== undefined);
}

function metersIn(meters: Meters): readonly Meter[] {
  return METERS.filter((meter) => meters[meter] !== undefined);
}
