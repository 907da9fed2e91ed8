/**
 * The report as a pull request comment and as a job summary: the verdict first, then what a reviewer asks next, details
 * folded. The text always fits its bound: details are dropped first, the verdict never.
 */
import type { Report } from '../generated/report.generated.js';
import { caveats, remedies } from './advice.js';
import { comparison, movedModels, type Compared } from './compare.js';
import { code, link, sentence, folded } from './escape.js';
import { costliestRows, phaseTable } from './eval-sections.js';
import { duration } from './format.js';
import { spendChart } from './mermaid.js';
import { bulleted, consequence, costliest, heading, joined, limitTable, modelTable, refusalTable } from './sections.js';
import { endWords } from './words.js';

/** What a comment has beside the report; all of it is optional. */
export interface CommentExtras {
  /** The newest run of the base branch. */
  readonly base?: Compared;
  /** The previous run on this pull request. */
  readonly previous?: Compared;
  /** The page of the workflow run. */
  readonly runUrl?: string;
  /** Where the whole report can be opened or downloaded. */
  readonly reportUrl?: string;
  /** Sentences to put first, in Markdown, with outside text in them passed through `code`: a changed policy, a missing permission. */
  readonly notices?: readonly string[];
  /** The most that the text may have: characters of a comment (60,000 by default), bytes of a summary (1,000,000). */
  readonly maxLength?: number;
}

/** How much detail a text has; what is 0 or false is left out. */
interface Detail {
  readonly rows: number;
  readonly calls: number;
  readonly chart: boolean;
  readonly shortened: boolean;
}

const COMMENT_CHARACTERS = 60_000;
const SUMMARY_BYTES = 1_000_000;
const MOST_COMMAND_CHARACTERS = 200;
const MOST_NOTICES = 10;

/** The comment: at most `maxLength` characters, 60,000 where it is not given. Ends with a line end where it is whole. */
export function renderComment(report: Report, extras: CommentExtras = {}): string {
  const most = extras.maxLength ?? COMMENT_CHARACTERS;
  return longest(report, extras, { rows: 20, calls: 10 }, (text) => text.length <= most) ?? cut(report, most);
}

/** The job's summary: the same with more rows, at most `maxLength` bytes of UTF-8, 1,000,000 where it is not given. */
export function renderSummary(report: Report, extras: CommentExtras = {}): string {
  const most = extras.maxLength ?? SUMMARY_BYTES;
  const fits = (text: string): boolean => Buffer.byteLength(text) <= most;
  // A character of the heading takes at most 3 bytes.
  return longest(report, extras, { rows: 200, calls: 100 }, fits) ?? cut(report, Math.floor(most / 3));
}

/** The most detailed text that fits; undefined where none does. */
function longest(
  report: Report,
  extras: CommentExtras,
  most: Pick<Detail, 'rows' | 'calls'>,
  fits: (text: string) => boolean,
): string | undefined {
  const details: readonly Detail[] = [
    { ...most, chart: true, shortened: false },
    { rows: 20, calls: 10, chart: true, shortened: true },
    { rows: 10, calls: 0, chart: true, shortened: true },
    { rows: 5, calls: 0, chart: false, shortened: true },
    { rows: 1, calls: 0, chart: false, shortened: true },
  ];
  for (const detail of details) {
    const text = joined(blocks(report, extras, detail));
    if (fits(text)) return text;
  }
  const least = joined([[heading(report)], consequence(report)]);
  return fits(least) ? least : undefined;
}

function cut(report: Report, most: number): string {
  return heading(report).slice(0, Math.max(0, most));
}

function blocks(report: Report, extras: CommentExtras, detail: Detail): string[][] {
  const { rows } = detail;
  const { base, previous } = extras;
  return [
    [heading(report)],
    [`LLM calls of ${command(report)}, under the limits in ${code(report.policy.file)}.`],
    noticeBlock(extras.notices ?? []),
    consequence(report),
    limitTable(report, rows),
    comparison(report, base, previous),
    refusalTable(report, rows),
    modelTable(report, rows),
    phaseTable(report),
    bulleted('**What to do**', remedies(report, code), rows),
    bulleted('**Good to know**', caveats(report, code), rows),
    chart(report, detail),
    movedModels(report, base, previous, rows),
    costliestRows(report, detail.calls),
    costliest(report.calls, detail.calls),
    detail.shortened ? ['Shortened to fit; report.json has the rest.'] : [],
    [footer(report, extras)],
  ];
}

function command(report: Report): string {
  return code(report.command.argv.join(' '), MOST_COMMAND_CHARACTERS);
}

function noticeBlock(notices: readonly string[]): string[] {
  const lines = notices.slice(0, MOST_NOTICES).map((notice) => `> ${sentence(notice)}`);
  return lines.length === 0 ? [] : ['> [!IMPORTANT]', ...lines.flatMap((line) => [line, '>']).slice(0, -1)];
}

function chart(report: Report, detail: Detail): string[] {
  const lines = detail.chart ? spendChart(report) : [];
  return lines.length === 0 ? [] : folded('Spending over time', lines);
}

function footer(report: Report, { runUrl, reportUrl }: CommentExtras): string {
  const { command: ended, prices } = report;
  const facts = [
    `${endWords(ended, report.incomplete)} after ${duration(ended.duration_ms)}`,
    `prices of ${code(prices.date)} (${code(prices.source)})`,
    ...(runUrl === undefined ? [] : [link('this run', runUrl)]),
    reportUrl === undefined
      ? 'every call: see report.html and report.json in the report directory'
      : link('full report', reportUrl),
    `Token Budget ${code(report.tool)}`,
  ];
  return `<sub>${facts.join(' · ')}</sub>`;
}
