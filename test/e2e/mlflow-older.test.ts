/** The core of mlflow.test.ts with a release of MLflow a year older, server and client. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectScores, openEvals, runOf, SEVEN, type EvalStand } from './mlflow-stand.js';

const OURS = ['token_budget_exceeded', 'token_budget_remaining', 'token_budget_used'];

let stand: EvalStand;
beforeAll(async () => {
  stand = await openEvals('mlflow-older');
});
afterAll(() => stand.close());

test('on its server, the run has the seven metrics and its rows their scores, and a refused row is asked for once', async () => {
  const { server, upstream, evaluate } = stand;
  const ended = await evaluate({ uri: server.uri, limits: 'calls: 5, tokens: 1M', words: ['6'] });
  expect(ended.status).toBe(3);
  expect(upstream.seen).toHaveLength(5);
  // One attempt for each refused call: six rows and their judges at most.
  expect(ended.report.totals.refused).toBeLessThanOrEqual(1 + 6 + 6 - 5);
  const id = runOf(ended);
  const { status, metrics, tags } = await server.readRun(id);
  expect([status, tags['token_budget.partial']]).toEqual(['FINISHED', 'true']);
  expect(Object.keys(metrics)).toEqual(expect.arrayContaining(SEVEN));
  expect(metrics).toMatchObject({ token_budget_calls: 5, token_budget_exceeded: 1 });
  expectScores(await server.readRows(id), 6, ['correct', ...OURS]);
});

test('in a store of files, scores that the class names and the metrics of the run stand side by side', async () => {
  const ended = await stand.evaluate({ uri: './mlruns', words: ['2', 'named'] });
  expect(ended.status).toBe(0);
  const [store, id] = [stand.storeOf(ended, './mlruns'), runOf(ended)];
  const { metrics } = await store.readRun(id);
  expect(Object.keys(metrics).sort()).toEqual([...SEVEN].sort());
  expect(metrics).toMatchObject({ token_budget_used: 450, token_budget_calls: 3 });
  expectScores(await store.readRows(id), 2, OURS);
});
