import { afterAll, beforeAll, expect, test } from 'vitest';
import http from 'node:http';
import { buildReport } from '../../src/report/build.js';
import { runMetrics } from '../../src/report/metrics.js';
import type { RunMetrics } from '../../src/domain/metrics.js';
import { logToMlflow } from '../../src/mlflow/log.js';
import { startMlflow, type MlflowServer } from '../support/mlflow.js';
import { showcase } from '../report/showcase.js';
import { open, reserve, settle } from '../report/runs.js';
import { serve } from './stand.js';

const report = buildReport(showcase(400));
const payload = runMetrics(report, { commit: 'c0ffee', runUrl: 'https://github.com/octo/evals/actions/runs/7' });

let mlflow: MlflowServer;
beforeAll(async () => {
  mlflow = await startMlflow();
});
afterAll(async () => {
  await mlflow.close();
});

const log = (experiment: string, more: { runId?: string; uri?: string; payload?: RunMetrics } = {}) =>
  logToMlflow({ uri: mlflow.uri, experiment, runId: undefined, env: {}, payload, secondMs: 10, ...more });

const pairs = (texts: RunMetrics['tags']) => Object.fromEntries(texts.map(({ name, value }) => [name, value]));

test('with no run given, a finished run of its own in a new experiment holds all of it', async () => {
  const outcome = await log('evals of its own');
  expect(outcome).toMatchObject({ action: 'logged' });
  expect(outcome.warning).toBeUndefined();
  const run = await mlflow.readRun(outcome.runId ?? '');
  expect(run).toMatchObject({ experiment: 'evals of its own', status: 'FINISHED' });
  expect([run.start_time, run.end_time]).toEqual([payload.startedAt, payload.endedAt]);
  expect(run.metrics).toEqual(Object.fromEntries(payload.metrics.map(({ name, value }) => [name, value])));
  expect(run.metrics.token_budget_exceeded).toBe(1);
  expect(run.params).toEqual(pairs(payload.params));
  expect(run.tags).toMatchObject({ ...pairs(payload.tags), 'mlflow.runName': 'token-budget' });
  expect(outcome.url).toMatch(new RegExp(`^${mlflow.uri}/#/experiments/\\d+/runs/${outcome.runId ?? '?'}$`));
});

test('MLflow has the curve of tokens and of cost as it was logged', async () => {
  const { runId = '' } = await log('curves');
  const { history } = await mlflow.readRun(runId);
  for (const name of ['token_budget_used', 'token_budget_estimated_cost_usd']) {
    const sent = [...payload.series, ...payload.metrics].filter((point) => point.name === name);
    expect(sent.length).toBe(201);
    expect(history[name]).toEqual(sent.map(({ step, value, timestamp }) => ({ step, value, timestamp })));
  }
});

test('onto a given run the metrics come beside its own, and it is left running', async () => {
  const runId = await mlflow.startRun('given');
  const outcome = await log('another', { runId });
  expect(outcome).toMatchObject({ action: 'logged', runId });
  const run = await mlflow.readRun(runId);
  expect(run).toMatchObject({ experiment: 'given', status: 'RUNNING' });
  expect(run.metrics.token_budget_used).toBe(report.totals.total_tokens);
  expect(run.tags).toMatchObject(pairs(payload.tags));
  expect(await mlflow.runsOf('another')).toEqual([]);
});

test('the same metrics once more change nothing', async () => {
  const runId = await mlflow.startRun('twice');
  await log('twice', { runId });
  const before = await mlflow.readRun(runId);
  expect(await log('twice', { runId })).toEqual({ action: 'logged', runId, url: expect.any(String) as string });
  expect(await mlflow.readRun(runId)).toEqual(before);
});

