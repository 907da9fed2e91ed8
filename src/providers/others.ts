/** Providers of which a few lines say all that is known. */
import type { Provider } from './provider.js';
import { BEARER, billedTool, byTokens, EITHER, PER_1K } from './row-parts.js';
import { OVERLOADED } from './status-rule.js';

/** DeepSeek. */
export const deepseek: Provider = {
  name: 'deepseek',
  hosts: ['api.deepseek.com'],
  keys: { variables: ['DEEPSEEK_API_KEY'], prefix: 'sk-', places: EITHER },
  maker: 'open',
  listsOwnModels: true,
  statuses: [{ ...OVERLOADED, source: 'https://api-docs.deepseek.com/quick_start/error_codes' }],
  tools: [
    // Free in coding tools until 2026-10-31; since then $0.75 for 1,000 searches or pages that succeed.
    {
      ...billedTool(
        { regex: '^web_search_\\d{8}$' },
        'searches',
        0.75 * PER_1K,
        'DeepSeek’s Search & Fetch guide, as read in apidog.com/blog/deepseek-search-api-free, 2026-10-28, and skills.sh/jpcaparas/skills/deepseek-search, 2026-11-10',
      ),
      untold: 'pages that a search opens are billed as well',
    },
  ],
};

/** Together. */
export const together: Provider = {
  name: 'together',
  hosts: ['api.together.xyz', 'api.together.ai'],
  keys: {
    variables: ['TOGETHER_API_KEY', 'TOGETHERAI_API_KEY', 'TOGETHER_AI_API_KEY'],
    prefix: '',
    places: BEARER,
  },
  maker: 'open',
  reportsUnasked: true,
};

/** Fireworks. */
export const fireworks: Provider = {
  name: 'fireworks',
  hosts: ['api.fireworks.ai'],
  keys: { variables: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'], prefix: 'fw_', places: BEARER },
  maker: 'open',
  reportsUnasked: true,
  statuses: [{ ...OVERLOADED, source: 'https://docs.fireworks.ai/guides/inference-error-codes' }],
};

/** Perplexity. */
export const perplexity: Provider = {
  name: 'perplexity',
  hosts: ['api.perplexity.ai'],
  keys: {
    variables: ['PERPLEXITY_API_KEY', 'PERPLEXITYAI_API_KEY', 'PPLX_API_KEY'],
    prefix: 'pplx-',
    places: BEARER,
  },
  maker: 'open',
  reportsUnasked: true,
  // `usage.cost.total_cost` (docs.perplexity.ai, chat completions, 2026-11-24).
  statesCost: true,
  // The price table has what a search costs as a fee for each call.
  tools: [byTokens(['web_search'], 'genai-prices 0.1.8, 2026-09-23')],
};

/** Cerebras. */
export const cerebras: Provider = {
  name: 'cerebras',
  hosts: ['api.cerebras.ai'],
  keys: { variables: ['CEREBRAS_API_KEY'], prefix: 'csk-', places: BEARER },
  maker: 'open',
  knowsCompletionTokens: true,
};

/** GitHub Models. */
export const githubModels: Provider = {
  name: 'github-models',
  hosts: ['models.inference.ai.azure.com', 'models.github.ai'],
  knowsCompletionTokens: true,
  servesStrictModels: true,
};

/** Ollama's cloud. */
export const ollamaCloud: Provider = { name: 'ollama-cloud', hosts: ['ollama.com'], dialect: 'ollama', maker: 'open' };

/** Ollama on one's own machine, whatever its models are called. */
export const ollama: Provider = { name: 'ollama', hosts: [], dialect: 'ollama', maker: 'open', ownServer: true };

/** Databricks, which is metered where a policy names its host. */
export const databricks: Provider = {
  name: 'databricks',
  hosts: [],
  // A 400 (anomalyco/opencode#4698 and #31156, RooCodeInc/Roo-Code#2495, read 2026-11-28).
  refusesUsageWish: /(^|\.)(cloud\.databricks\.com|gcp\.databricks\.com|azuredatabricks\.net)$/,
};

/** Makers whose lists of prices are asked for a model of an unknown provider, and of which nothing else is known. */
export const otherMakers: readonly Provider[] = ['moonshotai', 'zhipuai', 'minimax'].map((name) => ({
  name,
  hosts: [],
  listsOwnModels: true,
}));
