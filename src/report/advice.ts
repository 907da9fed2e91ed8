/** What a reader should take with care, and what to do about a breach: sentences that every rendering shares. */
import type { RefusalReason } from '../domain/call.js';
import type { AboveHold, CallUse, Report } from '../generated/report.generated.js';
import { count, plural, spentUsd, usd } from './format.js';
import { breaks, coversNothing } from './limits.js';
import { NO_PRICE } from './calls.js';
import { isIncomplete, isSettled, totalsOf } from './sums.js';
import { limitKey, ranShort, type Name } from './words.js';

const MOST_NAMES = 3;
const MOST_TEXT = 200;

/** The meter's own reasons in words; another reason stands as it is. */
const UNBOUNDED_WORDS: ReadonlyMap<string, string> = new Map([
  ['media', 'images, audio or files in the request'],
  ['server tools', 'tools that run at the provider'],
  ['no output bound', 'no output limit, and none could be written in'],
]);

/** What stands behind the numbers that is not the provider's own word; empty where all of it is. */
export function caveats(report: Report, name: Name): string[] {
  return [
    ...gap(report),
    ...partial(report),
    ...unseen(report),
    ...cutShort(report),
    ...uncovered(report, name),
    ...report.notices.filter(isIncident).map((notice) => name(notice.text, MOST_TEXT)),
    ...stale(report.prices, name),
    ...unpriced(report, name),
    ...incomplete(report, name),
    ...capped(
      report.unbounded,
      (item) =>
        `${plural(item.calls, 'call')} to ${name(item.model)} had no upper bound (${UNBOUNDED_WORDS.get(item.reason) ?? name(item.reason, MOST_TEXT)}), ` +
        'so the limits are best-effort there.',
    ),
    ...capped(report.above_hold ?? [], (item) => aboveHold(item, name)),
    ...fromElsewhere(report.calls),
    ...capped(
      report.bounded,
      (item) =>
        `${plural(item.calls, 'request')} to ${name(item.model)} stated no output limit and had ` +
        `${plural(item.output_tokens, 'token')} written in.`,
    ),
    ...capped(
      report.clamped ?? [],
      (item) =>
        `${plural(item.calls, 'request')} to ${name(item.model)} had the output limit lowered to what was left, from ` +
        `${plural(item.from, 'token')} to ${count(item.to)}${item.calls > 1 ? ' at the least' : ''}: answers may be cut short.`,
    ),
    ...voided(report),
  ];
}

/** How to get further after a breach, each a sentence; empty where the run stayed within its budget. */
export function remedies(report: Report, name: Name): string[] {
  const file = name(report.policy.file);
  const when = (reason: RefusalReason, sentence: string): string[] =>
    report.calls.some((call) => call.reason === reason) ? [sentence] : [];
  const short = report.limits.filter((limit) => limit.exceeded && ranShort(limit, report.calls));
  return [
    ...capped(short, (limit) => {
      const fewer = limit.scope === 'per_call' ? 'smaller calls' : 'fewer or smaller calls';
      return `Raise ${name(limitKey(limit))} at ${name(limit.at)}, or make ${fewer}.`;
    }),
    ...when(
      'call_too_large',
      `State a smaller output limit in the request, as ${name('max_tokens')}, to make a call fit.`,
    ),
    ...heldRemedies(report, name),
    ...unpricedRemedies(report, file, name),
    ...when('unmetered', `Name the host's wire format under ${name('upstreams')} in ${file}.`),
  ];
}

/** Time brings room that calls in flight hold; what jobs hold comes free when somebody asks what became of them. */
function heldRemedies({ calls }: Report, name: Name): string[] {
  const held = calls.filter(({ reason }) => reason === 'held');
  return [
    ...(held.some(({ held_by_jobs: jobs }) => !jobs)
      ? [`Make fewer calls at once, or let them wait longer (${name('reserve.wait')}).`]
      : []),
    ...(held.some(({ held_by_jobs: jobs }) => jobs)
      ? ['Fetch the results of jobs before starting more of them: until then, each job holds its worst case.']
      : []),
  ];
}

/** A model's price is the policy's to add; so are its fees, and what a service tier makes of it. */
function unpricedRemedies({ calls }: Report, file: string, name: Name): string[] {
  const refused = calls.filter(({ reason }) => reason === 'unpriced');
  const parts = refused.filter(({ no_price_for: part }) => part !== undefined);
  const otherwise = `or set ${name('unpriced: warn')}.`;
  return [
    ...(refused.length > parts.length ? [`Add the model's price under ${name('rates')} in ${file}, ${otherwise}`] : []),
    ...(parts.length > 0
      ? [
          `Give the model a rate with ${name('fees')} for its tools, or with ${name('service_tiers')}, under ${name('rates')} in ${file}, ${otherwise}`,
        ]
      : []),
  ];
}

/** The one thing that breaks the promise of the budget, so it comes first: tokens that no metered call accounts for. */
export function gap({ reconciliation }: Report): string[] {
  if (!reconciliation || reconciliation.missing_tokens === 0) return [];
  const { traced_tokens: traced, judged_tokens: judged, missing_tokens: missing } = reconciliation;
  const { predict_tokens: predict, judge_tokens: judge, other_tokens: other } = reconciliation;
  const sides = [
    ...(traced > 0 ? [`the rows’ traces state ${count(traced)} and ${count(predict)} were metered`] : []),
    ...(judged > 0 ? [`the judges state ${count(judged)} and ${count(judge)} were metered`] : []),
    ...(other > 0 ? [`${count(other)} more were metered for no known part of the eval`] : []),
  ];
  return [
    `MLflow states ${plural(missing, 'token')} that no metered call accounts for: ${sides.join('; ')}. ` +
      'Calls that bypassed the gateway are outside the budget.',
  ];
}

