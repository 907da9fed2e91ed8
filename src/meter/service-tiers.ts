/**
 * What service tiers cost against the standard price, as the providers publish it. The price table has the standard
 * prices alone. A tier that is not here costs as `domain/rate.ts` says of an unknown one.
 */
import type { Factors } from '../domain/rate.js';
import { matches, type Match } from './price-table.js';

interface TierPrices {
  /** The provider's id in the price table. */
  readonly provider: string;
  readonly models: Match;
  readonly factors: Factors;
  /** Page and the day it was read. */
  readonly source: string;
}

const HALF = 500_000;
const PRIORITY_PAGE = 'openai.com/api-priority-processing, 2026-11-24';
const CLAUDE_PAGES = 'platform.claude.com/docs/build-with-claude/{fast-mode,data-residency}, 2026-11-24';

/** The first row that matches applies, so that a special model stands before its family. */
export const TIER_PRICES: readonly TierPrices[] = [
  {
    // The one model whose price at this tier is published.
    provider: 'openai',
    models: [{ regex: '^gpt-6-astra(-\\d{4}-\\d\\d-\\d\\d)?$' }],
    factors: {
      ...{ flex: HALF, batch: HALF, priority: 2_000_000, fast: 2_000_000, regional: 1_100_000 },
      ultrafast: 6_000_000,
    },
    source: `${PRIORITY_PAGE}; vercel.com/changelog/openai-ultrafast-mode-now-available-on-ai-gateway, 2026-09-29`,
  },
  ...openai([{ starts: 'gpt-4o-mini' }], 1_666_667, PRIORITY_PAGE),
  ...openai(['gpt-4o-2024-05-13', { starts: 'gpt-4.1-mini' }], 1_750_000, PRIORITY_PAGE),
  ...openai([{ starts: 'gpt-4o' }], 1_700_000, PRIORITY_PAGE),
  ...openai([{ starts: 'gpt-4.1-nano' }], 2_000_000, PRIORITY_PAGE),
  ...openai([{ starts: 'gpt-4.1' }, 'o3', { starts: 'o3-20' }], 1_750_000, PRIORITY_PAGE),
  ...openai([{ starts: 'o4-mini' }], 1_818_182, PRIORITY_PAGE),
  ...openai([{ starts: 'gpt-5-mini' }], 1_800_000, PRIORITY_PAGE),
  // What is served within one region costs a tenth more since GPT-5.4: the table's own rows for Bedrock agree.
  ...openai([{ regex: '^gpt-(5\\.[4-9]|[6-9])' }], 2_000_000, `${PRIORITY_PAGE}; genai-prices 0.1.8`, 1_100_000),
  ...openai([{ has: '' }], 2_000_000, PRIORITY_PAGE),
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
      'ai.google.dev/gemini-api/docs/optimization, 2026-11-24; github.com/BerriAI/litellm/pull/37543, 2026-08-20; github.com/promptfoo/promptfoo/pull/10389, 2026-08-14',
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

function openai(models: Match, priority: number, source: string, regional?: number): readonly TierPrices[] {
  const factors = { flex: HALF, batch: HALF, priority, fast: priority, ...(regional && { regional }) };
  return [{ provider: 'openai', models, factors, source }];
}

function anthropic(models: Match, fast?: number): readonly TierPrices[] {
  const factors = { batch: HALF, priority: 1_000_000, ...(fast && { fast }), regional: 1_100_000 };
  return [{ provider: 'anthropic', models, factors, source: CLAUDE_PAGES }];
}
