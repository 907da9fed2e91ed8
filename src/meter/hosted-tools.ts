/**
 * What the tools cost that run at a provider, beside the tokens that they bring in. A tool that has no row here has no
 * known price: under a cost limit it is refused as a model without a price is.
 */
import type { Meter } from '../domain/usage.js';
import type { Match } from '../domain/price-row.js';
import { matches } from './price-table.js';

/** What stands for a picture that is made and billed each, among the tools of a request. */
export const PICTURE = 'picture:1k';
export const LARGE_PICTURE = 'picture:4k';

export interface HostedTool {
  /** The provider's id in the price table. */
  readonly provider: string;
  /** Its names in requests, lower case. */
  readonly tool: Match;
  /** Models that it costs this with; all where none are named. */
  readonly models?: Match;
  /** The unit that it is billed by; left out where its tokens are all that is billed. */
  readonly meter?: Meter;
  /** Pico-USD for each unit. */
  readonly fee?: number;
  /** Most units that one request can take, where the provider says so. */
  readonly most?: number;
  /** Every answer uses it that often, and states nothing of it. */
  readonly always?: true;
  /** What of its cost no answer tells. */
  readonly untold?: string;
  /** Page or thread that states it, and the day of its words. */
  readonly source: string;
}

/** In place of a provider: at each of them. */
const ANYWHERE = '*';
/** Pico-USD for each, of one USD for a thousand. */
const PER_1K = 1_000_000_000;
const OPENAI = 'developers.openai.com/api/docs/pricing (built-in tools), 2026-07-09';
const CONTAINERS = 'developers.openai.com/api/docs/pricing, in github.com/simonw/llm/issues/1592, 2026-08-04';
const CLAUDE = 'platform.claude.com/docs/en/about-claude/pricing (tools), 2026-11-24';
const GEMINI = 'ai.google.dev/gemini-api/docs/pricing, 2026-09-17';
const MAPS = 'github.com/BerriAI/litellm/pull/38418, 2026-08-26; iyulab/TokenMeter v0.14.0';
const ENTERPRISE = 'cloud.google.com/vertex-ai/generative-ai/pricing (as copied by third parties), 2026-07';
const XAI = 'docs.x.ai/developers/pricing (tool invocations), 2026-11-28';
const GROQ =
  'console.groq.com/docs/compound/systems/compound (built-in tools; copies of 2025 and 2026 agree), 2026-11-28';
const DEEPSEEK =
  'DeepSeek’s Search & Fetch guide, as read in apidog.com/blog/deepseek-search-api-free, 2026-10-28, and skills.sh/jpcaparas/skills/deepseek-search, 2026-11-10';

const OPENROUTER = 'openrouter.ai/docs/features/web-search, 2026-11-28';

const DATED = '(_\\d{4}_\\d\\d_\\d\\d)?$';
const SEARCH = { regex: `^web_search${DATED}` };
const PREVIEW_SEARCH = { regex: `^web_search_preview${DATED}` };
/** Models that think before they answer, for which the search of the preview costs less. */
const REASONING = { regex: '^(o\\d|codex|computer-use|gpt-([5-9]|\\d\\d)(?!.*chat))' };
const THIRD = { regex: 'gemini-([3-9]|\\d\\d)' };
/** A container stays for 20 minutes after its last use, which is one session; it may be used for longer. */
const BY_MINUTE = 'a container is billed by the minute';
const BY_TIME = 'code execution is billed by its time';

