import type { Provider } from './provider.js';
import { billedTool, EITHER, PER_1K } from './row-parts.js';

const SEARCH_PAGE = 'openrouter.ai/docs/features/web-search, 2026-11-28';

/** OpenRouter. */
export const openrouter: Provider = {
  name: 'openrouter',
  hosts: ['openrouter.ai'],
  keys: { variables: ['OPENROUTER_API_KEY'], prefix: 'sk-or-v1-', places: EITHER },
  knowsCompletionTokens: true,
  reportsUnasked: true,
  errorShape: 'numbered',
  // `usage.cost` (openrouter.ai/docs/use-cases/usage-accounting, 2026-11-24).
  statesCost: true,
  statuses: [
    {
      first: true,
      statuses: [[400, 407], [409, 498], [500, 503], 529],
      own: true,
      billed: false,
      basis: 'stated',
      why: 'an answer without output, or with an error, is not billed',
      source: 'https://openrouter.ai/docs/guides/features/zero-completion-insurance',
      date: '2026-09-29',
    },
  ],
  tools: [
    // By the result: five where a request does not say how many.
    { ...billedTool('plugin:web', 'searches', 4 * PER_1K, SEARCH_PAGE), always: true },
    billedTool('openrouter:web_search', 'searches', 4 * PER_1K, SEARCH_PAGE),
  ],
  routers: [
    {
      models: { regex: '^openrouter/auto(-|:|$)' },
      fee: 0,
      source: 'openrouter.ai/docs/model-routing: the list of models changes, the price is that of the pick; 2026-11-27',
    },
  ],
  resells: {
    soleMakers: new Map([
      ...['openai', 'anthropic', 'google', 'x-ai', 'cohere', 'perplexity'].map((name) => [name, name] as const),
      ['amazon', 'aws'],
    ]),
    openWeights: /gpt-oss|gemma/,
  },
};
