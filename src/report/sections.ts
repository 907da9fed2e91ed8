/**
 * The parts of a report in Markdown, each a list of lines that is empty where there is nothing to say. Every table is
 * capped at the rows it is given; report.json has the others.
 */
import type { CallUse, LimitName, Report } from '../generated/report.generated.js';
import { code, folded, table } from './escape.js';
import { bar, count, duration, percent, plural, spentUsd, usd } from './format.js';
import { isIncomplete, isSettled } from './sums.js';
import {
  amountWords,
  gaugeWords,
  isShortOfBudget,
  limitTone,
  limitWords,
  reasonWords,
  refusalGroups,
  standing,
  title,
  usedOfCeiling,
  type RefusalGroup,
  type Standing,
} from './words.js';

const BAR_WIDTH = 20;
const ICONS: Readonly<Record<Standing['tone'], string>> = { good: '✅', warning: '⚠️', bad: '❌' };

/** The verdict and the numbers that a reader wants first, as a heading. */
export function heading(report: Report): string {
  return `### ${ICONS[standing(report).tone]} ${title(report)}`;
}

/** What happened at the breach, in two or three sentences; empty without one. */
export function consequence(report: Report): string[] {
  const words = consequenceWords(report);
  return words === '' ? [] : [words];
}

/** The same as plain text; empty where there was no breach. */
export function consequenceWords(report: Report): string {
  if (report.verdict === 'within') return '';
  const outcome = {
    raise: 'This fails the run, whatever the command’s own exit status.',
    warn: 'The policy only warns, so this does not fail the run.',
    halt: report.notices.some((notice) => notice.code === 'halted')
      ? 'The command was stopped, and the run fails.'
      : 'This fails the run.',
  }[report.policy.on_exceed];
  return `${refusalWords(report)} ${outcome}`;
}

function refusalWords({ totals, calls }: Report): string {
  if (totals.refused === 0) return 'No call was refused.';
  const one = totals.refused === 1;
  const why = calls.some(isShortOfBudget) ? `: ${one ? 'its' : 'their'} worst-case use exceeded what was left` : '';
  return `${plural(totals.refused, 'call')} ${one ? 'was' : 'were'} refused before being sent${why}. Refused calls cost nothing.`;
}

/** How far each limit was used, with a bar. */
export function limitTable(report: Report, most: number): string[] {
  const rows = report.limits.map((limit) => [
    `${ICONS[limitTone(limit, report)]} ${capitalized(gaugeWords(limit, code))}`,
    usedOfCeiling(limit),
    `\`${bar(limit.used, limit.ceiling, BAR_WIDTH)}\` ${percent(limit.used, limit.ceiling)}`,
    limit.scope === 'per_call' ? '–' : amountWords(limit, limit.remaining),
  ]);
  return cappedTable(['Limit', '>Used', '', '>Left'], rows, most);
}

/** What was refused, and why. */
export function refusalTable(report: Report, most: number): string[] {
  const rows = refusalGroups(report.calls).map((group) => [
    count(group.calls),
    code(group.target),
    reasonWords(group, code),
    limitCell(group.limit),
    mostWords(group),
  ]);
  return cappedTable(['>Refused', 'To', 'Why', 'Limit', '>Needed up to'], rows, most);
}

function limitCell(limit: LimitName | null): string {
  return limit ? capitalized(limitWords(limit, code)) : '–';
}

/** The most that one call of a group could have used, in its limit's unit. */
export function mostWords({ limit, most }: RefusalGroup): string {
  if (limit === null || most === 0) return '–';
  return limit.dimension === 'cost_usd' ? usd(most) : count(most);
}

/** What each model used. */
export function modelTable(report: Report, most: number): string[] {
  const isUnpriced = unpricedTest(report);
  const rows = report.models
    .filter((model) => model.calls > 0)
    .map((model) => [
      code(model.model),
      count(model.calls),
      count(model.input_tokens),
      count(model.output_tokens),
      isUnpriced(model) ? 'no price' : spentUsd(model.cost_nano_usd, model.cost_incomplete_calls),
    ]);
  return cappedTable(['Model', '>Calls', '>Input tokens', '>Output tokens', '>Cost'], rows, most);
}

/** A test for models without a known price. */
export function unpricedTest(
  report: Report,
): (model: { readonly provider: string; readonly model: string }) => boolean {
  const keys = new Set(
    report.unpriced
      .filter(({ part }) => part === undefined)
      .map(({ provider, model }) => JSON.stringify([provider, model])),
  );
  return ({ provider, model }) => keys.has(JSON.stringify([provider, model]));
}

/** The dearest calls, then the largest, folded. */
export function costliest(calls: readonly CallUse[], most: number): string[] {
  const top = dearestFirst(calls.filter(isSettled)).slice(0, most);
  if (top.length === 0) return [];
  const rows = top.map((call) => [
    count(call.id),
    code(call.model),
    count(call.usage.input_tokens),
    count(call.usage.output_tokens),
    spentUsd(call.cost_nano_usd, Number(isIncomplete(call))),
    call.duration_ms === null ? '–' : duration(call.duration_ms),
    call.usage_source ?? '–',
  ]);
  const heads = ['>Call', 'Model', '>Input tokens', '>Output tokens', '>Cost', '>Time', 'Usage'];
  const summary = `${top[0]?.cost_nano_usd === 0 ? 'Largest' : 'Costliest'} ${top.length === 1 ? 'call' : 'calls'}`;
  return folded(summary, table(heads, rows));
}

/** Calls by cost, then by tokens; those alike stay in their order. */
export function dearestFirst(calls: readonly CallUse[]): CallUse[] {
  return calls.toSorted((a, b) => b.cost_nano_usd - a.cost_nano_usd || b.usage.total_tokens - a.usage.total_tokens);
}

/** A heading and its bullets; nothing without bullets. */
export function bulleted(head: string, items: readonly string[], most: number): string[] {
  return items.length === 0 ? [] : [head, '', ...items.slice(0, most).map((item) => `- ${item}`)];
}

/** A table of at most so many rows, and how many more there are; nothing without rows. */
export function cappedTable(heads: readonly string[], rows: readonly (readonly string[])[], most: number): string[] {
  if (rows.length === 0) return [];
  const more = rows.length - most;
  const lines = table(heads, rows.slice(0, most));
  return more > 0 ? [...lines, '', `… and ${count(more)} more in report.json.`] : lines;
}

/** Blocks as one text: an empty line between them, a line end at the end. */
export function joined(blocks: readonly (readonly string[])[]): string {
  const texts = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

/** Words with their first letter in upper case. */
export function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
