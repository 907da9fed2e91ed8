/** Where a run's numbers go, and how: artifacts, Databricks, runs that nobody is left to end, origins. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvent } from '../../src/github/event.js';
import { logToMlflow } from '../../src/mlflow/log.js';
import { gitlabOrigin, originOf } from '../../src/mlflow/origin.js';
import { outcomeText, publishToMlflow, type MlflowPublication } from '../../src/mlflow/publish.js';
import { logByPython } from '../../src/mlflow/python.js';
import { buildReport } from '../../src/report/build.js';
import { runMetrics } from '../../src/report/metrics.js';
import { open, reserve, settle } from '../report/runs.js';
import { serve } from './stand.js';

const report = buildReport([open(), reserve(1), settle(1), { event: 'close', ms: 9, exitCode: 0, signal: null }]);
const payload = runMetrics(report, {});

const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** A server that knows the run `abc` and takes all that is logged. */
const knowing =
  (info: object): RequestListener =>
  (request, response) => {
    request.resume();
    json(response, { run: { info: { run_id: 'abc', experiment_id: '1', ...info } } });
  };

const folder = mkdtempSync(join(tmpdir(), 'tb-places-'));
const file = join(folder, 'report.json');
writeFileSync(file, '{"verdict":"within"}');

const log = (uri: string, more: object = {}) =>
  logToMlflow({ uri, experiment: '', runId: 'abc', env: {}, payload, secondMs: 1, ...more });

test.each([
  ['mlflow-artifacts:/1/abc/artifacts', ['/1/abc/artifacts']],
  ['mlflow-artifacts://elsewhere.example:1/1/abc/artifacts/', ['/1/abc/artifacts']],
  ['s3://bucket/1/abc/artifacts', []],
  ['file:///srv/mlruns/1/abc/artifacts', []],
  ['', []],
])('a report beside a run whose artifacts are at "%s" goes to this server, or nowhere', async (uri, roots) => {
  const stand = await serve(knowing({ artifact_uri: uri }));
  expect(await log(stand.uri, { artifacts: [file] })).toMatchObject({ action: 'logged' });
  const kept = stand.seen.filter(({ path }) => path.includes('mlflow-artifacts')).map(({ path }) => path);
  expect(kept).toEqual(roots.map((root) => `/api/2.0/mlflow-artifacts/artifacts${root}/token-budget/report.json`));
});

test('artifacts that are refused, or are gone, cost none of the metrics', async () => {
  const stand = await serve((request, response) => {
    if (request.method === 'PUT') json(response, {}, 403);
    else knowing({ artifact_uri: 'mlflow-artifacts:/1/abc/artifacts' })(request, response);
  });
  const refused = await log(stand.uri, { artifacts: [file] });
  expect(refused).toMatchObject({ action: 'logged' });
  expect(refused.warning).toMatch(/^Could not add the report to MLflow: .* forbids it/);
  expect(await log(stand.uri, { artifacts: [join(folder, 'none')] })).toMatchObject({ action: 'logged' });
});

test.each([
  ['RUNNING', true, ['FAILED']],
  ['RUNNING', false, []],
  ['FINISHED', true, []],
])('a run that is %s, its command failed: %s, is ended as %j', async (status, failed, ended) => {
  const updates: unknown[] = [];
  const stand = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (request.url?.includes('runs/update') === true) updates.push(JSON.parse(text));
      knowing({ status })(request, response);
    });
  });
  await log(stand.uri, { failed });
  expect(updates.map((update) => (update as { status: string }).status)).toEqual(ended);
});

