/** The tables of the page: limits, refusals, models and calls. */
import type { CallUse, Report } from '../../generated/report.generated.js';
import { count, duration, percent, spentUsd } from '../format.js';
import { isIncomplete } from '../sums.js';
import { capitalized, dearestFirst, mostWords, unpricedTest } from '../sections.js';
import {
  amountWords,
  gaugeWords,
  limitTone,
  limitWords,
  reasonWords,
  refusalGroups,
  usedOfCeiling,
  type Standing,
} from '../words.js';
import { coversNothing } from '../limits.js';
import { table, section } from './frame.js';
import { html, name, px, when, type Markup } from './markup.js';

const MOST_ROWS = 200;
const MOST_CALLS = 2000;
const TONE_WORDS: Readonly<Record<Standing['tone'], string>> = {
  good: 'OK',
  warning: 'near the limit',
  bad: 'limit too low',
};

/** How far something was used, as a bar; the number beside it says the same. */
export function gauge(used: number, ceiling: number, tone: Standing['tone']): Markup {
  const share = used >= ceiling ? 100 : Math.max(used > 0 ? 1.5 : 0, (used / ceiling) * 100);
  return html`<svg class="gauge" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none">
    <rect width="100" height="8" />
    <rect class="${tone}" width="${px(share)}" height="8" />
  </svg>`;
}

/** Every limit with its use; nothing where the policy sets none. */
export function limitTable(report: Report): Markup {
  const rows = report.limits.slice(0, MOST_ROWS).map((limit) => {
    const tone = limitTone(limit, report);
    return html`<tr>
      <th scope="row">${capitalized(gaugeWords(limit, name))}</th>
      <td class="n">${usedOfCeiling(limit)}</td>
      <td class="cell">${gauge(limit.used, limit.ceiling, tone)}${percent(limit.used, limit.ceiling)}</td>
      <td class="n">${limit.scope === 'per_call' ? '–' : amountWords(limit, limit.remaining)}</td>
      <td class="${tone}-text">${coversNothing(limit, report.calls) ? 'matches no call' : TONE_WORDS[tone]}</td>
      <td><code>${name(limit.at)}</code></td>
    </tr> `;
  });
  const heads = ['Limit', '>Used', 'Share', '>Left', 'State', 'Set at'];
  return section('Limits', table(`Each limit of ${name(report.policy.file)}.`, heads, rows, report.limits.length));
}

/** What was refused and why; nothing where nothing was. */
export function refusalTable(report: Report): Markup {
  const groups = refusalGroups(report.calls);
  const rows = groups.slice(0, MOST_ROWS).map(
    (group) =>
      html`<tr>
        <td class="n">${count(group.calls)}</td>
        <td>${name(group.target)}</td>
        <td class="why">${reasonWords(group, name)}</td>
        <td>${group.limit ? capitalized(limitWords(group.limit, name)) : '–'}</td>
        <td class="n">${mostWords(group)}</td>
      </tr> `,
  );
  const heads = ['>Calls', 'To', 'Why', 'Limit', '>Needed up to'];
  return section('Refused', table('These calls were not sent and cost nothing.', heads, rows, groups.length));
}

/** What each model used. */
export function modelTable(report: Report): Markup {
  const isUnpriced = unpricedTest(report);
  const rows = report.models.slice(0, MOST_ROWS).map(
    (model) =>
      html`<tr>
        <th scope="row">${name(model.model)}</th>
        <td>${name(model.provider)}</td>
        <td class="n">${count(model.calls)}</td>
        <td class="n">${count(model.refused)}</td>
        <td class="n">${count(model.input_tokens)}</td>
        <td class="n">${count(model.cache_read_tokens)}</td>
        <td class="n">${count(model.output_tokens)}</td>
        <td class="n">${count(model.reasoning_tokens)}</td>
        <td class="n">${isUnpriced(model) ? 'no price' : spentUsd(model.cost_nano_usd, model.cost_incomplete_calls)}</td>
      </tr> `,
  );
  const heads = ['Model', 'Provider', '>Calls', '>Refused', '>Input', '>from cache', '>Output', '>reasoning', '>Cost'];
  return section('Models', table('Tokens and cost by model.', heads, rows, report.models.length));
}

/** The calls, at most the 2,000 costliest, in the order in which they were decided. */
export function callTable(report: Report): Markup {
  const { calls } = report;
  const shown = calls.length <= MOST_CALLS ? calls : dearestFirst(calls).slice(0, MOST_CALLS);
  const caption =
    calls.length <= MOST_CALLS
      ? 'Every call, in the order in which they were admitted or refused.'
      : `The ${count(MOST_CALLS)} costliest of ${count(calls.length)} calls; all of them are in report.json.`;
  const start = Date.parse(report.started_at);
  const ofEval = calls.some((call) => call.phase !== undefined);
  const rows = shown.toSorted((a, b) => a.id - b.id).map((call) => callRow(call, start, ofEval));
  const facts = ['Outcome', '>Input', '>from cache', '>Output', '>Cost', '>Time', 'Usage'];
  const heads = ['>Call', '>Start', 'Model', ...(ofEval ? ['Part', 'Row'] : []), ...facts];
  return section('Calls', table(caption, heads, rows, rows.length, 'data-sortable'));
}

function callRow(call: CallUse, start: number, ofEval: boolean): Markup {
  const after = Math.max(0, Date.parse(call.started_at) - start);
  const { usage, duration_ms: ms } = call;
  const used =
    call.outcome === 'settled'
      ? html`<td class="n">${count(usage.input_tokens)}</td>
          <td class="n">${count(usage.cache_read_tokens)}</td>
          <td class="n">${count(usage.output_tokens)}</td>
          <td class="n">${spentUsd(call.cost_nano_usd, Number(isIncomplete(call)))}</td>`
      : html`<td class="n">–</td>
          <td class="n">–</td>
          <td class="n">–</td>
          <td class="n">–</td>`;
  return html`<tr>
    <td class="n">${call.id}</td>
    <td class="n" data-v="${after}">${duration(after)}</td>
    <td>${modelName(call)}</td>
    ${when(ofEval, () => purpose(call))}${outcome(call)}${used}
    <td class="n" data-v="${ms ?? ''}">${ms === null ? '–' : duration(ms)}</td>
    <td>${call.usage_source ?? '–'}</td>
  </tr> `;
}

function purpose({ phase, row }: CallUse): Markup {
  return html`<td>${phase ?? '–'}</td>
    <td>${row === undefined ? '–' : html`<code>${name(row)}</code>`}</td>`;
}

function modelName({ model, host, answered_model: answered }: CallUse): Markup {
  const other = when(
    answered !== null && answered !== model,
    () => html` <span class="small">→ ${name(answered ?? '')}</span>`,
  );
  return html`${name(model === '' ? host : model)}${other}`;
}

function outcome(call: CallUse): Markup {
  if (call.outcome === 'settled') return html`<td>used</td>`;
  if (call.outcome === 'voided') {
    return html`<td class="warning-text">failed${call.status === null ? '' : `, HTTP ${call.status}`}</td>`;
  }
  const { reason, no_price_for: part, held_by_jobs: jobs } = call;
  const words = reason === null ? '' : `: ${reasonWords({ reason, part, jobs }, name)}`;
  return html`<td class="bad-text">refused${words}</td>`;
}
