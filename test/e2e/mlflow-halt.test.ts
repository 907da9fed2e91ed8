/** `on_exceed: halt` in a real `mlflow.genai.evaluate()`, by the built command line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { program, resultOf } from '../hook/python/python.js';
import { venvPython } from '../hook/python/venv.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import { policyFor, runUnder } from './harness.js';

const ROWS = 60;

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream({ delayMs: 50 });
});
afterAll(() => {
  upstream.close();
});

it.each(['mlflow', 'mlflow-older'] as const)(
  'evaluate() ends within seconds, its run FAILED, and finished rows keep traces and scores (%s)',
  { timeout: 600_000 },
  async (venv) => {
    const python = await venvPython(venv);
    const env = { MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_GENAI_EVAL_MAX_WORKERS: '4', OPENAI_API_KEY: 'sk-test' };
    const policy = policyFor(upstream.origin, 'limits: { calls: 20 }\non_exceed: halt\n');
    const command = [python, program('mlflow_eval.py'), 'autolog', 'sqlite:///mlflow.db', String(ROWS)];
    const { status, report, directory } = await runUnder(policy, command, { env });
    expect(status).toBe(3);
    expect(report.totals.calls).toBe(20);

    const entries = readFileSync(join(directory, 'journal.ndjson'), 'utf8').trim().split('\n');
    const times = entries.map((line) => JSON.parse(line) as { event: string; ms: number });
    const refused = times.find(({ event }) => event === 'refuse')?.ms ?? 0;
    // Two periods of grace, before the command would be killed.
    expect((times.at(-1)?.ms ?? Infinity) - refused).toBeLessThan(12_000);

    const uri = `sqlite:///${join(directory, '..', 'mlflow.db')}`;
    const reading = { python, hook: undefined, env: { MLFLOW_DISABLE_TELEMETRY: 'true' }, timeoutMs: 120_000 };
    const run = (await resultOf({ ...reading, args: [program('mlflow_rows.py'), uri, 'last'] })) as {
      status: string;
      rows: { state: string; scores: Record<string, unknown> }[];
    };
    expect(run.status).toBe('FAILED');
    const finished = run.rows.filter(({ state }) => state === 'OK');
    expect(finished.length).toBeGreaterThan(0);
    expect(run.rows.length).toBeLessThan(ROWS);
    const scored = finished.filter(({ scores }) => 'by_word' in scores && 'token_budget_used' in scores);
    expect(scored.length).toBeGreaterThan(0);
  },
);
