/** Caveats of a report, and what to do about a breach: sentences that every rendering shares. */
import type { RefusalReason } from '../domain/call.js';
import type { AboveHold, CallUse, Report } from '../generated/report.generated.js';
import { count, plural, spentUsd, usd } from './format.js';
import { breaks, coversNothing } from './limits.js';
import { NO_PRICE } from './call-records.js';
import { isIncomplete, isSettled, totalsOf } from './sums.js';
import { limitKey, ranShort, type Name } from './words.js';

const MOST_NAMES = 3;
const MOST_TEXT = 200;

/** The meter's own reasons in words; another reason stands as it is. */
const UNBOUNDED_WORDS: ReadonlyMap<string, string> = new Map([
  ['media', 'images, audio or files in the request'],
  ['server tools', 'tools that run at the provider'],
  ['no output bound', 'no output limit, and Token Budget cannot add one'],
]);

/** What qualifies the numbers: estimates, gaps and incidents; empty where every number is the provider's own. */
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
        'so they could exceed a limit.',
    ),
    ...capped(report.above_hold ?? [], (item) => aboveHold(item, name)),
    ...fromElsewhere(report.calls),
    ...capped(
      report.bounded,
      (item) =>
        `${plural(item.calls, 'request')} to ${name(item.model)} set no output limit; ` +
        `Token Budget added ${count(item.output_tokens)}.`,
    ),
    ...capped(
      report.clamped ?? [],
      (item) =>
        `${plural(item.calls, 'request')} to ${name(item.model)} got a lower output limit to fit the budget: ` +
        `${count(item.to)} ${item.calls > 1 ? 'at the lowest ' : ''}instead of ${plural(item.from, 'token')}. Answers may be cut short.`,
    ),
    ...voided(report),
  ];
}

/** What to do after a breach, each a sentence; empty where the run stayed within its budget. */
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
      `Set a lower output limit in the request, such as ${name('max_tokens')}, so that the call fits.`,
    ),
    ...heldRemedies(report, name),
    ...unpricedRemedies(report, file, name),
    ...when('unmetered', `Set the host's ${name('dialect')} under ${name('upstreams')} in ${file}.`),
  ];
}

/** What calls in flight reserve is freed when they end; what jobs reserve, when their results are fetched. */
function heldRemedies({ calls }: Report, name: Name): string[] {
  const held = calls.filter(({ reason }) => reason === 'held');
  return [
    ...(held.some(({ held_by_jobs: jobs }) => !jobs)
      ? [`Make fewer calls at once, or let them wait longer (${name('reserve.wait')}).`]
      : []),
    ...(held.some(({ held_by_jobs: jobs }) => jobs)
      ? ['Fetch the results of jobs before you start more: until then, each job reserves its worst case.']
      : []),
  ];
}

/** The policy can add a model's price, its fees, and the factors of its service tiers. */
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

/** Tokens that no metered call accounts for. They break the promise of the budget, so this comes first. */
export function gap({ reconciliation }: Report): string[] {
  if (!reconciliation || reconciliation.missing_tokens === 0) return [];
  const { traced_tokens: traced, judged_tokens: judged, missing_tokens: missing } = reconciliation;
  const { predict_tokens: predict, judge_tokens: judge, other_tokens: other } = reconciliation;
  const sides = [
    ...(traced > 0 ? [`the rows’ traces report ${count(traced)}, and ${count(predict)} were metered`] : []),
    ...(judged > 0 ? [`the judges report ${count(judged)}, and ${count(judge)} were metered`] : []),
    ...(other > 0 ? [`${count(other)} more were metered that belong to no known part of the eval`] : []),
  ];
  return [
    `MLflow reports ${plural(missing, 'token')} more than were metered: ${sides.join('; ')}. ` +
      'Calls that bypass the gateway are not in the budget.',
  ];
}

function partial(report: Report): string[] {
  if (report.partial !== true) return [];
  const rows = new Set(report.calls.flatMap((call) => (breaks(call) && call.row !== undefined ? [call.row] : [])));
  const all = (report.evals ?? []).reduce((sum, each) => sum + each.rows, 0);
  const of = all >= rows.size && all > 0 ? `${count(rows.size)} of ${plural(all, 'row')}` : plural(rows.size, 'row');
  const whose = rows.size > 0 ? `calls for ${of}` : 'calls of the eval';
  return [`Partial results: ${whose} were refused, so the eval’s scores cover only the other rows.`];
}

function unseen({ totals, incomplete }: Report): string[] {
  if (incomplete || totals.calls + totals.voided + totals.refused > 0) return [];
  return ['No model call was seen. If the command made one, it was not metered.'];
}

function cutShort(report: Report): string[] {
  if (!report.incomplete) return [];
  return ['The run was cut short: the numbers are those recorded until then.'];
}

/** A limit that matches no call and a policy without limits look like a budget, but limit nothing. */
function uncovered(report: Report, name: Name): string[] {
  if (report.limits.length === 0) {
    return [`${name(report.policy.file)} sets no limit: calls were metered but never refused.`];
  }
  const idle = report.limits.filter((limit) => coversNothing(limit, report.calls));
  return capped(idle, (limit) => {
    const [key, at] = [name(limitKey(limit)), name(limit.at)];
    if (limit.scope === 'per_row') return `${key} at ${at} matched no call: no call could be assigned to a row.`;
    return `${key} at ${at} matched no call. Check the name.`;
  });
}

/** Notices that no number and no other sentence of the report covers. */
const INCIDENTS: ReadonlySet<string> = new Set(['unmetered', 'unseen', 'uncovered', 'tier', 'keys', 'journal']);

function isIncident(notice: Report['notices'][number]): boolean {
  return INCIDENTS.has(notice.code);
}

function stale({ date, stale_days: days }: Report['prices'], name: Name): string[] {
  if (days === undefined) return [];
  return [
    `The prices are ${count(days)} days old (${date}), so some may have changed. Update Token Budget, or add newer ones under ${name('prices')} in the policy.`,
  ];
}

function unpriced(report: Report, name: Name): string[] {
  const counted = report.unpriced.filter((item) => item.calls > 0 && item.part === undefined);
  return capped(
    counted,
    (item) =>
      `No price is known for ${name(item.model)}: ${plural(item.calls, 'call')} to it ${item.calls === 1 ? 'counts' : 'count'} as $0.00 here, whatever the provider bills.`,
  );
}

/** Calls whose cost lacks a part; models without a price have a sentence of their own. */
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
      `The cost of ${plural(count, 'call')} to ${name(model)} is incomplete: ${name(reason, MOST_TEXT)}. The totals leave that part out.`,
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
    ...sentence('held', 'ended without usage: usage unknown; charged the full reservation.'),
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
  return more > 0 ? [...shown, `And ${count(more)} more: see report.json.`] : shown;
}
