import type { HostedTool, Provider } from './provider.js';
import { billedTool, byTokens, EITHER, PER_1K } from './row-parts.js';

const TOOLS_PAGE = 'docs.x.ai/developers/pricing (tool invocations), 2026-11-28';

const TOOLS: readonly HostedTool[] = [
  billedTool([{ starts: 'web_search' }, 'x_search'], 'searches', 5 * PER_1K, TOOLS_PAGE),
  billedTool(['code_execution', 'code_interpreter'], 'toolCalls', 5 * PER_1K, TOOLS_PAGE),
  billedTool('attachment_search', 'fileSearches', 10 * PER_1K, TOOLS_PAGE),
  billedTool(['collections_search', 'file_search'], 'fileSearches', 2.5 * PER_1K, TOOLS_PAGE),
  // The search of its chat, by the sources that an answer used. xAI answers it with 410 now (docs.apiyi.com, 2026-07-13).
  billedTool('live_search', 'searches', 25 * PER_1K, 'docs.x.ai/docs/models (as copied by third parties), 2026-01'),
  byTokens(['view_image', 'view_x_video'], TOOLS_PAGE),
];

/** xAI. */
export const xai: Provider = {
  name: 'x-ai',
  hosts: ['api.x.ai', '*.api.x.ai'],
  keys: { variables: ['XAI_API_KEY'], prefix: 'xai-', places: EITHER },
  maker: 'x-ai',
  knowsCompletionTokens: true,
  // `usage.cost_in_usd_ticks` (docs.x.ai, cost tracking, 2026-11-24).
  statesCost: true,
  listsOwnModels: true,
  statuses: [
    {
      statuses: [400, 403, 422],
      first: true,
      error: /usage guideline|safety_check/i,
      billed: true,
      fee: 50_000_000,
      basis: 'stated',
      why: 'a request against the usage guidelines is charged, by $0.05 where it was caught before generation',
      source: 'https://docs.x.ai/developers/pricing#usage-guidelines-violation-fee',
      date: '2026-07-17',
    },
  ],
  tools: TOOLS,
};
