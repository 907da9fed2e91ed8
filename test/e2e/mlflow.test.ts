/** Evals of a real MLflow under the built command line, read back through MLflow's own client, whatever their store. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytecodeOf, venvPython } from '../hook/python/venv.js';
import { newDatabase, STAY_HERE, type MlflowRun, type MlflowServer } from '../support/mlflow.js';
import type { Upstream } from '../support/upstream.js';
import { PROGRAMS, readReport, runCli, workspace } from './harness.js';
import { expectScores, openEvals, runOf, SEVEN, type Evaluated, type EvalStand } from './mlflow-stand.js';

const OURS = ['token_budget_exceeded', 'token_budget_remaining', 'token_budget_used'];

let stand: EvalStand;
let python: string;
let server: MlflowServer;
let upstream: Upstream;
let evaluate: EvalStand['evaluate'];

beforeAll(async () => {
  stand = await openEvals('mlflow');
  ({ python, server, upstream, evaluate } = stand);
});
afterAll(() => stand.close());

/** All that is promised of the run of four rows with a judge: 1 + 4 calls of 150 tokens, 4 of 37. */
function expectLogged(run: MlflowRun, hash: string): void {
  expect(run.status).toBe('FINISHED');
  expect(Object.keys(run.metrics)).toEqual(expect.arrayContaining(SEVEN));
  expect(run.metrics).toMatchObject({
    token_budget_used: 898,
    token_budget_input_tokens: 620,
    token_budget_output_tokens: 278,
    token_budget_remaining: 999_102,
    token_budget_calls: 9,
    token_budget_exceeded: 0,
  });
  expect(run.history.token_budget_used?.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(run.history.token_budget_estimated_cost_usd).toHaveLength(10);
  expect(run.params).toMatchObject({ 'token_budget.limits.tokens': '1000000', 'token_budget.on_exceed': 'raise' });
  expect(run.tags).toMatchObject({ 'token_budget.verdict': 'within', 'token_budget.policy_hash': hash });
  expect(run.tags).not.toHaveProperty('token_budget.partial');
}

test('on a server, the run that evaluate() made holds the seven metrics, the curve and the report, which tells its parts apart', async () => {
  const ended = await evaluate({
    uri: server.uri,
    env: { CI_COMMIT_SHA: 'c0ffee', CI_JOB_URL: 'https://gitlab.example/1', CI_MERGE_REQUEST_IID: '7' },
  });
  expect(ended.status).toBe(0);
  const id = runOf(ended);
  const run = await server.readRun(id);
  expectLogged(run, ended.report.policy.hash);
  expectScores(await server.readRows(id), 4, ['correct', ...OURS]);
  expect(run.tags).toMatchObject({
    'token_budget.commit': 'c0ffee',
    'token_budget.pull_request': '7',
    'token_budget.run_url': 'https://gitlab.example/1',
  });
  expect(ended.stderr).toContain(`The metrics are in the MLflow run ${id}: ${server.uri}/#/experiments/`);
  const artifact = `${server.uri}/get-artifact?run_id=${id}&path=token-budget/report`;
  expect(await (await fetch(`${artifact}.json`)).json()).toEqual(ended.report);
  expect(await (await fetch(`${artifact}.html`)).text()).toContain('<!doctype html>');
  await expectParts(ended);
});

/** The parts and rows, as MLflow's own counts have them, and the same again from the journal. */
async function expectParts({ report, markdown, directory }: Evaluated): Promise<void> {
  expect(report.phases?.map(({ phase, calls, total_tokens }) => [phase, calls, total_tokens])).toEqual([
    ['preflight', 1, 150],
    ['predict', 4, 600],
    ['judge', 4, 148],
  ]);
  const rows = report.calls.flatMap(({ row }) => row ?? []);
  expect([rows.length, new Set(rows).size]).toEqual([8, 4]);
  expect(report.evals).toMatchObject([{ rows: 4, failed_rows: 0 }]);
  expect(report.reconciliation).toMatchObject({ traced_tokens: 600, judged_tokens: 148, missing_tokens: 0 });
  expect(markdown).toContain('Judging answers');
  expect((await runCli(['report', directory])).status).toBe(0);
  expect(readReport(directory)).toEqual(report);
}

test.each([
  ['sqlite', 'sqlite:///mlflow.db'],
  ['file', './mlruns'],
])(
  'in a %s store, which a relative path names, the run holds the same, scores of the class included',
  async (_store, uri) => {
    const ended = await evaluate({ uri, words: ['4', 'named', 'judged'] });
    expect(ended.status).toBe(0);
    const store = stand.storeOf(ended, uri);
    const id = runOf(ended);
    expectLogged(await store.readRun(id), ended.report.policy.hash);
    expectScores(await store.readRows(id), 4, ['correct', ...OURS]);
    expect(ended.stderr).toContain(`The metrics are in the MLflow run ${id}`);
  },
);

test.each([
  ['the class names them, beside the automatic ones', 'a server', '', 'named', ''],
  ['the class alone names them', 'files', './mlruns', 'named', 'mlflow: { scorers: off }'],
  ['a scorer of the eval has one of the names', 'files', './mlruns', 'own', ''],
])('scores of rows and metrics of the run stand side by side where %s (%s)', async (_who, _store, uri, word, rest) => {
  const place = uri || server.uri;
  const ended = await evaluate({ uri: place, words: ['2', word], rest });
  expect(ended.status).toBe(0);
  expect(ended.stderr).not.toContain('not completely');
  const [store, id] = [stand.storeOf(ended, place), runOf(ended)];
  expectScores(await store.readRows(id), 2, OURS);
  const { metrics } = await store.readRun(id);
  expect(Object.keys(metrics).sort()).toEqual([...SEVEN].sort());
  expect(metrics).toMatchObject({ token_budget_used: 450, token_budget_calls: 3 });
});

test('refused rows are not asked for again, and run, report and tag say that the results are partial', async () => {
  const before = upstream.seen.length;
  const ended = await evaluate({ uri: server.uri, limits: 'calls: 5', words: ['8'] });
  expect(ended.status).toBe(3);
  expect(upstream.seen.length - before).toBe(5);
  const { report } = ended;
  expect(report.partial).toBe(true);
  // One attempt for each refused call: eight rows and their judges at most.
  expect(report.totals.refused).toBeLessThanOrEqual(12);
  expect(ended.markdown).toMatch(/Partial results: calls for \d of 8 rows were refused/);
  const run = await server.readRun(runOf(ended));
  expect(run).toMatchObject({ status: 'FINISHED', tags: { 'token_budget.partial': 'true' } });
  expect(run.metrics).toMatchObject({ token_budget_exceeded: 1, token_budget_calls: 5 });
});

test('calls that bypassed the gateway are a warning with numbers', async () => {
  const ended = await evaluate({ uri: server.uri, words: ['4', 'bypass'] });
  expect(ended.report.reconciliation).toMatchObject({ traced_tokens: 600, predict_tokens: 300, missing_tokens: 300 });
  expect(ended.stderr).toContain('MLflow reports 300 tokens more than were metered');
  expect(ended.markdown).toContain('MLflow reports 300 tokens more than were metered');
});

test('a run that its killed command left running is ended as failed, with its metrics', async () => {
  const ended = await evaluate({ uri: server.uri, words: ['2', 'plain', 'die'] });
  expect(ended.status).toBe(137);
  expect(await server.readRun(runOf(ended))).toMatchObject({ status: 'FAILED', metrics: { token_budget_used: 300 } });
});

const ROWS = [process.execPath, join(PROGRAMS, 'rows.mjs'), '2'];

test('where the command made no run, a finished run of its own in the policy’s experiment holds the metrics', async () => {
  const rest = `mlflow: { tracking_uri: "${server.uri}", experiment: of its own }`;
  const ended = await evaluate({ command: ROWS, rest });
  const [id = ''] = await server.runsOf('of its own');
  expect(await server.readRun(id)).toMatchObject({ status: 'FINISHED', metrics: { token_budget_calls: 2 } });
  expect(ended.stderr).toContain(`The metrics are in the MLflow run ${id}`);
});

test('a store that a Python on PATH can write to gets a run of its own too, and one without MLflow says so', async () => {
  const uri = 'sqlite:///own.db';
  const ended = await evaluate({
    uri,
    command: ROWS,
    env: { PATH: `${join(python, '..')}:${process.env.PATH ?? ''}` },
  });
  const [id = ''] = await stand.storeOf(ended, uri).runsOf('Default');
  expect(ended.stderr).toContain(`The metrics are in the MLflow run ${id}`);
  const bare = join(await venvPython('newest'), '..');
  const without = await evaluate({ uri, command: ROWS, env: { PATH: `${bare}:${process.env.PATH ?? ''}` } });
  expect(without.status).toBe(0);
  expect(without.stderr).toMatch(/log the metrics to MLflow: No module named 'mlflow'\. Install mlflow/);
});

test('mlflow: off logs nothing and says so in one line', async () => {
  const ended = await evaluate({ uri: server.uri, rest: 'mlflow: off', words: ['2', 'plain'] });
  expect(ended.status).toBe(0);
  expect(ended.stderr).toContain('Nothing was logged to MLflow: the policy or an input sets `mlflow: off`.');
  const { metrics } = await server.readRun(runOf(ended));
  expect(metrics).toEqual({});
});

test('a run that nothing leads to MLflow says nothing of it; a server that is gone changes no verdict', async () => {
  expect((await evaluate({ command: ROWS })).stderr).not.toMatch(/mlflow/i);
  const gone = await evaluate({ command: ROWS, uri: 'http://127.0.0.1:9' });
  expect(gone.status).toBe(0);
  expect(gone.stderr).toMatch(/log the metrics to MLflow: 127\.0\.0\.1:9 could not be reached/);
});

test('the example runs by its one command', async () => {
  const { dir } = workspace('');
  await newDatabase('mlflow', join(dir, 'mlflow.db'));
  const example = join(PROGRAMS, '..', '..', '..', 'examples', 'mlflow-evaluate', 'try.mjs');
  const ended = spawnSync(process.execPath, [example, python], {
    cwd: dir,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: dir, ...STAY_HERE, ...bytecodeOf(python) },
  });
  expect(ended.status, ended.stderr).toBe(0);
  const store = server.reader.at(`sqlite:///${dir}/mlflow.db`);
  const [id = ''] = await store.runsOf('mlflow-evaluate');
  const { metrics } = await store.readRun(id);
  // Twelve rows, two judges each, and MLflow's trial call.
  expect(metrics).toMatchObject({ token_budget_calls: 37, 'concise/mean': 1, 'correctness/mean': 1 });
  expect(Object.keys(metrics)).toEqual(expect.arrayContaining(SEVEN));
  expect(ended.stderr).toContain(`The metrics are in the MLflow run ${id}`);
});
