/** What the tools of a call make of its price: fees by the use, units to hold for, and what has no known price. */
import type { Fees, RateCard } from '../domain/rate.js';
import type { Meter, Meters } from '../domain/usage.js';
import type { AskedTool, Dialect } from './dialects/dialect.js';
import { UNKNOWN_PROVIDER } from '../providers/lookup.js';
import type { Providers } from '../providers/provider.js';
import type { HostedTool, Provider } from '../providers/provider.js';
import { hostedTool } from './hosted-tools.js';

/** What the tools of a call make of its price. */
export interface ToolPrices {
  /** Pico-USD for each unit, the dearest of those that may come up. */
  readonly fees: Fees;
  /** Most units, of the tools whose use is bounded. */
  readonly meters: Meters;
  /** Units that an answer costs though it states none of them. */
  readonly always: Meters;
  /** What has no known price, in words: "the tool web_search". */
  readonly unpriced?: string;
  /** What of a unit's cost no answer tells, by the unit. */
  readonly untold: Readonly<Partial<Record<Meter, string>>>;
}

/** Whose tools a host has: its provider's, or where none is known those of its wire format's own provider. */
export function sellerOf(provider: Provider, { by }: Pick<Dialect, 'by'>, providers: Providers): Provider {
  return provider.name === UNKNOWN_PROVIDER && by !== undefined ? providers.named(by) : provider;
}

/**
 * Prices the tools of a call.
 * @param card of the model; a policy's own fees win over those that are known here
 * @param seller whose tools they are
 */
export function toolPrices(
  card: RateCard | undefined,
  seller: Provider,
  model: string,
  tools: readonly AskedTool[],
): ToolPrices {
  const found = tools.map((tool) => priceOf(card, tool, hostedTool(seller, model.toLowerCase(), tool.name)));
  const unpriced = isFree(card) ? undefined : found.find(({ isKnown }) => !isKnown);
  return {
    fees: merged(found, ({ fee }) => fee, Math.max),
    meters: merged(found, ({ most }) => most, sum),
    always: merged(found, ({ always }) => always, sum),
    untold: Object.fromEntries(found.flatMap(({ unit, untold }) => (unit && untold ? [[unit, untold]] : []))),
    ...(unpriced && { unpriced: `the tool ${unpriced.name}` }),
  };
}

interface ToolPrice {
  readonly name: string;
  readonly isKnown: boolean;
  readonly unit?: Meter | undefined;
  readonly fee?: number | undefined;
  readonly most?: number | undefined;
  readonly always?: number | undefined;
  readonly untold?: string | undefined;
}

function priceOf(card: RateCard | undefined, { name, most: allowed }: AskedTool, row?: HostedTool): ToolPrice {
  const unit = row ? row.meter : unitOf(name);
  const fee = unit && feeOf(card, row, unit);
  if (unit === undefined || fee === undefined) return { name, isKnown: row !== undefined };
  const most = Math.min(allowed ?? Infinity, row?.most ?? Infinity);
  const always = row?.always && (allowed ?? 1);
  return { name, isKnown: true, unit, fee, most: Number.isFinite(most) ? most : always, always, untold: row?.untold };
}

/** The numbers of several tools by their units. */
function merged(
  prices: readonly ToolPrice[],
  numberOf: (price: ToolPrice) => number | undefined,
  both: (a: number, b: number) => number,
): Readonly<Partial<Record<Meter, number>>> {
  const numbers: Partial<Record<Meter, number>> = {};
  for (const price of prices) {
    const number = numberOf(price);
    if (price.unit === undefined || number === undefined) continue;
    const before = numbers[price.unit];
    numbers[price.unit] = before === undefined ? number : both(before, number);
  }
  return numbers;
}

function sum(a: number, b: number): number {
  return a + b;
}

function feeOf(card: RateCard | undefined, row: HostedTool | undefined, unit: Meter): number | undefined {
  if (card?.source === 'policy') return card.fees?.[unit] ?? row?.fee;
  return row?.fee;
}

/** The unit that a policy's fee has for a tool that is not known here, by the words of its name. */
const UNITS: readonly (readonly [RegExp, Meter])[] = [
  [/file|document|retrieval|collection|librar|rag\b/, 'fileSearches'],
  [/maps?\b|_map/, 'mapSearches'],
  [/search|news/, 'searches'],
  [/code|shell|container/, 'containers'],
  [/image/, 'images'],
];

function unitOf(name: string): Meter {
  return UNITS.find(([words]) => words.test(name))?.[1] ?? 'toolCalls';
}

/** Whether the model costs nothing at all, whatever it does: on one's own machine, or as a policy says. */
export function isFree(card: RateCard | undefined): boolean {
  if (card === undefined) return false;
  return card.input === 0 && card.output === 0 && Object.values(card.fees ?? {}).every((fee) => fee === 0);
}

/** A card with the fees of a call's tools; those that a policy sets for its rate stay. */
export function withFees(card: RateCard, fees: Fees): RateCard {
  if (Object.keys(fees).length === 0) return card;
  return { ...card, fees: card.source === 'policy' ? { ...fees, ...card.fees } : { ...card.fees, ...fees } };
}

/**
 * The units of an answer, as the tools are billed that its request asked for: Google states the queries of each of its
 * searches alike.
 */
export function billedMeters(stated: Meters = {}, tools: readonly AskedTool[], always: Meters): Meters {
  const { searches = 0, ...others } = stated;
  const asked = new Set(tools.map(({ name }) => name));
  const unit = searchUnit(asked);
  const moved = { ...others, [unit]: Math.max(searches, others[unit as keyof typeof others] ?? 0) };
  const counted: Partial<Record<Meter, number>> = searches > 0 ? moved : { ...stated };
  for (const [meter, count] of Object.entries(always) as [Meter, number][]) {
    counted[meter] = Math.max(counted[meter] ?? 0, count);
  }
  if (tools.some(({ name }) => RUNS_CODE_FREE.test(name))) delete counted.containers;
  return counted;
}

/** Claude's searches since 2026-02-09, with which its code costs nothing (platform.claude.com, pricing of tools, 2026-11-24). */
const RUNS_CODE_FREE = /^web_(search|fetch)_(2026(0209|021\d|022\d|0[3-9]\d\d|1\d\d\d)|20(2[7-9]|[3-9]\d)\d{4})$/;

function searchUnit(asked: ReadonlySet<string>): Meter {
  if (asked.has('google_search') || asked.has('google_search_retrieval')) return 'searches';
  if (asked.has('enterprise_web_search')) return 'enterpriseSearches';
  return asked.has('google_maps') ? 'mapSearches' : 'searches';
}
