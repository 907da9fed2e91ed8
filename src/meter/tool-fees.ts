/** What providers bill by the use of a tool, where the price table has no fee: it goes for every model of a kind. */
import type { Fees } from '../domain/rate.js';
import type { Match } from '../domain/price-row.js';
import { matches } from './price-table.js';

interface ToolFees {
  /** The provider's id in the price table. */
  readonly provider: string;
  readonly models: Match;
  readonly fees: Fees;
  /** Page and the day of its words. */
  readonly source: string;
}

const GEMINI_PAGE = 'ai.google.dev/gemini-api/docs/pricing, 2026-09-17';

/** Searches that a project has free of charge each day are not to be seen in an answer: these are list prices. */
export const TOOL_FEES: readonly ToolFees[] = [
  // $14 for 1,000 queries.
  {
    provider: 'google',
    models: { regex: 'gemini-([3-9]|\\d\\d)' },
    fees: { searches: 14_000_000_000 },
    source: GEMINI_PAGE,
  },
  // $35 for 1,000 requests that searched, however often.
  { provider: 'google', models: { has: 'gemini' }, fees: { searches: 35_000_000_000 }, source: GEMINI_PAGE },
];

/** The fees of a model's tools, its name in lower case; undefined where the price table has all that is known. */
export function toolFeesOf(provider: string, model: string): ToolFees | undefined {
  return TOOL_FEES.find((row) => row.provider === provider && matches(row.models, model));
}