test('params that the run has with other values cost none of the metrics', async () => {
  const runId = await mlflow.startRun('params');
  await log('params', { runId });
  const limits = [{ dimension: 'tokens', scope: 'run', ceiling: 7, at: 'token-budget.yml:4:11' }] as const;
  const other = runMetrics(buildReport([open({ limits, at: '2026-11-04T10:15:00.000Z' }), reserve(1), settle(1)]), {});
  const outcome = await log('params', { runId, payload: other });
  expect(outcome).toMatchObject({ action: 'logged', runId });
  expect(outcome.warning).toContain('without the limits');
  const { history, params } = await mlflow.readRun(runId);
  expect(history.token_budget_calls?.map(({ value }) => value)).toContain(1);
  expect(params['token_budget.limits.tokens']).toBe('250000');
});

test('a policy of 250 limits with odd patterns is logged whole', async () => {
  const limits = Array.from({ length: 250 }, (_, number) => {
    return { dimension: 'tokens', scope: `models.../${number}//*<é>`, ceiling: number, at: 'p.yml:1:1' } as const;
  });
  const { runId = '' } = await log('odd', { payload: runMetrics(buildReport([open({ limits })]), {}) });
  expect(Object.keys((await mlflow.readRun(runId)).params)).toHaveLength(251);
});

test('jobs that make the experiment at the same time all get a run in it', async () => {
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => log('raced')));
  expect(outcomes.map(({ action, warning }) => [action, warning])).toEqual(Array(6).fill(['logged', undefined]));
  expect(await mlflow.runsOf('raced')).toHaveLength(6);
});

test('a run that is not there, and an experiment that was deleted, are told apart', async () => {
  const missing = await log('any', { runId: 'deadbeef' });
  expect(missing).toMatchObject({ action: 'failed' });
  expect(missing.warning).toContain('does not know the run (status 404, RESOURCE_DOES_NOT_EXIST)');
  await mlflow.deleteExperiment('gone');
  const gone = await log('gone');
  expect(gone).toMatchObject({ action: 'failed' });
  expect(gone.warning).toMatch(/is deleted\. Restore it/);
});

test('a server that fails twice is asked three times', async () => {
  let failures = 0;
  const flaky = await serve((request, response) => {
    const fails = request.url?.includes('log-batch') === true && failures < 2;
    if (fails) failures += 1;
    if (fails) response.writeHead(500).end('oops');
    else passOn(request, response);
  });
  const outcome = await log('flaky', { uri: flaky.uri });
  expect(outcome).toMatchObject({ action: 'logged' });
  expect(failures).toBe(2);
  expect((await mlflow.readRun(outcome.runId ?? '')).metrics.token_budget_calls).toBe(report.totals.calls);
});

test('a run whose making was answered by an error is found again and not made twice', async () => {
  let failed = false;
  const lossy = await serve((request, response) => {
    const loses = request.url?.includes('runs/create') === true && !failed;
    if (loses) failed = true;
    passOn(request, response, loses ? 502 : undefined);
  });
  const outcome = await log('lossy', { uri: lossy.uri });
  expect(outcome).toMatchObject({ action: 'logged' });
  expect(failed).toBe(true);
  expect(await mlflow.runsOf('lossy')).toEqual([outcome.runId]);
});

test('a run of its own that could not be filled is left failed, not running', async () => {
  const broken = await serve((request, response) => {
    if (request.url?.includes('log-batch') === true) response.writeHead(500).end('oops');
    else passOn(request, response);
  });
  const outcome = await log('broken', { uri: broken.uri });
  expect(outcome).toMatchObject({ action: 'failed' });
  expect(outcome.warning).toContain('also on retry (status 500)');
  const [id = ''] = await mlflow.runsOf('broken');
  expect((await mlflow.readRun(id)).status).toBe('FAILED');
});

/** To the real server and back, under another status where one is given. */
function passOn(request: http.IncomingMessage, response: http.ServerResponse, status?: number): void {
  const { method, headers, url } = request;
  const onward = http.request(`${mlflow.uri}${url ?? ''}`, { method, headers }, (answer) => {
    response.writeHead(status ?? answer.statusCode ?? 502, { 'content-type': 'application/json' });
    answer.pipe(response);
  });
  request.pipe(onward);
}
