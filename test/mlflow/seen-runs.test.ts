import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mlflowHook, readEvals, readSeenRuns, runToLogTo } from '../../src/mlflow/seen-runs.js';

const folder = () => mkdtempSync(join(tmpdir(), 'tb-seen-'));
const file = () => mlflowHook(undefined, folder())?.runs ?? '';

const LINE = {
  event: 'mlflow_run',
  run_id: 'a1',
  experiment_id: '1',
  tracking_uri: 'http://127.0.0.1:5000',
  kind: 'start_run',
  at: 1_792_396_800_000,
};
const line = (change: object = {}) => `${JSON.stringify({ ...LINE, ...change })}\n`;

function read(...lines: readonly string[]) {
  const path = file();
  appendFileSync(path, lines.join(''));
  return readSeenRuns(path);
}

test('the file is there from the start, for its owner alone', () => {
  const path = file();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readSeenRuns(path)).toEqual([]);
});

test('the hook is told of the policy’s scorers, and of nothing where MLflow is left out', () => {
  expect(mlflowHook(undefined, folder())).toMatchObject({ scorers: 'auto' });
  expect(mlflowHook({ trackingUri: '', experiment: '', scorers: 'off' }, folder())).toMatchObject({ scorers: 'off' });
  expect(mlflowHook('off', folder())).toBeUndefined();
});

test('a run is read with its store, and its interpreter where that was told', () => {
  const python = '/venv with space/bin/python';
  expect(read(line(), line({ run_id: 'b-2', kind: 'evaluate', python, tracking_uri: 'sqlite:////w/ml.db' }))).toEqual([
    { runId: 'a1', trackingUri: 'http://127.0.0.1:5000', kind: 'start_run' },
    { runId: 'b-2', trackingUri: 'sqlite:////w/ml.db', kind: 'evaluate', python },
  ]);
});

test('a run that is told twice is one, and one of an eval where it ever was', () => {
  const seen = read(line(), line({ kind: 'evaluate' }), line({ run_id: 'b' }), line());
  expect(seen.map(({ runId, kind }) => [runId, kind])).toEqual([
    ['a1', 'evaluate'],
    ['b', 'start_run'],
  ]);
});

test('metrics belong to the last run of an eval, or else to the first run', () => {
  const evals = [line(), line({ run_id: 'b', kind: 'evaluate' }), line({ run_id: 'c', kind: 'evaluate' })];
  expect(runToLogTo(read(...evals, line({ run_id: 'd' })))?.runId).toBe('c');
  expect(runToLogTo(read(line({ run_id: 'outer' }), line({ run_id: 'inner' })))?.runId).toBe('outer');
  expect(runToLogTo([])).toBeUndefined();
});

test.each([
  ['another event', line({ event: 'other' })],
  ['no run', line({ run_id: undefined })],
  ['a run that is a path', line({ run_id: '../../x' })],
  ['a run that goes on for too long', line({ run_id: 'a'.repeat(65) })],
  ['a run that is a number', line({ run_id: 7 })],
  ['another kind', line({ kind: 'evaluate ' })],
  ['no store', line({ tracking_uri: null })],
  ['a store with a line end in it', line({ tracking_uri: 'http://a\n::error::b' })],
  ['a store of a length that none has', line({ tracking_uri: 'x'.repeat(4097) })],
  ['a torn line', line().slice(0, 40)],
  ['a list', '[]\n'],
  ['nothing', '\n'],
  ['bytes of no text', '\u0000\ufffd{}\n'],
])('a line with %s is passed over, and the next is read', (_what, bad) => {
  expect(read(bad, '\n', line({ run_id: 'good' })).map(({ runId }) => runId)).toEqual(['good']);
});

test.each(['python', './python', '/bin/py\nthon', 7, null])('the interpreter %j is not one to start', (python) => {
  expect(read(line({ python }))).toEqual([{ runId: 'a1', trackingUri: LINE.tracking_uri, kind: 'start_run' }]);
});

test('of a file of many megabytes the first is read, and no more runs than a thousand', () => {
  const many = Array.from({ length: 1_500 }, (_, number) => line({ run_id: `r${number}` }));
  expect(read(...many)).toHaveLength(1_000);
  expect(read(line(), 'x'.repeat(9 * 2 ** 20), `\n${line({ run_id: 'late' })}`)).toHaveLength(1);
});

test('a file that is gone, or that became a directory or a pipe, holds no runs', () => {
  const path = file();
  rmSync(path);
  expect(readSeenRuns(path)).toEqual([]);
  expect(readSeenRuns(tmpdir())).toEqual([]);
  execFileSync('/usr/bin/env', ['mkfifo', path]);
  expect(readSeenRuns(path)).toEqual([]);
});

test('a file that another run made is not taken over', () => {
  const directory = folder();
  writeFileSync(join(directory, 'mlflow-runs.ndjson'), line());
  expect(() => mlflowHook(undefined, directory)).toThrow(/EEXIST/);
});

const EVAL = {
  event: 'mlflow_eval',
  run_id: 'a1',
  rows: 100,
  failed_rows: 3,
  traced: { input_tokens: 10, output_tokens: 2 },
  judged: { input_tokens: 7, output_tokens: 1 },
  at: 1_792_396_800_000,
};

function readEvalsOf(...changes: readonly object[]) {
  const path = file();
  for (const change of changes) appendFileSync(path, line({ ...EVAL, tracking_uri: undefined, ...change }));
  return readEvals(path);
}

test('evaluations are read in their order, with 0 where MLflow states no tokens', () => {
  expect(readEvalsOf({}, { run_id: 'b', traced: null, judged: { input_tokens: -1 } })).toEqual([
    { runId: 'a1', rows: 100, failedRows: 3, traced: { input: 10, output: 2 }, judged: { input: 7, output: 1 } },
    { runId: 'b', rows: 100, failedRows: 3, traced: { input: 0, output: 0 }, judged: { input: 0, output: 0 } },
  ]);
});

test.each([
  { event: 'mlflow_run' },
  { run_id: '../x' },
  { run_id: undefined },
  { rows: '100' },
  { rows: -1 },
  { rows: 1.5 },
  { rows: 1e13 },
  { failed_rows: null },
])('an evaluation with %j is passed over', (change) => {
  expect(readEvalsOf(change, { run_id: 'good' }).map(({ runId }) => runId)).toEqual(['good']);
});

test('no more evaluations are read than a hundred, and a run is none of them', () => {
  expect(readEvalsOf(...Array.from({ length: 150 }, () => ({})))).toHaveLength(100);
  expect(readEvalsOf(LINE)).toEqual([]);
});
