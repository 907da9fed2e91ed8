import type { Match } from '../domain/match.js';
import type { Fees } from '../domain/rate.js';
import type { Meter } from '../domain/usage.js';
import type { HostedTool, OwnPrice, Provider, TierPrices } from './provider.js';
import { BEARER, billedTool, byTokens, HALF, PER_1K, usdPerMillion, WEB_SEARCH } from './row-parts.js';

const TOOLS_PAGE = 'developers.openai.com/api/docs/pricing (built-in tools), 2026-07-09';
const CONTAINERS = 'developers.openai.com/api/docs/pricing, in github.com/simonw/llm/issues/1592, 2026-08-04';
const TIERS_PAGE = 'openai.com/api-priority-processing, 2026-11-24; genai-prices 0.2.3';

/**
 * Priority and fast stand in the price table, model by model: one without them is not offered so, and no factor is
 * guessed.
 */
const TIERS: readonly TierPrices[] = [
  {
    // The one model whose price at this tier is published.
    models: [{ regex: '^gpt-6-astra(-\\d{4}-\\d\\d-\\d\\d)?$' }],
    factors: { flex: HALF, batch: HALF, regional: 1_100_000, longCache: 2_500_000, ultrafast: 6_000_000 },
    source: `${TIERS_PAGE}; vercel.com/changelog/openai-ultrafast-mode-now-available-on-ai-gateway, 2026-09-29`,
  },
  {
    // Ultrafast is left out: it costs 3 times the standard until 2027-02-28 and 6 times from then on.
    models: [{ starts: 'gpt-6.2-sol' }, { starts: 'gpt-6-2-sol' }],
    factors: {
      ...{ flex: HALF, batch: HALF, fast: 2_000_000, priority: 2_000_000 },
      regional: 1_100_000,
      longCache: 2_500_000,
    },
    source: `developers.openai.com/api/docs/models/gpt-6.2-sol, 2026-11-28; ${TIERS_PAGE}`,
  },
  // A cache that is kept for twelve hours is written at 2.5 times the input price, where writes have a price at all.
  {
    models: { regex: '^gpt-(5\\.[6-9]|[6-9])' },
    factors: { flex: HALF, batch: HALF, regional: 1_100_000, longCache: 2_500_000 },
    source: `${TIERS_PAGE}; developers.openai.com/api/docs/models/gpt-6.2-sol, 2026-11-27`,
  },
  // What is served within one region costs a tenth more since GPT-5.4: the table's own rows for Bedrock agree.
  {
    models: { regex: '^(ft:)?gpt-(5\\.[4-9]|[6-9])' },
    factors: { flex: HALF, batch: HALF, regional: 1_100_000 },
    source: TIERS_PAGE,
  },
  { models: { has: '' }, factors: { flex: HALF, batch: HALF }, source: TIERS_PAGE },
];

const PREVIEW_SEARCH = { regex: '^web_search_preview(_\\d{4}_\\d\\d_\\d\\d)?$' };
/** Models that think before they answer, for which the search of the preview costs less. */
const REASONING = { regex: '^(o\\d|codex|computer-use|gpt-([5-9]|\\d\\d)(?!.*chat))' };

const TOOLS: readonly HostedTool[] = [
  // Two small models are billed 8,000 tokens of input for each search, which their usage does not state.
  tool(WEB_SEARCH, 'searches', 10 * PER_1K + 8_000 * 150_000, { models: { starts: 'gpt-4o-mini' } }),
  tool(WEB_SEARCH, 'searches', 10 * PER_1K + 8_000 * 400_000, { models: { starts: 'gpt-4.1-mini' } }),
  tool(WEB_SEARCH, 'searches', 10 * PER_1K),
  tool(PREVIEW_SEARCH, 'searches', 10 * PER_1K, { models: REASONING }),
  tool(PREVIEW_SEARCH, 'searches', 25 * PER_1K),
  // Models that search once for each answer, asked or not.
  tool('search_model', 'searches', 25 * PER_1K, { models: { has: '-search-preview' }, always: true }),
  tool('search_model', 'searches', 10 * PER_1K, { always: true }),
  tool('file_search', 'fileSearches', 2.5 * PER_1K),
  container('1g', 30_000_000_000),
  container('4g', 120_000_000_000),
  container('16g', 480_000_000_000),
  container('64g', 1_920_000_000_000),
  // Its pictures are priced at the model that makes them.
  byTokens(['image_generation'], TOOLS_PAGE),
  byTokens(['programmatic_tool_calling'], TOOLS_PAGE),
];

