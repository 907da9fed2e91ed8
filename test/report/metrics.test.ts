import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build.js';
import { runMetrics } from '../../src/report/metrics.js';
import type { RunMetrics } from '../../src/domain/metrics.js';
import type { LimitEntry } from '../../src/domain/entry.js';
import { open, refuse, reserve, settle } from './runs.js';
import { showcase } from './showcase.js';

const ORIGIN = { commit: 'c0ffee', pullRequest: 12, runUrl: 'https://github.com/octo/evals/actions/runs/7' };
const TOKENS: LimitEntry = { dimension: 'tokens', scope: 'run', ceiling: 1000, at: 'token-budget.yml:4:11' };
/** MLflow's rule, with the path that it must be equal to once normalised. */
const NAME = /^(?!\/)(?!.*(?:\/\/|\.\.\/|\/\.\.))[/\w.\- :]{1,250}$/;

const valueOf = ({ metrics }: RunMetrics, name: string) => metrics.find((metric) => metric.name === name)?.value;
const textOf = (texts: RunMetrics['tags'], name: string) => texts.find((text) => text.name === name)?.value;

test('the seven metrics say what the report says', () => {
  const report = buildReport([open({ limits: [TOKENS] }), reserve(1), settle(1), reserve(2), settle(2)]);
  const logged = runMetrics(report, ORIGIN);
  expect(logged.metrics.map(({ name, value }) => [name, value])).toEqual([
    ['token_budget_used', 1040],
    ['token_budget_input_tokens', 800],
    ['token_budget_output_tokens', 240],
    ['token_budget_remaining', 0],
    ['token_budget_calls', 2],
    ['token_budget_exceeded', 1],
    ['token_budget_estimated_cost_usd', 0.0044],
  ]);
});

test('whether the budget was exceeded is a number, which a refusal alone makes 1', () => {
  const within = runMetrics(buildReport([open(), reserve(1), settle(1)]), {});
  const refused = runMetrics(buildReport([open(), reserve(1), settle(1), refuse(2)]), {});
  expect(valueOf(within, 'token_budget_exceeded')).toBe(0);
  expect(valueOf(refused, 'token_budget_exceeded')).toBe(1);
});

test('nothing remains to be told where the policy does not limit the tokens of the run', () => {
  const perCall: LimitEntry = { ...TOKENS, scope: 'per_call' };
  const logged = runMetrics(buildReport([open({ limits: [perCall] }), reserve(1), settle(1)]), {});
  expect(valueOf(logged, 'token_budget_remaining')).toBeUndefined();
  expect(logged.metrics).toHaveLength(6);
});

test('the series leads from nothing to the totals, one point a settled call', () => {
  const report = buildReport([open(), reserve(1), settle(1), reserve(2), settle(2), reserve(3), settle(3)]);
  const { series, metrics, startedAt } = runMetrics(report, {});
  const used = series.filter(({ name }) => name === 'token_budget_used');
  expect(used.map(({ step, value, timestamp }) => [step, value, timestamp - startedAt])).toEqual([
    [0, 0, 0],
    [1, 520, 940],
    [2, 1040, 1040],
  ]);
  expect(metrics[0]).toMatchObject({ name: 'token_budget_used', step: 3, value: 1560 });
});

test.each([0, 1, 199, 200, 201, 202, 5000])('a run of %i calls has a series that only rises', (calls) => {
  const entries = Array.from({ length: calls }, (_, index) => [reserve(index + 1), settle(index + 1)]).flat();
  const { series, metrics, endedAt } = runMetrics(buildReport([open(), ...entries]), {});
  for (const name of ['token_budget_used', 'token_budget_estimated_cost_usd']) {
    const points = series.filter((point) => point.name === name);
    const last = metrics.find((point) => point.name === name);
    expect(points).toHaveLength(Math.min(200, calls));
    [...points, last].reduce((before, point) => {
      expect(point?.step).toBeGreaterThan(before?.step ?? -1);
      expect(point?.value).toBeGreaterThanOrEqual(before?.value ?? 0);
      expect(point?.timestamp).toBeGreaterThanOrEqual(before?.timestamp ?? 0);
      return point;
    });
    expect(last).toMatchObject({ step: calls, timestamp: endedAt });
    expect(points.every((point) => Number.isInteger(point.step) && Number.isInteger(point.timestamp))).toBe(true);
  }
});

test('tags name the verdict, the policy and where the run came from', () => {
  const { tags } = runMetrics(buildReport(showcase(400)), ORIGIN);
  expect(Object.fromEntries(tags.map(({ name, value }) => [name, value]))).toEqual({
    'token_budget.verdict': 'exceeded',
    'token_budget.partial': 'true',
    'token_budget.policy': 'token-budget.yml',
    'token_budget.policy_hash': 'ab'.repeat(32),
    'token_budget.version': '0.1.0',
    'token_budget.commit': 'c0ffee',
    'token_budget.pull_request': '12',
    'token_budget.run_url': 'https://github.com/octo/evals/actions/runs/7',
  });
});

test('what is unknown of the origin leaves no empty tag', () => {
  const { tags } = runMetrics(buildReport([open()]), { commit: '' });
  expect(tags.map(({ name }) => name)).not.toContain('token_budget.commit');
  expect(tags.map(({ name }) => name)).not.toContain('token_budget.partial');
  expect(tags.every(({ value }) => value !== '')).toBe(true);
});

test('limits are params under the keys of the policy, money as an exact decimal', () => {
  const { params } = runMetrics(buildReport([open()]), {});
  expect(textOf(params, 'token_budget.on_exceed')).toBe('raise');
  expect(textOf(params, 'token_budget.limits.tokens')).toBe('50000');
  expect(textOf(params, 'token_budget.limits.cost_usd')).toBe('1.50');
  expect(textOf(params, 'token_budget.limits.per_call.tokens')).toBe('8192');
});

test('names obey MLflow whatever the patterns of the policy hold, and none is there twice', () => {
  const patterns = [
    'gpt-4o*',
    'gpt-4o_',
    '../../etc',
    'openai//x',
    'modèle 日本 <b>',
    'x'.repeat(400),
    'x'.repeat(401),
  ];
  const limits = patterns.map((pattern) => ({ ...TOKENS, scope: `models.${pattern}` }));
  const { params, tags, metrics } = runMetrics(buildReport([open({ limits })]), {});
  const names = [...params, ...tags, ...metrics].map(({ name }) => name);
  expect(names.filter((name) => !NAME.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  expect(params).toHaveLength(patterns.length + 1);
});