function partial(report: Report): string[] {
  if (report.partial !== true) return [];
  const rows = new Set(report.calls.flatMap((call) => (breaks(call) && call.row !== undefined ? [call.row] : [])));
  const all = (report.evals ?? []).reduce((sum, each) => sum + each.rows, 0);
  const of = all >= rows.size && all > 0 ? `${count(rows.size)} of ${plural(all, 'row')}` : plural(rows.size, 'row');
  const whose = rows.size > 0 ? `calls for ${of}` : 'calls of the eval';
  return [`Partial results: ${whose} were refused, so the eval’s aggregates cover the surviving rows only.`];
}

function unseen({ totals, incomplete }: Report): string[] {
  if (incomplete || totals.calls + totals.voided + totals.refused > 0) return [];
  return ['The command made no model call, or made it where it could not be seen: that part is not covered.'];
}

function cutShort(report: Report): string[] {
  if (!report.incomplete) return [];
  return ['The run was cut short before its end was recorded: the numbers are those known until then.'];
}

/** A limit that holds nothing, and a policy that has none, look like a budget and are not. */
function uncovered(report: Report, name: Name): string[] {
  if (report.limits.length === 0) {
    return [`${name(report.policy.file)} sets no limit: calls were metered, and none would have been refused.`];
  }
  const idle = report.limits.filter((limit) => coversNothing(limit, report.calls));
  return capped(idle, (limit) => {
    const [key, at] = [name(limitKey(limit)), name(limit.at)];
    if (limit.scope === 'per_row') return `${key} at ${at} covered no call: of none was it known which row it served.`;
    return `${key} at ${at} matched no call: check the name.`;
  });
}

/** Notices that neither a number nor another sentence of the report tells. */
const INCIDENTS: ReadonlySet<string> = new Set(['unmetered', 'unseen', 'uncovered', 'tier', 'keys', 'journal']);

function isIncident(notice: Report['notices'][number]): boolean {
  return INCIDENTS.has(notice.code);
}

function stale({ date, stale_days: days }: Report['prices'], name: Name): string[] {
  if (days === undefined) return [];
  return [
    `The prices are ${count(days)} days old (${date}): some may have changed. Update Token Budget, or name newer ones under ${name('prices')} in the policy.`,
  ];
}

function unpriced(report: Report, name: Name): string[] {
  const counted = report.unpriced.filter((item) => item.calls > 0 && item.part === undefined);
  return capped(
    counted,
    (item) =>
      `No price is known for ${name(item.model)}: ${plural(item.calls, 'call')} to it cost $0.00 here, whatever the provider bills.`,
  );
}

/** Calls whose cost lacks a part; a model without a price is told of by itself. */
function incomplete({ calls }: Report, name: Name): string[] {
  const concerned = calls.filter((call) => isIncomplete(call) && call.cost_incomplete !== NO_PRICE);
  const groups = new Map<string, { readonly model: string; readonly reason: string; readonly calls: number }>();
  for (const { model, cost_incomplete: reason = '' } of concerned) {
    const key = JSON.stringify([model, reason]);
    groups.set(key, { model, reason, calls: (groups.get(key)?.calls ?? 0) + 1 });
  }
  return capped(
    [...groups.values()],
    ({ model, reason, calls: count }) =>
      `The cost of ${plural(count, 'call')} to ${name(model)} is not complete: ${name(reason, MOST_TEXT)}. What it leaves out is in no total.`,
  );
}

function fromElsewhere(calls: readonly CallUse[]): string[] {
  const settled = calls.filter(isSettled);
  const sentence = (source: CallUse['usage_source'], words: string): string[] => {
    const concerned = settled.filter((call) => call.usage_source === source);
    if (concerned.length === 0) return [];
    const { total_tokens: tokens, cost_nano_usd: cost, cost_incomplete_calls: part } = totalsOf(concerned);
    return [`${plural(concerned.length, 'call')} (${plural(tokens, 'token')}, ${spentUsd(cost, part)}) ${words}`];
  };
  return [
    ...sentence('estimated', 'came without usage from the provider: counted from the text.'),
    ...sentence('held', 'ended without known usage after being sent: charged in full, at what was held.'),
  ];
}

function aboveHold(item: AboveHold, name: Name): string {
  const tokens = item.input_tokens + item.output_tokens;
  const amounts = [
    ...(tokens > 0 ? [plural(tokens, 'token')] : []),
    ...(item.cost_nano_usd > 0 ? [usd(item.cost_nano_usd)] : []),
  ];
  return `${plural(item.calls, 'call')} to ${name(item.model)} ${item.calls === 1 ? 'was' : 'were'} billed more than reserved, by ${amounts.join(' and ')}.`;
}

function voided(report: Report): string[] {
  const { voided: calls } = report.totals;
  return calls === 0 ? [] : [`${plural(calls, 'call')} failed at the provider and cost nothing.`];
}

/** The sentences of the first few, and how many more there are. */
function capped<Item>(items: readonly Item[], sentence: (item: Item) => string): string[] {
  const shown = items.slice(0, MOST_NAMES).map(sentence);
  const more = items.length - shown.length;
  return more > 0 ? [...shown, `The same holds for ${count(more)} more: see report.json.`] : shown;
}
