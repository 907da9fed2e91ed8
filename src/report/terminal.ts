/** The report's short form for the end of a run in a terminal: at most 15 lines, the first of them the verdict. */
import type { LimitUse, Report } from '../generated/report.generated.js';
import { caveats, remedies } from './advice.js';
import { oneLine } from './escape.js';
import { phaseWords } from './eval-sections.js';
import { bar, count, percent, plural, spentUsd } from './format.js';
import {
  gaugeWords,
  limitTone,
  limitWords,
  reasonWords,
  refusalGroups,
  standing,
  title,
  usedOfCeiling,
  type Standing,
} from './words.js';

const MOST_LIMITS = 4;
const MOST_MODELS = 3;
const MOST_REFUSALS = 3;
const MOST_REMEDIES = 2;
const MOST_SENTENCES = 3;
const BAR_WIDTH = 20;
const NAME_WIDTH = 28;
const RESET = '\u001B[0m';
const TONES: Readonly<Record<Standing['tone'], { readonly mark: string; readonly colour: string }>> = {
  good: { mark: '✓', colour: '\u001B[32m' },
  warning: { mark: '!', colour: '\u001B[33m' },
  bad: { mark: '✗', colour: '\u001B[31m' },
};

/** How to render for a terminal. */
export interface TerminalOptions {
  /** Whether to write ANSI colours. */
  readonly color: boolean;
  /** Where the report's files are, as the user may open it. */
  readonly reportDir: string;
}

/** The summary that ends a run: verdict, limits, models, refusals, what to do next, where the report is. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const { tone } = standing(report);
  const next = remedies(report, short).slice(0, MOST_REMEDIES);
  const notes = caveats(report, short).slice(0, MOST_SENTENCES - next.length);
  const lines = [
    paint(`${TONES[tone].mark} ${title(report)}`, tone, options.color),
    ...limitLines(report, options.color),
    ...modelLines(report),
    ...phaseLine(report),
    ...refusalLines(report),
    ...notes.map((sentence) => `  note: ${sentence}`),
    ...next.map((sentence) => `  next: ${sentence}`),
    `  report: ${oneLine(options.reportDir, 200)}/report.html (also report.md, report.json)`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Exceeded limits first, then those nearest to their ceiling. */
function limitLines(report: Report, color: boolean): string[] {
  const limits = [...report.limits].sort((a, b) => Number(b.exceeded) - Number(a.exceeded) || share(b) - share(a));
  const lines = limits.map((limit) => {
    const tone = limitTone(limit, report);
    const gauge = `${bar(limit.used, limit.ceiling, BAR_WIDTH)} ${percent(limit.used, limit.ceiling).padStart(5)}`;
    return `  ${padded(gaugeWords(limit, short))} ${paint(gauge, tone, color)}  ${usedOfCeiling(limit)}`;
  });
  return first(lines, MOST_LIMITS, 'limits');
}

function share(limit: LimitUse): number {
  return limit.ceiling === 0 ? 1 : limit.used / limit.ceiling;
}

function phaseLine(report: Report): string[] {
  const words = phaseWords(report);
  return words === '' ? [] : [`  parts: ${words}`];
}

function modelLines(report: Report): string[] {
  const spent = report.models.filter((model) => model.calls > 0);
  const lines = spent.map((model) => {
    const facts = [plural(model.calls, 'call'), plural(model.total_tokens, 'token'), modelCost(model)];
    return `  ${padded(short(model.model))} ${facts.join(' · ')}`;
  });
  // The line of an eval's parts takes the place of one.
  return first(lines, report.phases ? MOST_MODELS - 1 : MOST_MODELS, 'models');
}

function modelCost({ cost_nano_usd: cost, cost_incomplete_calls: part }: Report['models'][number]): string {
  return spentUsd(cost, part);
}

function refusalLines(report: Report): string[] {
  const lines = refusalGroups(report.calls).map((group) => {
    const { calls, target, limit } = group;
    const under = limit ? ` (limit: ${limitWords(limit, short)})` : '';
    return `  refused: ${plural(calls, 'call')} to ${short(target)}: ${reasonWords(group, short)}${under}`;
  });
  return first(lines, MOST_REFUSALS, 'kinds of refusals');
}

/** The first so many lines; the last says how many were left out. */
function first(lines: readonly string[], most: number, noun: string): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most - 1), `  and ${count(lines.length - most + 1)} more ${noun}`];
}

function short(text: string, max = NAME_WIDTH * 2): string {
  return oneLine(text, max) || '(none)';
}

function padded(text: string): string {
  return oneLine(text, NAME_WIDTH).padEnd(NAME_WIDTH);
}

function paint(text: string, tone: Standing['tone'], color: boolean): string {
  return color ? `${TONES[tone].colour}${text}${RESET}` : text;
}
