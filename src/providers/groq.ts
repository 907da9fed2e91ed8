import type { HostedTool, Provider } from './provider.js';
import { BEARER, billedTool, BY_TIME, PER_1K } from './row-parts.js';
import type { StatusRule } from './status-rule.js';

const TOOLS_PAGE =
  'console.groq.com/docs/compound/systems/compound (built-in tools; copies of 2025 and 2026 agree), 2026-11-28';
const ERRORS = { source: 'https://console.groq.com/docs/errors', date: '2026-11-28' };

const STATUSES: readonly StatusRule[] = [
  {
    statuses: [422],
    billed: true,
    basis: 'meaning',
    why: 'may come of what a model made up, after it has worked',
    ...ERRORS,
  },
  {
    statuses: [498, [500, 503]],
    own: true,
    billed: false,
    basis: 'stated',
    why: 'requests that return server errors are not charged; at 498 there was no capacity for flex',
    ...ERRORS,
  },
];

const TOOLS: readonly HostedTool[] = [
  // Which of its two kinds of search ran is not said: the dearer counts.
  { ...billedTool(['web_search', 'browser_search'], 'searches', 8 * PER_1K, TOOLS_PAGE), most: 10 },
  { ...billedTool('visit_website', 'toolCalls', 1 * PER_1K, TOOLS_PAGE), most: 10 },
  // $0.18 an hour; a minute of it for each run.
  {
    ...billedTool(['code_interpreter', 'code_execution'], 'containers', 3_000_000_000, TOOLS_PAGE),
    most: 10,
    untold: BY_TIME,
  },
];

/** Groq. */
export const groq: Provider = {
  name: 'groq',
  hosts: ['api.groq.com'],
  keys: { variables: ['GROQ_API_KEY'], prefix: 'gsk_', places: BEARER },
  maker: 'open',
  knowsCompletionTokens: true,
  reportsUnasked: true,
  statuses: STATUSES,
  tools: TOOLS,
};
