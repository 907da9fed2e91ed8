/**
 * The report as GitHub-flavoured Markdown: report.md, the job summary and the pull request's comment. The verdict and
 * the numbers come first, details fold. Every table is capped, so that the whole stays below 60,000 characters whatever
 * the run did; the cut-off rows stand in report.json.
 */
import type { CallUse, Report } from '../domain/report.generated.js';
import { caveats, remedies } from './advice.js';
import { code, table } from './escape.js';
import { bar, count, duration, percent, plural, usd } from './format.js';
import { isSettled } from './sums.js';
import {
  amountWords,
  endWords,
  gaugeWords,
  headline,
  isShortOfBudget,
  limitTone,
  limitWords,
  REASON_WORDS,
  refusalGroups,
  standing,
  usedOfCeiling,
  type RefusalGroup,
  type Standing,
} from './words.js';

const MOST_ROWS = 20;
const MOST_CALLS = 10;
const BAR_WIDTH = 20;
const MOST_COMMAND_CHARACTERS = 200;
const ICONS: Readonly<Record<Standing['tone'], string>> = { good: '✅', warning: '⚠️', bad: '❌' };

/** The report for a reader who has never heard of the tool; ends with a line end. */
export function renderMarkdown(report: Report): string {
  const { tone, words } = standing(report);
  const blocks = [
    [`### ${ICONS[tone]} ${words}: ${headline(report)}`],
    consequence(report),
    limitTable(report),
    refusalTable(report),
    modelTable(report),
    bulleted('**What to do**', remedies(report, code)),
    bulleted('**Good to know**', caveats(report, code)),
    costliest(report.calls),
    [footer(report)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** What the breach led to, in one sentence or two. */
function consequence(report: Report): string[] {
  if (report.verdict === 'within') return [];
  const outcome = {
    raise: 'This fails the run, whatever the command itself reported.',
    warn: 'The policy only warns, so the run does not fail for it.',
    halt: report.notices.some((notice) => notice.code === 'halted')
      ? 'The command was stopped and the run fails.'
      : 'This fails the run.',
  }[report.policy.on_exceed];
  return [`${refusalWords(report)} ${outcome}`];
}

function refusalWords({ totals, calls }: Report): string {
  if (totals.refused === 0) return 'No call was refused.';
  const why = calls.some(isShortOfBudget) ? ', as the budget had no room for them at their worst' : '';
  return `${plural(totals.refused, 'call')} ${totals.refused === 1 ? 'was' : 'were'} refused before being sent${why}; refused calls cost nothing.`;
}

function limitTable(report: Report): string[] {
  if (report.limits.length === 0) return [];
  const rows = report.limits.map((limit) => [
    `${ICONS[limitTone(limit, report)]} ${capitalized(gaugeWords(limit, code))}`,
    usedOfCeiling(limit),
    `\`${bar(limit.used, limit.ceiling, BAR_WIDTH)}\` ${percent(limit.used, limit.ceiling)}`,
    limit.scope === 'per_call' ? '–' : amountWords(limit, limit.remaining),
  ]);
  return cappedTable(['Limit', '>Used', '', '>Left'], rows);
}

function refusalTable(report: Report): string[] {
  const rows = refusalGroups(report.calls).map((group) => [
    count(group.calls),
    code(group.target),
    REASON_WORDS[group.reason],
    group.limit ? capitalized(limitWords(group.limit, code)) : '–',
    mostWords(group),
  ]);
  return rows.length === 0 ? [] : cappedTable(['>Refused', 'To', 'Why', 'Limit', '>Needed up to'], rows);
}

function mostWords({ limit, most }: RefusalGroup): string {
  if (limit === null || most === 0) return '–';
  return limit.dimension === 'cost_usd' ? usd(most) : count(most);
}

function modelTable(report: Report): string[] {
  const unpriced = new Set(report.unpriced.map((item) => JSON.stringify([item.provider, item.model])));
  const rows = report.models
    .filter((model) => model.calls > 0)
    .map((model) => [
      code(model.model),
      count(model.calls),
      count(model.input_tokens),
      count(model.output_tokens),
      unpriced.has(JSON.stringify([model.provider, model.model])) ? 'no price' : usd(model.cost_nano_usd),
    ]);
  return rows.length === 0 ? [] : cappedTable(['Model', '>Calls', '>Input tokens', '>Output tokens', '>Cost'], rows);
}

function costliest(calls: readonly CallUse[]): string[] {
  const top = calls
    .filter(isSettled)
    .sort((a, b) => b.cost_nano_usd - a.cost_nano_usd || b.usage.total_tokens - a.usage.total_tokens)
    .slice(0, MOST_CALLS);
  if (top.length === 0) return [];
  const rows = top.map((call) => [
    count(call.id),
    code(call.model),
    count(call.usage.input_tokens),
    count(call.usage.output_tokens),
    usd(call.cost_nano_usd),
    call.duration_ms === null ? '–' : duration(call.duration_ms),
    call.usage_source ?? '–',
  ]);
  const heads = ['>Call', 'Model', '>Input tokens', '>Output tokens', '>Cost', '>Time', 'Usage'];
  return [
    '<details>',
    `<summary>${top[0]?.cost_nano_usd === 0 ? 'Largest' : 'Costliest'} ${top.length === 1 ? 'call' : 'calls'}</summary>`,
    '',
    ...table(heads, rows),
    '',
    '</details>',
  ];
}

function footer(report: Report): string {
  const { command, policy, prices } = report;
  const facts = [
    `${code(command.argv.join(' '), MOST_COMMAND_CHARACTERS)}: ${endWords(command, report.incomplete)} after ${duration(command.duration_ms)}`,
    `policy ${code(policy.file)}`,
    `prices of ${code(prices.date)} (${code(prices.source)})`,
    `Token Budget ${code(report.tool)}`,
  ];
  return `<sub>${facts.join(' · ')}</sub>`;
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function bulleted(head: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [head, '', ...items.slice(0, MOST_ROWS).map((item) => `- ${item}`)];
}

function cappedTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const more = rows.length - MOST_ROWS;
  const lines = table(heads, rows.slice(0, MOST_ROWS));
  return more > 0 ? [...lines, '', `… and ${count(more)} more in report.json.`] : lines;
}
