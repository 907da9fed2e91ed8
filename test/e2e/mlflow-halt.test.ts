/** `on_exceed: halt` in a real `mlflow.genai.evaluate()`, by the built command line. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { program } from '../hook/python/python.js';
import { bytecodeOf, venvPython } from '../hook/python/venv.js';
import { newDatabase, readMlflow, STAY_HERE, type MlflowReader } from '../support/mlflow.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import { policyFor, runUnder } from './harness.js';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream({ delayMs: 50 });
});
const readers = new Map<string, MlflowReader>();
afterAll(() => {
  upstream.close();
  for (const reader of readers.values()) reader.close();
});

it.each([
  ['mlflow', 4, ', and finished rows keep traces and scores', 20, 60],
  // Forty threads that write to one sqlite file keep each other waiting: the budget may end before any row does.
  ['mlflow', 40, '', 30, 100],
  ['mlflow-older', 4, ', and finished rows keep traces and scores', 20, 60],
] as const)(
  'by %s with %d workers, evaluate() ends within seconds, its run FAILED%s',
  { timeout: 600_000 },
  async (venv, workers, kept, calls, rows) => {
    const python = await venvPython(venv);
    const env = {
      ...STAY_HERE,
      MLFLOW_GENAI_EVAL_MAX_WORKERS: String(workers),
      MLFLOW_GENAI_EVAL_PREDICT_RATE_LIMIT: '0',
      OPENAI_API_KEY: 'sk-test',
      ...bytecodeOf(python),
    };
    const policy = policyFor(upstream.origin, `limits: { calls: ${calls} }\non_exceed: halt\n`);
    const command = [python, program('mlflow_eval.py'), 'autolog', 'sqlite:///mlflow.db', String(rows)];
    const cwd = mkdtempSync(join(tmpdir(), 'tb-evals-'));
    await newDatabase(venv, join(cwd, 'mlflow.db'));
    const { status, report, directory } = await runUnder(policy, command, { env, cwd });
    expect(status).toBe(3);
    expect(report.totals.calls).toBe(calls);

    const entries = readFileSync(join(directory, 'journal.ndjson'), 'utf8').trim().split('\n');
    const times = entries.map((line) => JSON.parse(line) as { event: string; ms: number });
    const refused = times.find(({ event }) => event === 'refuse')?.ms ?? 0;
    // Two periods of grace, before the command would be killed.
    expect((times.at(-1)?.ms ?? Infinity) - refused).toBeLessThan(12_000);

    const reader = readers.get(venv) ?? readMlflow(python);
    readers.set(venv, reader);
    const store = reader.at(`sqlite:///${join(cwd, 'mlflow.db')}`);
    const [id = ''] = await store.runsOf('evals');
    const [run, traces] = [await store.readRun(id), await store.readRows(id)];
    expect(run.status).toBe('FAILED');
    expect(traces.length).toBeLessThan(rows);
    if (kept === '') return;
    const finished = traces.filter(({ state }) => state === 'OK');
    expect(finished.length).toBeGreaterThan(0);
    const scored = finished.filter(({ scores }) => 'by_word' in scores && 'token_budget_used' in scores);
    expect(scored.length).toBeGreaterThan(0);
  },
);
