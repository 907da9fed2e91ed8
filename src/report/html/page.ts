/**
 * The report as one HTML file: it loads nothing, and can be read without scripts. Its content security policy allows its
 * own style sheet and script by their digests, and nothing else.
 */
import { createHash } from 'node:crypto';
import type { LimitUse, Report } from '../../generated/report.generated.js';
import { caveats, remedies } from '../advice.js';
import { count, duration, exactUsd, percent, plural, spentUsd } from '../format.js';
import { consequenceWords } from '../sections.js';
import { amountWords, endWords, limitTone, standing, title, type Standing } from '../words.js';
import { modelCharts } from './bars.js';
import { phaseTable, rowTable } from './eval-tables.js';
import { histograms } from './histogram.js';
import { html, name, verbatim, when, type Markup } from './markup.js';
import { SORT_SCRIPT } from './script.js';
import { styleSheet } from './style.js';
import { callTable, gauge, limitTable, modelTable, refusalTable } from './tables.js';
import { timelines } from './timeline.js';

const MARKS: Readonly<Record<Standing['tone'], string>> = { good: '✓', warning: '!', bad: '✕' };
const MOST_COMMAND = 300;
const MOST_NOTES = 20;

/** The report as a self-contained page, below 3 MB for any run; ends with a line end. */
export function renderHtml(report: Report): string {
  const style = styleSheet();
  const rules = [
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src '${digest(SORT_SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${verbatim(rules)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title(report)} – Token Budget</title>
        <style>${verbatim(style)}</style>
      </head>
      <body>
        <main>
          ${top(report)}${notes(report)}${limitTable(report)}${refusalTable(report)}${charts(report)}${modelTable(report)}${phaseTable(report)}${rowTable(report)}${callTable(report)}${footer(report)}
        </main>
        <script>${verbatim(SORT_SCRIPT)}</script>
      </body>
    </html> `.markup;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function top(report: Report): Markup {
  const { tone, words } = standing(report);
  const { command } = report;
  const breach = consequenceWords(report);
  return html`<header>
    <p class="kicker">Token Budget report</p>
    <h1>
      <span class="badge ${tone}"><span aria-hidden="true">${MARKS[tone]}</span> ${words}</span>
    </h1>
    <p class="lead">
      <code>${name(command.argv.join(' '), MOST_COMMAND)}</code>: ${endWords(command, report.incomplete)} after
      ${duration(command.duration_ms)} · started ${timeWords(report.started_at)}
    </p>
    ${when(breach !== '', () => html`<p>${breach}</p>`)}
    <div class="tiles">${tiles(report)}</div>
  </header> `;
}

/** A time as people write it: 2026-11-03 10:15:00 UTC. */
function timeWords(iso: string): string {
  return name(iso.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC'));
}

function tiles(report: Report): Markup {
  const { totals, limits } = report;
  const ofRun = (dimension: LimitUse['dimension']): LimitUse | undefined =>
    limits.find((limit) => limit.scope === 'run' && limit.dimension === dimension);
  const parts = `${count(totals.input_tokens)} in, ${count(totals.output_tokens)} out`;
  const failed = totals.voided > 0 ? `${count(totals.voided)} failed at no cost` : 'sent';
  return html`${[
    tile(report, 'Tokens', count(totals.total_tokens), ofRun('tokens'), parts),
    tile(
      report,
      'Cost',
      spentUsd(totals.cost_nano_usd, totals.cost_incomplete_calls),
      ofRun('cost_usd'),
      'no cost limit',
    ),
    tile(report, 'Calls', count(totals.calls), ofRun('calls'), failed),
    tile(report, 'Refused', count(totals.refused), undefined, totals.refused === 0 ? 'none' : 'before being sent'),
  ]}`;
}

function tile(report: Report, label: string, value: string, limit: LimitUse | undefined, otherwise: string): Markup {
  const under = limit
    ? html`<div class="of">
          of ${ceilingWords(limit)} (${percent(limit.used, limit.ceiling)}), ${amountWords(limit, limit.remaining)} left
        </div>
        ${gauge(limit.used, limit.ceiling, limitTone(limit, report))}`
    : html`<div class="of">${otherwise}</div>`;
  return html`<div class="card">
    <div class="label">${label}</div>
    <div class="value">${value}</div>
    ${under}
  </div>`;
}

function ceilingWords(limit: LimitUse): string {
  return limit.unit === 'nano_usd' ? exactUsd(limit.ceiling) : count(limit.ceiling);
}

/** What to do and what to know, in the same words as everywhere. */
function notes(report: Report): Markup {
  const list = (head: string, items: readonly string[]): Markup =>
    when(
      items.length > 0,
      () =>
        html`<div class="card">
          <h2>${head}</h2>
          <ul>
            ${items.slice(0, MOST_NOTES).map((item) => html`<li>${item}</li>`)}
          </ul>
        </div>`,
    );
  return html`<section class="notes">
    ${list('What to do', remedies(report, name))}${list('Good to know', caveats(report, name))}
  </section> `;
}

function charts(report: Report): Markup {
  if (report.totals.calls === 0) return html``;
  return html`<section>
    <h2>Charts</h2>
    <div class="charts">${timelines(report)}${modelCharts(report)}${histograms(report)}</div>
  </section> `;
}

function footer(report: Report): Markup {
  const { policy, prices, totals, incomplete } = report;
  const facts = [
    `Policy ${name(policy.file)} (SHA-256 ${name(policy.hash.slice(0, 12))}), on_exceed: ${policy.on_exceed}`,
    `prices of ${name(prices.date)} (${name(prices.source)})`,
    `${plural(totals.calls + totals.refused + totals.voided, 'call')} seen`,
    ...(incomplete ? ['cut short'] : []),
    `Token Budget ${name(report.tool)}`,
  ];
  return html`<footer>${facts.join(' · ')}</footer> `;
}
