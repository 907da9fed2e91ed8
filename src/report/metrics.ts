/**
 * A run as numbers for an experiment tracker: the seven metrics, their way there, and what names the run. Every name
 * obeys MLflow's rule for names, whatever a policy's patterns hold, and no value is longer than the tracker takes.
 */
import type { MetricPoint, NamedText, Origin, RunMetrics } from '../domain/metrics.js';
import type { LimitUse, Report } from '../generated/report.generated.js';
import { breaks } from './limits.js';
import { limitKey } from './words.js';
import { spending, type Spent } from './series.js';

const MOST_POINTS = 200;
/** MLflow takes 250 characters of a name, and its older releases 500 of a param. */
const MOST_NAME = 240;
const MOST_TEXT = 500;

/** The metrics of a finished run. */
export function runMetrics(report: Report, origin: Origin): RunMetrics {
  const began = Date.parse(report.started_at);
  const startedAt = Number.isNaN(began) ? 0 : Math.max(0, began);
  const endedAt = startedAt + Math.round(report.duration_ms);
  const end = { step: report.totals.calls, timestamp: endedAt };
  return {
    metrics: finalValues(report).map((metric) => ({ ...metric, ...end })),
    series: seriesOf(report, startedAt),
    params: limitParams(report),
    tags: tagsOf(report, origin),
    startedAt,
    endedAt,
  };
}

function finalValues({ totals, limits, verdict }: Report): Pick<MetricPoint, 'name' | 'value'>[] {
  const tokens = limits.find(({ dimension, scope }) => dimension === 'tokens' && scope === 'run');
  return [
    { name: 'token_budget_used', value: totals.total_tokens },
    { name: 'token_budget_input_tokens', value: totals.input_tokens },
    { name: 'token_budget_output_tokens', value: totals.output_tokens },
    ...(tokens ? [{ name: 'token_budget_remaining', value: tokens.remaining }] : []),
    { name: 'token_budget_calls', value: totals.calls },
    { name: 'token_budget_exceeded', value: verdict === 'exceeded' ? 1 : 0 },
    { name: 'token_budget_estimated_cost_usd', value: totals.cost_nano_usd / 1e9 },
  ];
}

/** The last settled call is left to the final values: a tracker shows the value of the greatest step as the latest. */
function seriesOf(report: Report, startedAt: number): MetricPoint[] {
  const steps = spending(report)
    .slice(0, -1)
    .map((spent, step) => ({ ...spent, step }));
  return thinned(steps.slice(0, -1), MOST_POINTS).flatMap(({ ms, tokens, cost, step }) => {
    const at = { step, timestamp: startedAt + Math.round(ms) };
    return [
      { name: 'token_budget_used', value: tokens, ...at },
      { name: 'token_budget_estimated_cost_usd', value: cost / 1e9, ...at },
    ];
  });
}

type Step = Spent & { readonly step: number };

/** At most so many, evenly over the whole, the first and the last among them. */
function thinned(steps: readonly Step[], most: number): readonly Step[] {
  if (steps.length <= most) return steps;
  const stride = (steps.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => steps[Math.round(index * stride)]).filter(
    (each) => each !== undefined,
  );
}

/** By the policy's own keys: `token_budget.limits.per_call.tokens`. */
function limitParams({ limits, policy }: Report): NamedText[] {
  const taken = new Set<string>();
  const params = limits.map((limit) => ({
    name: freeName(limit, taken),
    value: limit.ceiling_usd ?? String(limit.ceiling),
  }));
  return [{ name: 'token_budget.on_exceed', value: policy.on_exceed }, ...params];
}

/** Patterns hold characters that no name may; two that become alike by that are told apart by a number. */
function freeName(limit: LimitUse, taken: Set<string>): string {
  const name = `token_budget.${limitKey(limit)}`.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, MOST_NAME);
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
  taken.add(free);
  return free;
}

function tagsOf({ verdict, policy, tool, calls }: Report, { commit, pullRequest, runUrl }: Origin): NamedText[] {
  const tags: readonly (readonly [string, string | undefined])[] = [
    ['verdict', verdict],
    // The command's own aggregates cover only the calls that were let through.
    ['partial', calls.some(breaks) ? 'true' : undefined],
    ['policy', policy.file],
    ['policy_hash', policy.hash],
    ['version', tool],
    ['commit', commit],
    ['pull_request', pullRequest?.toString()],
    ['run_url', runUrl],
  ];
  return tags.flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [{ name: `token_budget.${key}`, value: value.slice(0, MOST_TEXT) }],
  );
}
