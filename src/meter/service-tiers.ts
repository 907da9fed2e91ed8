/**
 * What service tiers cost against the standard price, as the providers publish it. The price table has the standard
 * prices alone. A tier that is not here costs as `domain/rate.ts` says of an unknown one.
 */
import type { Factors } from '../domain/rate.js';
import type { Match } from '../domain/price-row.js';
import { matches } from './price-table.js';

interface TierPrices {
  /** The provider's id in the price table. */
  readonly provider: string;
  readonly models: Match;
  readonly factors: Factors;
  /** Page and the day it was read. */
  readonly source: string;
}

const HALF = 500_000;
const OPENAI_PAGE = 'openai.com/api-priority-processing, 2026-11-24; genai-prices 0.2.3';
const CLAUDE_PAGES = 'platform.claude.com/docs/build-with-claude/{fast-mode,data-residency}, 2026-11-24';

/**
 * The first row that matches applies, so that a special model stands before its family. Priority and fast of OpenAI's
 * models stand in the price table, model by model: one without them is not offered so, and no factor is guessed.
 */
export const TIER_PRICES: readonly TierPrices[] = [
  {
    // The one model whose price at this tier is published.
    provider: 'openai',
    models: [{ regex: '^gpt-6-astra(-\\d{4}-\\d\\d-\\d\\d)?$' }],
    factors: { flex: HALF, batch: HALF, regional: 1_100_000, longCache: 2_500_000, ultrafast: 6_000_000 },
    source: `${OPENAI_PAGE}; vercel.com/changelog/openai-ultrafast-mode-now-available-on-ai-gateway, 2026-09-29`,
  },
  {
    // Ultrafast is left out: it costs 3 times the standard until 2027-02-28 and 6 times from then on.
    provider: 'openai',
    models: [{ starts: 'gpt-6.2-sol' }, { starts: 'gpt-6-2-sol' }],
    factors: {
      ...{ flex: HALF, batch: HALF, fast: 2_000_000, priority: 2_000_000 },
      regional: 1_100_000,
      longCache: 2_500_000,
    },
    source: `developers.openai.com/api/docs/models/gpt-6.2-sol, 2026-11-28; ${OPENAI_PAGE}`,
  },
  // A cache that is kept for twelve hours is written at 2.5 times the input price, where writes have a price at all.
  {
    provider: 'openai',
    models: { regex: '^gpt-(5\\.[6-9]|[6-9])' },
    factors: { flex: HALF, batch: HALF, regional: 1_100_000, longCache: 2_500_000 },
    source: `${OPENAI_PAGE}; developers.openai.com/api/docs/models/gpt-6.2-sol, 2026-11-27`,
  },
  // What is served within one region costs a tenth more since GPT-5.4: the table's own rows for Bedrock agree.
  {
    provider: 'openai',
    models: { regex: '^(ft:)?gpt-(5\\.[4-9]|[6-9])' },
    factors: { flex: HALF, batch: HALF, regional: 1_100_000 },
    source: OPENAI_PAGE,
  },
  { provider: 'openai', models: { has: '' }, factors: { flex: HALF, batch: HALF }, source: OPENAI_PAGE },
  // Anthropic's priority tier is capacity that was paid for in advance, at the standard price.
  ...anthropic([{ has: 'opus-4-6' }, { has: 'opus-4.6' }, { has: 'opus-4-7' }, { has: 'opus-4.7' }], 6_000_000),
  ...anthropic([{ has: 'opus' }], 2_000_000),
  // Other models are not offered in fast mode.
  ...anthropic([{ has: '' }]),
  {
    // Endpoints of a region or of several cost a tenth more than the global one, for models since the third generation.
    provider: 'google',
    models: { regex: 'gemini-([3-9]|\\d\\d)' },
    factors: { flex: HALF, batch: HALF, priority: 2_000_000, regional: 1_100_000 },
    source:
      'ai.google.dev/gemini-api/docs/optimization, 2026-11-24; regions: third parties that read Google’s page, since 2026-07-01: github.com/BerriAI/litellm/pull/37543, 2026-08-20; github.com/promptfoo/promptfoo/pull/10389, 2026-08-14',
  },
  {
    // Priority costs 1.75 to 2 times the standard, by model; the page does not say which has which.
    provider: 'google',
    models: { has: 'gemini' },
    factors: { flex: HALF, batch: HALF, priority: 2_000_000 },
    source: 'ai.google.dev/gemini-api/docs/optimization, 2026-11-24',
  },
  {
    // An endpoint of one region costs a tenth more than the global one, from Claude 4.5 on.
    provider: 'google',
    models: { regex: 'claude-[a-z]+-(4[-.][5-9]|[5-9])' },
    factors: { regional: 1_100_000 },
    source: 'platform.claude.com/docs/en/about-claude/pricing, 2026-11-24',
  },
  // Bedrock's regional models have rows of their own in the table. Bedrock says that its tiers cost more and less, and not how much.
];

/** What the tiers of a model cost, its name in lower case; undefined where nothing is published. */
export function tierPricesOf(provider: string, model: string): TierPrices | undefined {
  return TIER_PRICES.find((row) => row.provider === provider && matches(row.models, model));
}

function anthropic(models: Match, fast?: number): readonly TierPrices[] {
  const factors = { batch: HALF, priority: 1_000_000, regional: 1_100_000, ...(fast && { fast }) };
  return [{ provider: 'anthropic', models, factors, source: CLAUDE_PAGES }];
}
