/**
 * Finds what a tool costs that runs at a provider. A tool that has no row, there or for all, has no known price: under a
 * cost limit it is refused as a model without a price is.
 */
import { matches } from '../domain/match.js';
import type { Meter } from '../domain/usage.js';
import type { HostedTool, Provider } from '../providers/provider.js';

/**
 * Tools that are run by the caller, or at servers of the caller's choice: what they bring in is billed as input wherever
 * they are served.
 */
export const TOOLS_ANYWHERE: readonly HostedTool[] = [
  {
    tool: ['mcp', 'local_shell', 'apply_patch', 'computer', 'computer_use_preview', 'tool_search', 'namespace'],
    source: 'developers.openai.com/api/docs/pricing (built-in tools), 2026-07-09',
  },
];

/** The row of a tool, both names in lower case; undefined where its price is not known. */
export function hostedTool(
  { tools = [] }: Pick<Provider, 'tools'>,
  model: string,
  tool: string,
): HostedTool | undefined {
  return [...tools, ...TOOLS_ANYWHERE].find((each) => isFor(each, model) && matches(each.tool, tool));
}

/** What a unit costs at most at a provider, for units that came up though no tool was asked for; undefined where unknown. */
export function dearestFee({ tools = [] }: Pick<Provider, 'tools'>, model: string, meter: Meter): number | undefined {
  const rows = tools.filter((each) => each.meter === meter && isFor(each, model));
  return rows.length === 0 ? undefined : Math.max(...rows.map(({ fee = 0 }) => fee));
}

function isFor({ models }: HostedTool, model: string): boolean {
  return models === undefined || matches(models, model);
}
