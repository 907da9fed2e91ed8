/** The script that writes to stores which only MLflow's own Python can write to, read back through MLflow's client. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newDatabase, readMlflow, type MlflowReader } from '../../support/mlflow.js';
import { HOOK_FOLDER } from './python.js';
import { bytecodeOf, venvPython } from './venv.js';

const SCRIPT = join(HOOK_FOLDER, 'token_budget_hook', 'mlflow_log.py');
const METRIC = { key: 'token_budget_used', value: 150, timestamp: 1_750_000_000_000, step: 3 };

let python = '';
let folder = '';
let reader: MlflowReader;
beforeAll(async () => {
  python = await venvPython('mlflow');
  folder = mkdtempSync(join(tmpdir(), 'tb-mlflow-'));
  await newDatabase('mlflow', join(folder, 'mlflow.db'));
  reader = readMlflow(python);
});
afterAll(() => {
  reader.close();
  rmSync(folder, { recursive: true, force: true });
});

async function log(payload: unknown, command = python): Promise<Record<string, unknown>> {
  const child = spawn(command, [SCRIPT], {
    env: { PATH: process.env.PATH ?? '', HOME: folder, MLFLOW_DISABLE_TELEMETRY: 'true', ...bytecodeOf(command) },
    cwd: folder,
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.resume();
  child.stdin.end(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const stores: readonly (readonly [name: string, uri: (at: string) => string])[] = [
  ['sqlite', (at) => `sqlite:///${at}/mlflow.db`],
  ['file', (at) => `file://${at}/mlruns`],
];

it.each(stores)(
  'logs onto a run of a %s store, and ends it only where it runs',
  { timeout: 120_000 },
  async (_name, at) => {
    const uri = at(folder);
    const file = join(folder, 'report.md');
    writeFileSync(file, '# report');
    const store = reader.at(uri);
    const id = await store.startRun('evals');
    const many = Array.from({ length: 1001 }, (_, step) => ({ ...METRIC, key: 'curve', value: step, step }));
    const answer = await log({
      tracking_uri: uri,
      run_id: id,
      metrics: [METRIC, ...many],
      params: { 'token_budget.limit': '50000' },
      tags: { 'token_budget.verdict': 'within' },
      artifacts: [file, join(folder, 'none.md')],
      status: 'FAILED',
    });
    expect(answer).toMatchObject({ run_id: id, skipped: [expect.stringMatching(/^artifact none\.md: /)] });
    const run = await store.readRun(id);
    expect(run).toMatchObject({ experiment: 'evals', status: 'FAILED', params: { 'token_budget.limit': '50000' } });
    expect(run.metrics).toMatchObject({ token_budget_used: 150, curve: 1000 });
    expect(run.history.curve).toHaveLength(1001);
    expect(run.history.token_budget_used).toEqual([{ step: 3, value: 150, timestamp: METRIC.timestamp }]);
    expect(run.tags['token_budget.verdict']).toBe('within');

    const again = {
      tracking_uri: uri,
      run_id: id,
      params: { 'token_budget.limit': '9' },
      metrics: [{ ...METRIC, step: 4 }],
    };
    expect(await log({ ...again, status: 'FINISHED' })).toMatchObject({
      run_id: id,
      skipped: [expect.stringMatching(/^params: /)],
    });
    const later = await store.readRun(id);
    expect(later.status).toBe('FAILED');
    expect(later.history.token_budget_used).toHaveLength(2);
  },
);

it('metrics that the run has below a name keep a store of files from that name alone', async () => {
  const uri = `file://${folder}/taken`;
  const store = reader.at(uri);
  const id = await store.startRun('evals');
  const before = [{ ...METRIC, key: 'token_budget_used/mean', value: 75 }];
  expect(await log({ tracking_uri: uri, run_id: id, metrics: before })).toMatchObject({ skipped: [] });
  const calls = { ...METRIC, key: 'token_budget_calls', value: 1 };
  const { skipped } = await log({ tracking_uri: uri, run_id: id, metrics: [METRIC, calls] });
  expect(skipped).toEqual([
    'metric token_budget_used: the run already has metrics named below this one (NAME/…), and a file store cannot hold both; rename those',
  ]);
  const { metrics } = await store.readRun(id);
  expect(metrics).toEqual({ 'token_budget_used/mean': 75, token_budget_calls: 1 });
});

it('makes a run of its own in the experiment where none is named', { timeout: 120_000 }, async () => {
  const uri = `sqlite:///${folder}/own.db`;
  const answer = await log({ tracking_uri: uri, experiment: 'mine', run_id: null, metrics: [METRIC] });
  const run = await reader.at(uri).readRun(String(answer.run_id));
  expect(run).toMatchObject({ experiment: 'mine', status: 'FINISHED', metrics: { token_budget_used: 150 } });
  expect(await reader.at(uri).runsOf('mine')).toEqual([answer.run_id]);
});

it('answers with one line of error, without a password, and never fails', { timeout: 120_000 }, async () => {
  const uri = `sqlite:///${folder}/own.db`;
  expect(await log('no json')).toEqual({ error: expect.stringContaining('Expecting value') as unknown });
  expect(await log({})).toEqual({ error: "'tracking_uri'" });
  expect(await log({ tracking_uri: uri, run_id: 'a'.repeat(32) })).toEqual({
    error: expect.stringContaining('not found') as unknown,
  });
  const refused = await log({ tracking_uri: 'postgresql://me:hidden@127.0.0.1:1/db', run_id: 'x' });
  expect(refused).toEqual({ error: expect.any(String) as unknown });
  expect(JSON.stringify(refused)).not.toContain('hidden');
  const bare = await log({ tracking_uri: uri, run_id: 'x' }, await venvPython('newest'));
  expect(bare).toEqual({ error: "No module named 'mlflow'" });
});
