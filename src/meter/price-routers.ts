/**
 * Models that are no model: a router picks one of several and its answer says which. What it may cost is bounded by the
 * dearest that it can pick; what it did cost is the price of the one that answered, and the router's own fee.
 */
import type { Fees, RateCard, Rates } from '../domain/rate.js';
import type { Match } from '../domain/price-row.js';
import { matches } from './price-table.js';

export interface Router {
  /** The provider's id in the price table. */
  readonly provider: string;
  readonly models: Match;
  /** The models that it can pick; all that the provider lists where left out. */
  readonly picks?: readonly string[];
  /** Why a pick may cost more than all that are known, where the list is not complete. */
  readonly varies?: string;
  /** Pico-USD that the router itself takes for each input token. */
  readonly fee: number;
  /** Page and the day of its words. */
  readonly source: string;
}

export const ROUTERS: readonly Router[] = [
  {
    provider: 'openrouter',
    models: { regex: '^openrouter/auto(-|:|$)' },
    fee: 0,
    source: 'openrouter.ai/docs/model-routing: the list of models changes, the price is that of the pick; 2026-11-27',
  },
  {
    // Of the 43 models that it could pick on 2026-11-11 these are known by name; the list grows without a new version.
    // The fee is for input alone.
    provider: 'azure',
    models: [{ has: 'model-router' }, { has: 'model_router' }, 'auto'],
    picks: [
      ...['gpt-6-astra', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna', 'gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini'],
      ...['gpt-5.2', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'o4-mini', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'],
      ...['gpt-4o', 'gpt-4o-mini', 'claude-fable-5-1', 'claude-opus-5', 'claude-sonnet-5', 'claude-opus-4-1'],
      ...['claude-haiku-4-5', 'grok-4', 'grok-4-fast', 'deepseek-v3.2'],
    ],
    varies: 'the router may pick a model that is dearer than those known',
    fee: 140_000,
    source:
      'learn.microsoft.com/azure/foundry/openai/how-to/model-router (an older list) and …/foundry/model-router/supported-models ' +
      '(43 models), version 2025-11-18, 2026-11-11; azure.microsoft.com/pricing/details/ai-foundry-models/aoai, 2026-11-27',
  },
];

/** The router that a provider has under a name in lower case; undefined where that is a model, or not known. */
export function routerOf(provider: string, model: string): Router | undefined {
  return ROUTERS.find((router) => router.provider === provider && matches(router.models, model));
}

/** A card that is no cheaper than any of several, whatever a call reads and writes; undefined where there are none. */
export function dearestOf(cards: readonly RateCard[]): RateCard | undefined {
  if (cards.length === 0) return undefined;
  const rates: readonly Rates[] = cards.flatMap((card) => [card, ...card.tiers]);
  const most = (of: (each: Rates) => number) => Math.max(...rates.map(of));
  return {
    input: most((each) => each.input),
    output: most((each) => Math.max(each.output, each.reasoning ?? 0)),
    cacheRead: most((each) => each.cacheRead),
    cacheWrite: most((each) => each.cacheWrite),
    cacheWrite1h: most((each) => each.cacheWrite1h),
    audioIn: most((each) => each.audioIn ?? each.input),
    imageIn: most((each) => each.imageIn ?? each.input),
    audioOut: most((each) => each.audioOut ?? each.output),
    imageOut: most((each) => each.imageOut ?? each.output),
    tiers: [],
    fees: dearestFees(cards.map(({ fees = {} }) => fees)),
    source: 'table',
  };
}

function dearestFees(all: readonly Fees[]): Fees {
  const sums = new Map<string, number>();
  for (const [unit, fee] of all.flatMap((fees) => Object.entries(fees))) {
    sums.set(unit, Math.max(fee, sums.get(unit) ?? 0));
  }
  return Object.fromEntries(sums);
}

/** A card with a fee for each input token, wherever the token is read from. */
export function withInputFee(card: RateCard, fee: number): RateCard {
  if (fee === 0) return card;
  return { ...raised(card, fee), tiers: card.tiers.map((tier) => ({ ...tier, ...raised(tier, fee) })) };
}

function raised<R extends Rates>(rates: R, fee: number): R {
  const media = (['audioIn', 'audioCached', 'imageIn', 'imageCached'] as const).flatMap((name) => {
    const rate = rates[name];
    return rate === undefined ? [] : [[name, rate + fee] as const];
  });
  return {
    ...rates,
    input: rates.input + fee,
    cacheRead: rates.cacheRead + fee,
    cacheWrite: rates.cacheWrite + fee,
    cacheWrite1h: rates.cacheWrite1h + fee,
    ...Object.fromEntries(media),
  };
}
