/**
 * The report as GitHub-flavoured Markdown, for report.md. The verdict and the numbers come first, details fold. Every
 * table is capped, so that the whole stays below 60,000 characters whatever the run did.
 */
import type { Report } from '../generated/report.generated.js';
import { caveats, remedies } from './advice.js';
import { code } from './escape.js';
import { costliestRows, phaseTable } from './eval-sections.js';
import { duration } from './format.js';
import { bulleted, consequence, costliest, heading, joined, limitTable, modelTable, refusalTable } from './sections.js';
import { endWords } from './words.js';

const MOST_ROWS = 20;
const MOST_CALLS = 10;
const MOST_COMMAND_CHARACTERS = 200;

/** The report for a reader who has never heard of the tool; ends with a line end. */
export function renderMarkdown(report: Report): string {
  return joined([
    [heading(report)],
    consequence(report),
    limitTable(report, MOST_ROWS),
    refusalTable(report, MOST_ROWS),
    modelTable(report, MOST_ROWS),
    phaseTable(report),
    bulleted('**What to do**', remedies(report, code), MOST_ROWS),
    bulleted('**Good to know**', caveats(report, code), MOST_ROWS),
    costliestRows(report, MOST_CALLS),
    costliest(report.calls, MOST_CALLS),
    [footer(report)],
  ]);
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