function tool(name: Match, meter: Meter, fee: number, more: Pick<HostedTool, 'models' | 'always'> = {}): HostedTool {
  return { ...billedTool(name, meter, fee, TOOLS_PAGE), ...more };
}

/**
 * A container of one size, for code or for a shell. It stays for 20 minutes after its last use, which is one session; it
 * may be used for longer.
 */
function container(size: string, fee: number): HostedTool {
  const names = [`code_interpreter:${size}`, `shell:${size}`];
  return { ...billedTool(names, 'containers', fee, CONTAINERS), untold: 'a container is billed by the minute' };
}

/** As for each OpenAI model that has tools: $10 for 1,000 searches of the web, $2.50 for 1,000 searches of files. */
const TOOL_FEES: Fees = { searches: 10_000_000_000, fileSearches: 2_500_000_000 };
const SOL = 'developers.openai.com/api/docs/models/gpt-6.2-sol, 2026-11-28';
const ASTRA =
  'docs.laozhang.ai/en/announcements/gpt-6-2-2026-11 (third party, “OpenAI’s Standard rates”), 2026-11-18; ' +
  'cache writes and longer inputs inferred from gpt-6.2-sol';
const TUNED = 'LiteLLM’s table of prices for ft: names (third party), 2026-11-27';

const PRICES: readonly OwnPrice[] = [
  byLength(ASTRA, ['gpt-6.2-astra', 'gpt-6-2-astra'], [8, 40, 0.4, 10], [16, 60, 0.8, 20]),
  byLength(SOL, ['gpt-6.2-sol', 'gpt-6-2-sol'], [2, 10, 0.1, 2.5], [4, 15, 0.2, 5]),
  // The name says what was tuned, with or without its date; a base that is not here has no price as a tuned one.
  tuned({ regex: '^ft:gpt-4o-mini(-20|:)' }, [0.3, 1.2, 0.15]),
  tuned({ regex: '^ft:gpt-4o(-20|:)' }, [3.75, 15, 1.875]),
  tuned({ regex: '^ft:gpt-4\\.1(-20|:)' }, [3, 12, 0.75]),
  tuned({ regex: '^ft:gpt-4\\.1-mini(-20|:)' }, [0.8, 3.2, 0.2]),
  tuned({ regex: '^ft:gpt-4\\.1-nano(-20|:)' }, [0.2, 0.8, 0.05]),
  tuned({ regex: '^ft:o4-mini(-20|:)' }, [4, 16, 1]),
  tuned({ starts: 'ft:davinci-002' }, [12, 12, 12]),
  tuned({ starts: 'ft:babbage-002' }, [1.6, 1.6, 1.6]),
];

/** @param long the same past 272,000 input tokens */
function byLength(source: string, models: Match, usd: readonly number[], long: readonly number[]): OwnPrice {
  const longer = [{ above: 272_000, ...usdPerMillion(long) }];
  return { models, rates: usdPerMillion(usd), longer, fees: TOOL_FEES, source };
}

function tuned(models: Match, usd: readonly number[]): OwnPrice {
  return { models, rates: usdPerMillion(usd), source: TUNED };
}

/** OpenAI. */
export const openai: Provider = {
  name: 'openai',
  hosts: ['api.openai.com', '*.api.openai.com'],
  keys: { variables: ['OPENAI_API_KEY'], prefix: 'sk-', places: BEARER },
  maker: 'openai',
  tokenizers: 'by name',
  knowsCompletionTokens: true,
  wantsCompletionTokens: true,
  takesUsageWish: /^([a-z]{2}\.)?api\.openai\.com$/,
  regional: { hosts: /^[a-z0-9-]+\.api\.openai\.com$/ },
  listsOwnModels: true,
  statuses: [
    {
      statuses: [503],
      own: true,
      billed: false,
      basis: 'meaning',
      why: 'overloaded: the model has no capacity for the request',
      source: 'https://developers.openai.com/api/docs/guides/error-codes',
      date: '2026-11-28',
    },
  ],
  tiers: TIERS,
  tools: TOOLS,
  prices: PRICES,
};