test('Databricks is asked by its host with a token, or with one that its OAuth gives', async () => {
  const stand = await serve((request, response) => {
    if (request.url === '/oidc/v1/token') json(response, { access_token: 'of-an-hour' });
    else knowing({})(request, response);
  });
  const env = { DATABRICKS_HOST: stand.uri };
  const outcome = await log('databricks', { env: { ...env, DATABRICKS_TOKEN: 'dapi' } });
  expect(outcome).toMatchObject({ action: 'logged', url: `${stand.uri}/ml/experiments/1/runs/abc` });
  expect(new Set(stand.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer dapi']));
  const client = { DATABRICKS_CLIENT_ID: 'me', DATABRICKS_CLIENT_SECRET: 's3cret' };
  expect(await log('databricks', { env: { ...env, ...client } })).toMatchObject({ action: 'logged' });
  expect(stand.seen.at(-1)?.headers.authorization).toBe('Bearer of-an-hour');
});

const publication = (more: Partial<MlflowPublication>): MlflowPublication => ({
  report,
  reportDir: folder,
  mlflow: undefined,
  seen: undefined,
  origin: {},
  env: { PATH: process.env.PATH },
  cwd: folder,
  script: join(folder, 'none.py'),
  ...more,
});

test('nothing is asked for without a run and a store; a policy that names MLflow is told so', async () => {
  expect(await publishToMlflow(publication({}))).toBeUndefined();
  const mlflow = { trackingUri: '', experiment: 'evals', scorers: 'auto' } as const;
  expect(await publishToMlflow(publication({ mlflow }))).toMatchObject({ action: 'skipped' });
  expect(await publishToMlflow(publication({ mlflow: 'off' }))).toMatchObject({ action: 'skipped' });
});

test('the run that was seen comes before what policy and environment name', async () => {
  const stand = await serve(knowing({}));
  const seen = { runId: 'abc', trackingUri: stand.uri, kind: 'evaluate' } as const;
  const outcome = await publishToMlflow(publication({ seen, env: { MLFLOW_TRACKING_URI: 'http://127.0.0.1:9' } }));
  expect(outcome).toMatchObject({ action: 'logged', runId: 'abc' });
  expect(outcomeText(outcome ?? { action: 'failed' })).toBe(
    `The metrics are in the MLflow run abc: ${stand.uri}/#/experiments/1/runs/abc`,
  );
});

/** A stand-in for Python, in shell: the real one is driven in test/e2e/mlflow.test.ts. */
function interpreter(script: string): string {
  const path = join(mkdtempSync(join(folder, 'python-')), 'python');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return path;
}

const byPython = (python: string, more: object = {}) =>
  logByPython({
    uri: 'sqlite:///x.db',
    experiment: '',
    runId: 'abc',
    env: {
      PATH: process.env.PATH,
      'INPUT_GITHUB-TOKEN': 'ghs_secret',
      GITHUB_OUTPUT: '/x',
      MLFLOW_TRACKING_TOKEN: 't',
    },
    payload,
    python,
    script: 'mlflow_log.py',
    cwd: folder,
    ...more,
  });

test('an interpreter that a run names gets MLflow’s variables, and none of the runner’s own', async () => {
  const python = interpreter(`cat >/dev/null; printf '{"run_id":"%s"}' "$(env | cut -d= -f1 | sort | tr '\\n' ' ')"`);
  const { runId } = await byPython(python);
  expect(runId).toContain('MLFLOW_TRACKING_TOKEN');
  expect(runId).not.toMatch(/INPUT_|GITHUB_OUTPUT/);
});

test.each([
  ['an error', `cat >/dev/null; echo '{"error":"no such\\u001b[31m run"}'`, 'no such [31m run'],
  ['a MLflow that is missing', `echo '{"error":"No module named '"'mlflow'"'"}'`, 'Install mlflow there'],
  ['no JSON', 'echo hello', 'gave no valid answer'],
  ['nothing', 'exit 3', 'gave no valid answer'],
])('an interpreter that answers with %s is one warning', async (_what, script, words) => {
  const outcome = await byPython(interpreter(script));
  expect(outcome).toMatchObject({ action: 'failed' });
  expect(outcome.warning).toContain(words);
});

test('an interpreter that hangs is ended, and one that is not there is told', async () => {
  const outcome = await byPython(interpreter('exec sleep 60'), { deadlineMs: 300 });
  expect(outcome.warning).toMatch(/gave no answer within 0\.3 s/);
  expect((await byPython(join(folder, 'nobody'))).warning).toContain('could not be started');
});

test('what was left out beside the metrics is told with them', async () => {
  const outcome = await byPython(interpreter(`echo '{"run_id":"abc","skipped":["params: they are there"]}'`));
  expect(outcome).toMatchObject({ action: 'logged', runId: 'abc' });
  expect(outcome.warning).toContain('params: they are there');
});

test('a run is traced back to its commit, its pull request and its page, on GitHub and on GitLab', () => {
  const env = { GITHUB_REPOSITORY: 'octo/evals', GITHUB_RUN_ID: '7', GITHUB_SHA: 'c0ffee' };
  expect(originOf(readEvent(env, { pull_request: { number: 12 } }))).toEqual({
    commit: 'c0ffee',
    pullRequest: 12,
    runUrl: 'https://github.com/octo/evals/actions/runs/7',
  });
  expect(originOf(readEvent({}, undefined))).toEqual({});
  expect(gitlabOrigin({ CI_COMMIT_SHA: 'c0ffee' })).toEqual({ commit: 'c0ffee' });
});
