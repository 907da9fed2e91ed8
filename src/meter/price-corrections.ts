/**
 * Prices that the compiled table lacks or has wrong, each with the public page it was taken from and that page's day.
 * They go before the table, so an entry is to be dropped once the table has caught up.
 */
import type { Fees } from '../domain/rate.js';
import type { Match, PriceRow, RateTuple } from '../domain/price-row.js';

export interface PriceCorrection {
  /** The provider's id in the table. */
  readonly provider: string;
  /** Page or project and day. */
  readonly source: string;
  readonly row: PriceRow;
}

/** As for each OpenAI model that has tools: $10 for 1,000 searches of the web, $2.50 for 1,000 searches of files. */
const TOOLS: Fees = { searches: 10_000_000_000, fileSearches: 2_500_000_000 };

const SOL = 'developers.openai.com/api/docs/models/gpt-6.2-sol, 2026-11-28';
const ASTRA =
  'docs.laozhang.ai/en/announcements/gpt-6-2-2026-11 (third party, “OpenAI’s Standard rates”), 2026-11-18; ' +
  'cache writes and longer inputs inferred from gpt-6.2-sol';
const TUNED = 'LiteLLM’s table of prices for ft: names (third party), 2026-11-27';
const LARGE =
  'docs.mistral.ai/models: an alias of Large 3, whose price is the table’s, 2026-11-27; Large 4 is a preview under names of its own';
const MISTRAL =
  'docs.mistral.ai/models: price of the newest model of that name; that the alias stands for it is inferred, 2026-11-27';
const COHERE = 'developer.puter.com/tutorials/cohere-api-pricing (third party), 2026-06';
const COHERE_OLD = 'several tables of third parties agree; cohere.com states no price per search now, 2026-11-28';
const VERTEX = 'LiteLLM’s table of prices for vertex_ai (third party), 2026-11-27';

export const PRICE_CORRECTIONS: readonly PriceCorrection[] = [
  correction('openai', ASTRA, ['gpt-6.2-astra', 'gpt-6-2-astra'], [8, 40, 0.4, 10], TOOLS, [16, 60, 0.8, 20]),
  correction('openai', SOL, ['gpt-6.2-sol', 'gpt-6-2-sol'], [2, 10, 0.1, 2.5], TOOLS, [4, 15, 0.2, 5]),
  // The name says what was tuned, with or without its date; a base that is not here has no price as a tuned one.
  correction('openai', TUNED, { regex: '^ft:gpt-4o-mini(-20|:)' }, [0.3, 1.2, 0.15]),
  correction('openai', TUNED, { regex: '^ft:gpt-4o(-20|:)' }, [3.75, 15, 1.875]),
  correction('openai', TUNED, { regex: '^ft:gpt-4\\.1(-20|:)' }, [3, 12, 0.75]),
  correction('openai', TUNED, { regex: '^ft:gpt-4\\.1-mini(-20|:)' }, [0.8, 3.2, 0.2]),
  correction('openai', TUNED, { regex: '^ft:gpt-4\\.1-nano(-20|:)' }, [0.2, 0.8, 0.05]),
  correction('openai', TUNED, { regex: '^ft:o4-mini(-20|:)' }, [4, 16, 1]),
  correction('openai', TUNED, { starts: 'ft:davinci-002' }, [12, 12, 12]),
  correction('openai', TUNED, { starts: 'ft:babbage-002' }, [1.6, 1.6, 1.6]),
  // The table has the price of Large 2.
  correction('mistral', LARGE, 'mistral-large-latest', [0.5, 1.5, 0.05]),
  correction('mistral', MISTRAL, 'ministral-3b-latest', [0.1, 0.1, 0.01]),
  correction('mistral', MISTRAL, 'ministral-14b-latest', [0.2, 0.2, 0.02]),
  correction('mistral', MISTRAL, ['devstral-latest', 'devstral-medium-latest'], [0.4, 2, 0.04]),
  correction('mistral', MISTRAL, ['open-mistral-nemo-2407', 'mistral-nemo-2407'], [0.15, 0.15]),
  correction('mistral', MISTRAL, 'pixtral-12b-2409', [0.15, 0.15]),
  ...['english', 'multilingual'].map((kind) =>
    correction('cohere', COHERE_OLD, { starts: `embed-${kind}-` }, [0.1, 0]),
  ),
  // By the search unit alone.
  ...['rerank-v4.0-pro', 'rerank-4-pro'].map((name) => rerank(COHERE, name, 2_500_000_000)),
  ...[{ starts: 'rerank-v4.0-fast' }, 'rerank-4-fast'].map((name) => rerank(COHERE, name, 2_000_000_000)),
  ...[{ starts: 'rerank-v3' }, { starts: 'rerank-english-v3' }, { starts: 'rerank-multilingual-v3' }].map((name) =>
    rerank(COHERE_OLD, name, 2_000_000_000),
  ),
  // Open models that Vertex AI serves under names that end in -maas.
  correction('google', VERTEX, { ends: 'llama-3.3-70b-instruct-maas' }, [0.72, 0.72]),
  correction('google', VERTEX, { ends: 'llama-4-maverick-17b-128e-instruct-maas' }, [0.35, 1.15]),
];

/**
 * @param usd USD per 1M tokens: input, output, cache read and cache write; the last two are as input where left out
 * @param long the same past 272,000 input tokens
 */
function correction(
  provider: string,
  source: string,
  match: Match,
  usd: readonly number[],
  fees?: Fees,
  long?: readonly number[],
): PriceCorrection {
  const card = long ? ([ratesOf(usd), [272_000, ratesOf(long)]] as const) : ([ratesOf(usd)] as const);
  return { provider, source, row: [match, { card, ...(fees && { fees }) }] };
}

function ratesOf([input = 0, output = 0, read = input, write = input]: readonly number[]): RateTuple {
  const [inputRate, outputRate, readRate, writeRate] = [input, output, read, write].map((usd) => Math.ceil(usd * 1e6));
  return [inputRate ?? 0, outputRate ?? 0, readRate ?? 0, writeRate ?? 0, writeRate ?? 0];
}

function rerank(source: string, match: Match, searchUnits: number): PriceCorrection {
  return { provider: 'cohere', source, row: [match, { card: [[0, 0, 0, 0, 0]], fees: { searchUnits } }] };
}