/** The first row that matches applies, so that a special model stands before the others. */
export const HOSTED_TOOLS: readonly HostedTool[] = [
  // Two small models are billed 8,000 tokens of input for each search, which their usage does not state.
  openai(SEARCH, 'searches', 10 * PER_1K + 8_000 * 150_000, { models: { starts: 'gpt-4o-mini' } }),
  openai(SEARCH, 'searches', 10 * PER_1K + 8_000 * 400_000, { models: { starts: 'gpt-4.1-mini' } }),
  openai(SEARCH, 'searches', 10 * PER_1K),
  openai(PREVIEW_SEARCH, 'searches', 10 * PER_1K, { models: REASONING }),
  openai(PREVIEW_SEARCH, 'searches', 25 * PER_1K),
  // Models that search once for each answer, asked or not.
  openai('search_model', 'searches', 25 * PER_1K, { models: { has: '-search-preview' }, always: true }),
  openai('search_model', 'searches', 10 * PER_1K, { always: true }),
  openai('file_search', 'fileSearches', 2.5 * PER_1K),
  ...container('1g', 30_000_000_000),
  ...container('4g', 120_000_000_000),
  ...container('16g', 480_000_000_000),
  ...container('64g', 1_920_000_000_000),
  // Its pictures are priced at the model that makes them.
  byTokens('openai', ['image_generation'], OPENAI),
  // Run by the caller, or at servers of the caller's choice; what they bring in is billed as input wherever they are served.
  byTokens(
    ANYWHERE,
    ['mcp', 'local_shell', 'apply_patch', 'computer', 'computer_use_preview', 'tool_search', 'namespace'],
    OPENAI,
  ),
  byTokens('openai', ['programmatic_tool_calling'], OPENAI),
  // What Bedrock's OpenAI endpoint takes, by the count that its answer states.
  row('aws', SEARCH, 'searches', 12 * PER_1K, 'github.com/truefoundry/models/pull/2159 (third party), 2026-08-13'),

  row('anthropic', { regex: '^web_search_\\d{8}$' }, 'searches', 10 * PER_1K, CLAUDE),
  // $0.05 an hour and at least five minutes; the hours that an organisation has free are not to be seen in an answer.
  {
    ...row('anthropic', { regex: '^code_execution_\\d{8}$' }, 'containers', 4_166_666_667, CLAUDE),
    untold: BY_TIME,
  },
  byTokens(
    'anthropic',
    [{ regex: '^(web_fetch|tool_search_tool_(bm25|regex)|advisor|(browser|computer)_toolset)_\\d{8}$' }, 'mcp_toolset'],
    CLAUDE,
  ),
  // Free in coding tools until 2026-10-31; since then $0.75 for 1,000 searches or pages that succeed.
  {
    ...row('deepseek', { regex: '^web_search_\\d{8}$' }, 'searches', 0.75 * PER_1K, DEEPSEEK),
    untold: 'pages that a search opens are billed as well',
  },

  // From the third generation on each query is billed, before it each request that searched, however often.
  { ...row('google', 'google_search', 'searches', 14 * PER_1K, GEMINI), models: THIRD },
  { ...row('google', ['google_search', 'google_search_retrieval'], 'searches', 35 * PER_1K, GEMINI), most: 1 },
  { ...row('google', 'google_maps', 'mapSearches', 14 * PER_1K, MAPS), models: THIRD },
  { ...row('google', 'google_maps', 'mapSearches', 25 * PER_1K, MAPS), most: 1 },
  { ...row('google', 'enterprise_web_search', 'enterpriseSearches', 14 * PER_1K, ENTERPRISE), models: THIRD },
  {
    ...row('google', 'enterprise_web_search', 'enterpriseSearches', 45 * PER_1K, ENTERPRISE),
    models: { regex: 'gemini-[12]\\.' },
    most: 1,
  },
  byTokens('google', ['url_context', 'code_execution', 'file_search', 'mcp_server', 'computer_use'], GEMINI),

  row('x-ai', [{ starts: 'web_search' }, 'x_search'], 'searches', 5 * PER_1K, XAI),
  row('x-ai', ['code_execution', 'code_interpreter'], 'toolCalls', 5 * PER_1K, XAI),
  row('x-ai', 'attachment_search', 'fileSearches', 10 * PER_1K, XAI),
  row('x-ai', ['collections_search', 'file_search'], 'fileSearches', 2.5 * PER_1K, XAI),
  // The search of its chat, by the sources that an answer used. xAI answers it with 410 now (docs.apiyi.com, 2026-07-13).
  row('x-ai', 'live_search', 'searches', 25 * PER_1K, 'docs.x.ai/docs/models (as copied by third parties), 2026-01'),
  byTokens('x-ai', ['view_image', 'view_x_video'], XAI),

  // Which of its two kinds of search ran is not said: the dearer counts.
  { ...row('groq', ['web_search', 'browser_search'], 'searches', 8 * PER_1K, GROQ), most: 10 },
  { ...row('groq', 'visit_website', 'toolCalls', 1 * PER_1K, GROQ), most: 10 },
  // $0.18 an hour; a minute of it for each run.
  {
    ...row('groq', ['code_interpreter', 'code_execution'], 'containers', 3_000_000_000, GROQ),
    most: 10,
    untold: BY_TIME,
  },

  // Pictures of endpoints in OpenAI's form, which state no usage: 1,290 tokens each, 1,120 or 2,000 by the size.
  picture('gemini-2.5-flash-image', [PICTURE, LARGE_PICTURE], 39_000_000_000),
  picture('gemini-3-pro-image', PICTURE, 134_400_000_000),
  picture('gemini-3-pro-image', LARGE_PICTURE, 240_000_000_000),

  // By the result: five where a request does not say how many.
  { ...row('openrouter', 'plugin:web', 'searches', 4 * PER_1K, OPENROUTER), always: true },
  row('openrouter', 'openrouter:web_search', 'searches', 4 * PER_1K, OPENROUTER),
  // The price table has what a search costs as a fee for each call.
  byTokens('perplexity', ['web_search'], 'genai-prices 0.1.8, 2026-09-23'),
];

/** The row of a tool, both names in lower case; undefined where its price is not known. */
export function hostedTool(provider: string, model: string, tool: string): HostedTool | undefined {
  return HOSTED_TOOLS.find((each) => isOf(each, provider, model) && matches(each.tool, tool));
}

/** What a unit costs at most at a provider, for units that came up though no tool was asked for; undefined where unknown. */
export function dearestFee(provider: string, model: string, meter: Meter): number | undefined {
  const rows = HOSTED_TOOLS.filter((each) => each.meter === meter && isOf(each, provider, model));
  return rows.length === 0 ? undefined : Math.max(...rows.map(({ fee = 0 }) => fee));
}

function isOf({ provider: own, models }: HostedTool, provider: string, model: string): boolean {
  return (own === provider || own === ANYWHERE) && (models === undefined || matches(models, model));
}

function row(provider: string, tool: Match, meter: Meter, fee: number, source: string): HostedTool {
  return { provider, tool, meter, fee, source };
}

function byTokens(provider: string, tool: Match, source: string): HostedTool {
  return { provider, tool, source };
}

function openai(tool: Match, meter: Meter, fee: number, more: Pick<HostedTool, 'models' | 'always'> = {}): HostedTool {
  return { ...row('openai', tool, meter, fee, OPENAI), ...more };
}

/** A container of one size, for code or for a shell. */
function container(size: string, fee: number): readonly HostedTool[] {
  const tool = [`code_interpreter:${size}`, `shell:${size}`];
  return [{ ...row('openai', tool, 'containers', fee, CONTAINERS), untold: BY_MINUTE }];
}

function picture(model: string, tool: Match, fee: number): HostedTool {
  return { ...row('google', tool, 'images', fee, GEMINI), models: { starts: model } };
}
