import type { Match } from '../domain/match.js';
import { LARGE_PICTURE, PICTURE } from './pictures.js';
import type { HostedTool, OwnPrice, Provider, TierPrices } from './provider.js';
import { billedTool, byTokens, HALF, usdPerMillion, PER_1K } from './row-parts.js';
import type { StatusRule } from './status-rule.js';

const GEMINI = 'ai.google.dev/gemini-api/docs/pricing, 2026-09-17';
const MAPS = 'github.com/BerriAI/litellm/pull/38418, 2026-08-26; iyulab/TokenMeter v0.14.0';
const ENTERPRISE = 'cloud.google.com/vertex-ai/generative-ai/pricing (as copied by third parties), 2026-07';
const VERTEX = 'LiteLLM’s table of prices for vertex_ai (third party), 2026-11-27';

const THIRD = { regex: 'gemini-([3-9]|\\d\\d)' };

const STATUSES: readonly StatusRule[] = [
  {
    first: true,
    host: 'aiplatform',
    statuses: [[400, 599]],
    own: true,
    billed: false,
    basis: 'stated',
    why: 'only requests that return a 200 response code are charged',
    source: 'https://cloud.google.com/vertex-ai/generative-ai/pricing',
    date: '2026-09-23',
  },
  {
    first: true,
    statuses: [400, 500],
    own: true,
    billed: false,
    basis: 'stated',
    why: 'a request that fails with a 400 or 500 error is not charged',
    source: 'https://ai.google.dev/gemini-api/docs/billing',
    date: '2026-09-20',
  },
  {
    first: true,
    statuses: [503],
    own: true,
    billed: false,
    basis: 'meaning',
    why: 'the service is overloaded or down and takes no request',
    source: 'https://ai.google.dev/gemini-api/docs/troubleshooting',
    date: '2026-09-20',
  },
];

const TIERS: readonly TierPrices[] = [
  {
    // Endpoints of a region or of several cost a tenth more than the global one, for models since the third generation.
    models: THIRD,
    factors: { flex: HALF, batch: HALF, priority: 2_000_000, regional: 1_100_000 },
    source:
      'ai.google.dev/gemini-api/docs/optimization, 2026-11-24; regions: third parties that read Google’s page, since 2026-07-01: github.com/BerriAI/litellm/pull/37543, 2026-08-20; github.com/promptfoo/promptfoo/pull/10389, 2026-08-14',
  },
  {
    // Priority costs 1.75 to 2 times the standard, by model; the page does not say which has which.
    models: { has: 'gemini' },
    factors: { flex: HALF, batch: HALF, priority: 2_000_000 },
    source: 'ai.google.dev/gemini-api/docs/optimization, 2026-11-24',
  },
  {
    // An endpoint of one region costs a tenth more than the global one, from Claude 4.5 on.
    models: { regex: 'claude-[a-z]+-(4[-.][5-9]|[5-9])' },
    factors: { regional: 1_100_000 },
    source: 'platform.claude.com/docs/en/about-claude/pricing, 2026-11-24',
  },
];

const TOOLS: readonly HostedTool[] = [
  // From the third generation on each query is billed, before it each request that searched, however often.
  { ...billedTool('google_search', 'searches', 14 * PER_1K, GEMINI), models: THIRD },
  { ...billedTool(['google_search', 'google_search_retrieval'], 'searches', 35 * PER_1K, GEMINI), most: 1 },
  { ...billedTool('google_maps', 'mapSearches', 14 * PER_1K, MAPS), models: THIRD },
  { ...billedTool('google_maps', 'mapSearches', 25 * PER_1K, MAPS), most: 1 },
  { ...billedTool('enterprise_web_search', 'enterpriseSearches', 14 * PER_1K, ENTERPRISE), models: THIRD },
  {
    ...billedTool('enterprise_web_search', 'enterpriseSearches', 45 * PER_1K, ENTERPRISE),
    models: { regex: 'gemini-[12]\\.' },
    most: 1,
  },
  byTokens(['url_context', 'code_execution', 'file_search', 'mcp_server', 'computer_use'], GEMINI),
  // Pictures of endpoints in OpenAI's form, which state no usage: 1,290 tokens each, 1,120 or 2,000 by the size.
  picture('gemini-2.5-flash-image', [PICTURE, LARGE_PICTURE], 39_000_000_000),
  picture('gemini-3-pro-image', PICTURE, 134_400_000_000),
  picture('gemini-3-pro-image', LARGE_PICTURE, 240_000_000_000),
];

function picture(model: string, tool: Match, fee: number): HostedTool {
  return { ...billedTool(tool, 'images', fee, GEMINI), models: { starts: model } };
}

/** Open models that Vertex AI serves under names that end in -maas. */
const PRICES: readonly OwnPrice[] = [
  { models: { ends: 'llama-3.3-70b-instruct-maas' }, rates: usdPerMillion([0.72, 0.72]), source: VERTEX },
  { models: { ends: 'llama-4-maverick-17b-128e-instruct-maas' }, rates: usdPerMillion([0.35, 1.15]), source: VERTEX },
];

/** The Gemini API and Vertex AI. */
export const google: Provider = {
  name: 'google',
  hosts: [
    'generativelanguage.googleapis.com',
    'aiplatform.googleapis.com',
    '*-aiplatform.googleapis.com',
    'aiplatform.*.rep.googleapis.com',
  ],
  keys: {
    variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    prefix: 'AIza',
    places: ['x-goog-api-key', '?key=', 'authorization'],
  },
  credentials: [['GOOGLE_APPLICATION_CREDENTIALS', 'Google clients make tokens of it']],
  dialect: 'gemini',
  knowsCompletionTokens: true,
  servesStrictModels: true,
  regional: {
    hosts: /^([a-z]+-[a-z]+\d+-aiplatform|aiplatform\.[a-z]+\.rep)\.googleapis\.com$/,
    // A Vertex path names the place that serves it, whatever host takes it.
    paths: /\/projects\/[^/]+\/locations\/(?!global\/)[^/]+\/publishers\//,
  },
  listsOwnModels: true,
  statuses: STATUSES,
  tiers: TIERS,
  tools: TOOLS,
  // Searches that a project has free of charge each day are not to be seen in an answer: these are list prices.
  toolFees: [
    // $14 for 1,000 queries.
    { models: THIRD, fees: { searches: 14_000_000_000 }, source: GEMINI },
    // $35 for 1,000 requests that searched, however often.
    { models: { has: 'gemini' }, fees: { searches: 35_000_000_000 }, source: GEMINI },
  ],
  prices: PRICES,
};
