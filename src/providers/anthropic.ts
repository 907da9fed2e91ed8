import type { Match } from '../domain/match.js';
import type { HostedTool, Provider, TierPrices } from './provider.js';
import { billedTool, BY_TIME, byTokens, EITHER, HALF, PER_1K } from './row-parts.js';

const TIERS_PAGES = 'platform.claude.com/docs/build-with-claude/{fast-mode,data-residency}, 2026-11-24';
const TOOLS_PAGE = 'platform.claude.com/docs/en/about-claude/pricing (tools), 2026-11-24';

/**
 * The priority tier is capacity that was paid for in advance, at the standard price.
 * @param fast factor of fast mode, where the models are offered in it
 */
function tier(models: Match, fast?: number): TierPrices {
  const factors = { batch: HALF, priority: 1_000_000, regional: 1_100_000, ...(fast && { fast }) };
  return { models, factors, source: TIERS_PAGES };
}

const TOOLS: readonly HostedTool[] = [
  billedTool({ regex: '^web_search_\\d{8}$' }, 'searches', 10 * PER_1K, TOOLS_PAGE),
  // $0.05 an hour and at least five minutes; the hours that an organisation has free are not to be seen in an answer.
  {
    ...billedTool({ regex: '^code_execution_\\d{8}$' }, 'containers', 4_166_666_667, TOOLS_PAGE),
    untold: BY_TIME,
  },
  byTokens(
    [{ regex: '^(web_fetch|tool_search_tool_(bm25|regex)|advisor|(browser|computer)_toolset)_\\d{8}$' }, 'mcp_toolset'],
    TOOLS_PAGE,
  ),
];

/** Anthropic. */
export const anthropic: Provider = {
  name: 'anthropic',
  hosts: ['api.anthropic.com'],
  keys: { variables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'], prefix: 'sk-ant-api03-', places: EITHER },
  dialect: 'anthropic',
  maker: 'anthropic',
  cachesAsAskedAt: 'api.anthropic.com',
  listsOwnModels: true,
  statuses: [
    {
      statuses: [503],
      own: true,
      billed: false,
      basis: 'meaning',
      why: 'overloaded: the request was not taken',
      source: 'https://platform.claude.com/docs/en/api/errors',
      date: '2026-09-23',
    },
    {
      statuses: [500],
      own: true,
      billed: false,
      basis: 'like case',
      why: 'a request of a batch that ends with an internal server error is not billed',
      source: 'https://platform.claude.com/docs/en/build-with-claude/batch-processing',
      date: '2026-09-23',
    },
  ],
  tiers: [
    tier([{ has: 'opus-4-6' }, { has: 'opus-4.6' }, { has: 'opus-4-7' }, { has: 'opus-4.7' }], 6_000_000),
    tier([{ has: 'opus' }], 2_000_000),
    // Other models are not offered in fast mode.
    tier([{ has: '' }]),
  ],
  tools: TOOLS,
};
