/** Budgets that are passed inside `mlflow.genai.evaluate()`. Under `halt`: test/e2e/mlflow-halt.test.ts. */
import { afterEach, expect, it } from 'vitest';
import { runLimit } from '../../support/gateway.js';
import { evaluated, startEvals, type EvalStand } from './mlflow-stand.js';

const TIMEOUT = 600_000;
const ROWS = 12;
const URI = 'sqlite:///mlflow.db';

let stand: EvalStand | undefined;
afterEach(async () => {
  await stand?.close();
  stand = undefined;
});

it.each([
  ['mlflow', true],
  // Its judges ask no model about a row without an answer.
  ['mlflow-older', false],
] as const)(
  'under `raise` a refused row fails with a clear error, after one attempt each of function and judge (%s)',
  { timeout: TIMEOUT },
  async (venv, judgesFailed) => {
    stand = await startEvals(venv, { limits: [runLimit('calls', 8)], waitMs: 0 });
    // One worker: the calls of several rows would be held at once, which is no more than luck.
    const env = { MLFLOW_GENAI_EVAL_MAX_WORKERS: '1', MLFLOW_GENAI_EVAL_PREDICT_RATE_LIMIT: '0' };
    const result = evaluated(await stand.evaluate('traced', URI, ROWS, { env }));
    const run = await stand.read(stand.sqlite, result.run_id);
    expect(run.status).toBe('FINISHED');
    expect(run.rows).toHaveLength(ROWS);
    expect(stand.gateway.settled()).toHaveLength(8);

    const refused = stand.gateway.refused().map(({ phase, row }) => `${phase} ${row}`);
    expect(new Set(refused).size).toBe(refused.length);
    const failed = run.rows.filter(({ state }) => state === 'ERROR');
    expect(failed.length).toBeGreaterThan(0);
    for (const { id, scores } of failed) {
      expect(refused).toContain(`predict ${id}`);
      expect(scores.token_budget_exceeded?.value).toBe(true);
      const calls = judgesFailed ? 2 : 1;
      expect(scores.token_budget_used?.rationale).toMatch(
        new RegExp(`^This row used 0 tokens .* ${calls} refused\\. `),
      );
      if (!judgesFailed) continue;
      expect(refused).toContain(`judge ${id}`);
      expect(scores.correct?.error).toContain('does not fit in what is left of the budget');
    }
    expect(stand.told().at(-1)).toMatchObject({ rows: ROWS, failed_rows: failed.length });
    expect(run.rows.some(({ scores }) => scores.token_budget_exceeded?.value === true)).toBe(true);
  },
);

it('under `warn` everything runs, and the rows say that the budget was passed', { timeout: TIMEOUT }, async () => {
  stand = await startEvals('mlflow', { limits: [runLimit('tokens', 200)], onExceed: 'warn' });
  const result = evaluated(await stand.evaluate('traced', URI, 3));
  const run = await stand.read(stand.sqlite, result.run_id);
  expect(run.rows.map(({ state }) => state)).toEqual(['OK', 'OK', 'OK']);
  expect(stand.gateway.refused()).toEqual([]);
  expect(run.rows.some(({ scores }) => scores.token_budget_remaining?.value === 0)).toBe(true);
  expect(run.rows.some(({ scores }) => scores.token_budget_exceeded?.value === true)).toBe(true);
});

it(
  'SIGTERM ends an eval in order: the run is FAILED, what was done is kept and told',
  { timeout: TIMEOUT },
  async () => {
    stand = await startEvals('mlflow');
    const env = { MLFLOW_GENAI_EVAL_MAX_WORKERS: '1' };
    const ended = await stand.evaluate('terminated', URI, 8, { env });
    expect(ended.status).toBe(143);
    const told = stand.told();
    const run = await stand.read(stand.sqlite, String(told[0]?.run_id));
    expect(run.status).toBe('FAILED');
    expect(run.rows.length).toBeGreaterThanOrEqual(3);
    expect(run.rows.length).toBeLessThan(8);
    expect(told.at(-1)).toMatchObject({ event: 'mlflow_eval', failed_rows: 0 });
  },
);
