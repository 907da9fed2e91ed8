/** The table of tools: what stands in it, and the page of the docs that is made of it. */
import { expect, it } from 'vitest';
import { feeDecimal } from '../../src/domain/money.js';
import { dearestFee, hostedTool, TOOLS_ANYWHERE } from '../../src/meter/hosted-tools.js';
import { PROVIDERS } from '../../src/providers/index.js';
import type { HostedTool } from '../../src/providers/provider.js';
import type { Match } from '../../src/domain/match.js';

it.each([
  ['openai', 'gpt-4o', 'web_search', 0.01],
  ['openai', 'gpt-4o', 'web_search_2025_08_26', 0.01],
  ['openai', 'gpt-4o-mini', 'web_search', 0.0112],
  ['openai', 'gpt-4.1-mini-2025-04-14', 'web_search', 0.0132],
  ['openai', 'gpt-4o', 'web_search_preview', 0.025],
  ['openai', 'gpt-4.1', 'web_search_preview_2025_03_11', 0.025],
  ['openai', 'gpt-5-chat-latest', 'web_search_preview', 0.025],
  ['openai', 'gpt-5', 'web_search_preview', 0.01],
  ['openai', 'o4-mini-deep-research', 'web_search_preview', 0.01],
  ['openai', 'gpt-4o-search-preview', 'search_model', 0.025],
  ['openai', 'gpt-5-search-api', 'search_model', 0.01],
  ['openai', 'gpt-5', 'code_interpreter:16g', 0.48],
  ['aws', 'openai.gpt-5.6-sol', 'web_search', 0.012],
  ['anthropic', 'claude-opus-5', 'web_search_20260318', 0.01],
  ['google', 'gemini-2.5-flash', 'google_maps', 0.025],
  ['google', 'gemini-3.5-flash', 'google_maps', 0.014],
  ['google', 'gemini-2.5-pro', 'enterprise_web_search', 0.045],
  ['google', 'gemini-3.5-flash', 'enterprise_web_search', 0.014],
  ['deepseek', 'deepseek-v4-pro', 'web_search_20250305', 0.00075],
  ['x-ai', 'grok-4.5', 'x_search', 0.005],
  ['x-ai', 'grok-3', 'live_search', 0.025],
  ['groq', 'groq/compound', 'web_search', 0.008],
] as const)('at %s, %s pays for each use of %s %d USD', (provider, model, tool, usd) => {
  expect(Number(feeDecimal(hostedTool(PROVIDERS.named(provider), model, tool)?.fee ?? 0))).toBeCloseTo(usd, 9);
});

it.each([
  ['openai', 'gpt-5', 'mcp'],
  ['together', 'any', 'mcp'],
  ['google', 'gemini-3.5-flash', 'url_context'],
])('at %s, %s pays nothing but tokens for %s', (provider, model, tool) => {
  const row = hostedTool(PROVIDERS.named(provider), model, tool);
  expect(row).toBeDefined();
  expect(row?.meter).toBeUndefined();
});

it.each([
  ['openai', 'gpt-5', 'web_search_preview_2'],
  ['openai', 'gpt-5', 'web_search_20250305'],
  ['azure', 'gpt-5', 'web_search'],
  ['google', 'gemini-unknown', 'enterprise_web_search'],
  ['google', 'claude-sonnet-5', 'web_search_20250305'],
  ['together', 'any', 'web_search'],
])('at %s, %s has no known price for %s', (provider, model, tool) => {
  expect(hostedTool(PROVIDERS.named(provider), model, tool)).toBeUndefined();
});

it('takes the dearest of a unit where nobody asked for it, and none where none is known', () => {
  expect(dearestFee(PROVIDERS.named('openai'), 'gpt-4o', 'searches')).toBe(25_000_000_000);
  expect(dearestFee(PROVIDERS.named('together'), 'any', 'searches')).toBeUndefined();
});

it('states a page or a thread and its time for each, and a fee for each unit', () => {
  for (const { source, meter, fee } of ROWS) {
    expect(source).toMatch(/, 20\d\d(-\d\d(-\d\d)?)?\b/);
    expect(meter === undefined).toBe(fee === undefined);
  }
});

function patternOf(match: Match | undefined): string {
  if (match === undefined) return '';
  if (typeof match === 'string') return `\`${match}\``;
  if ('starts' in match) return `\`${match.starts}*\``;
  if ('has' in match) return `\`*${match.has}*\``;
  if ('regex' in match) return `\`${match.regex.replaceAll('|', '¦')}\``;
  if ('ends' in match) return `\`*${match.ends}\``;
  return ('all' in match ? match.all : match).map(patternOf).join(', ');
}

/** Every tool, with whose it is; `any` where it costs the same at each provider. */
const ROWS = [
  ...PROVIDERS.all.flatMap(({ name, tools = [] }) => tools.map((tool) => ({ provider: name, ...tool }))),
  ...TOOLS_ANYWHERE.map((tool) => ({ provider: 'any', ...tool })),
];

function lineOf({
  provider,
  tool,
  models,
  meter,
  fee,
  most,
  always,
  untold,
  source,
}: HostedTool & { readonly provider: string }): string {
  const price = fee === undefined ? 'its tokens alone' : `${feeDecimal(fee)} USD for each of \`${meter ?? ''}\``;
  const bound = always
    ? 'one for each answer'
    : most === undefined
      ? 'what the request allows, else unbounded'
      : `${most} per request`;
  const notes = untold ?? '';
  return `| ${[provider, patternOf(tool), patternOf(models), price, fee === undefined ? '' : bound, notes, source].join(' | ')} |`;
}

it('is the table of the docs, word for word', async () => {
  const text = [
    '# Prices of tools that run at a provider',
    '',
    'This page is made from the tables that the gateway prices calls by (`src/providers/`); a test keeps the two alike.',
    '',
    '- A tool that is not listed has no known price. Under a cost limit, a call that asks for it is refused, like a call to a model without a price. `unpriced: warn` in the policy lets it through. A rate of your own with `fees` gives it a price; `tool_call` stands for any tool that is not named here.',
    '- As many uses are reserved as the request allows. If it allows any number, the call is marked *unbounded*.',
    '- If no answer tells a part of the cost, the call is marked in report.json (`cost_incomplete`), and every total with it reads "at least".',
    '- Prices are list prices. An answer does not show what an account gets for free.',
    '- A pattern in the second and third column is a regular expression if it contains `^` or `$`; `¦` stands for `|`.',
    '',
    '| Provider | Tool | Models | Price | Uses reserved | Not in any answer | Source |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...ROWS.map(lineOf),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/tools.md');
});
