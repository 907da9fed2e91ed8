/** MLflow's sweep over functions is in no release yet (proposed in mlflow/mlflow#24593): what it does can be done by hand. */
import { expect, it } from 'vitest';
import { evaluations, expected, purposes, startEvals } from './mlflow-stand.js';

const RELEASES = ['mlflow', 'mlflow-older'] as const;
/** Without a limit on tokens nothing of them remains. */
const SCORES = ['token_budget_exceeded', 'token_budget_used'];

it.each(RELEASES)('by %s, which has no sweep itself yet, each run has its own rows, calls and scores', async (venv) => {
  const stand = await startEvals(venv);
  try {
    const ended = evaluations(await stand.evaluate('sweep', stand.sqlite, 1));
    expect(new Set(ended.map(({ run_id }) => run_id)).size).toBe(4);
    for (const { run_id } of ended) {
      const run = await stand.read(stand.sqlite, run_id);
      // MLflow 3.6 may leave the trace of its trial of the function in the run that is open; it scores none.
      const rows = run.rows.filter(({ scored }) => scored.length > 0);
      expect(purposes(stand, run)).toEqual(expected(rows, 1, 1));
      for (const { scored } of rows) expect(scored).toEqual(expect.arrayContaining(SCORES));
      expect(rows).toHaveLength(1);
    }
    const told = stand.told().filter(({ event }) => event === 'mlflow_eval');
    expect(told.map(({ run_id, rows }) => [run_id, rows])).toEqual(ended.map(({ run_id }) => [run_id, 1]));
    expect(stand.gateway.reserved()).toHaveLength(stand.upstream.seen.length);
  } finally {
    await stand.close();
  }
});
