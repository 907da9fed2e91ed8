/** Evals of real MLflow releases, unchanged, under the hook: what their calls are for, their rows' scores, their end. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runLimit } from '../../support/gateway.js';
import { JUDGED } from '../../support/judge.js';
import { startMlflow, STAY_HERE } from '../../support/mlflow.js';
import {
  evaluated,
  evaluations,
  expected,
  PREDICTED,
  purposes,
  startEvals,
  type Evaluated,
  type EvalStand,
  type ReadRun,
} from './mlflow-stand.js';
import { program, runPython } from './python.js';

const TIMEOUT = 600_000;
const PURPOSE = 'x-token-budget-context';

let stand: EvalStand | undefined;
afterEach(async () => {
  await stand?.close();
  stand = undefined;
});

describe.each([
  ['the newest MLflow', 'mlflow', true],
  ['one a year older', 'mlflow-older', false],
] as const)('two evals in one program, by %s', (_name, venv, countsJudges) => {
  const headers: IncomingHttpHeaders[] = [];
  const other = createServer((request, response) => {
    headers.push(request.headers);
    response.end('{}');
  });
  let evals: EvalStand;
  let results: readonly Evaluated[];
  let runs: readonly ReadRun[];

  beforeAll(async () => {
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const more = [`http://127.0.0.1:${(other.address() as AddressInfo).port}/`];
    evals = await startEvals(venv, { limits: [runLimit('tokens', 100_000)] });
    results = evaluations(await evals.evaluate('traced,all', evals.sqlite, 3, { more }));
    runs = await Promise.all(results.map(({ run_id: id }) => evals.read(evals.sqlite, id)));
  }, TIMEOUT);
  afterAll(async () => {
    other.close();
    await evals.close();
  });

  it('each call is told apart by phase and row, each row is scored and tagged, and each run gets its own', () => {
    const [run] = runs;
    if (!run) throw new Error('no run');
    expect(run.status).toBe('FINISHED');
    expect(run.rows).toHaveLength(3);
    expect(purposes(evals, run)).toEqual(expected(run.rows, 1, 1));
    for (const { scores, tags } of run.rows) {
      expect(scores.correct?.value).toBe('yes');
      const { token_budget_used: used, token_budget_remaining: remaining, token_budget_exceeded: exceeded } = scores;
      expect(used).toMatchObject({ source: 'CODE', error: null });
      expect(used?.rationale).toMatch(
        /^This row used 187 tokens \(130 in, 57 out\) for \$0\.0000537 in 2 calls\. When/,
      );
      expect(Number(used?.value) + Number(remaining?.value)).toBe(100_000);
      expect(exceeded?.value).toBe(false);
      expect(tags).toMatchObject({
        'token_budget.tokens': '187',
        'token_budget.cost_usd': '0.0000537',
        'token_budget.calls': '2',
      });
    }
    // Of running totals no aggregate is taken: the run's own metrics say them.
    const names = runs.flatMap(({ metrics }) => Object.keys(metrics));
    expect(names.filter((name) => name.startsWith('token_budget_'))).toEqual([]);
    expect(results[0]?.columns).toEqual(
      expect.arrayContaining([
        'token_budget_used/value',
        'token_budget_remaining/value',
        'token_budget_exceeded/value',
      ]),
    );
    expect(evals.gateway.failures).toEqual([]);
  });

  it('the hook tells of each run, and of what MLflow states of its eval', () => {
    const judged = countsJudges ? 3 : 0;
    const told = results.map(({ run_id }) => {
      const seen = { run_id, experiment_id: '1', tracking_uri: evals.sqlite, python: evals.python };
      return [
        { event: 'mlflow_run', kind: 'start_run', ...seen },
        { event: 'mlflow_run', kind: 'evaluate', ...seen },
        { event: 'mlflow_eval', run_id, rows: 3, failed_rows: 0 },
      ];
    });
    expect(evals.told()).toMatchObject(told.flat());
    expect(evals.told()[2]).toMatchObject({
      traced: { input_tokens: 3 * PREDICTED.input, output_tokens: 3 * PREDICTED.output },
      judged: { input_tokens: judged * JUDGED.input, output_tokens: judged * JUDGED.output },
    });
  });

  it('every client library tells it, also from a thread, and to the gateway alone', () => {
    const [, run] = runs;
    if (!run) throw new Error('no run');
    // The function makes two traces for a row: it is named by the first, and MLflow scores one of them.
    expect(Object.values(purposes(evals, run)).sort()).toEqual([1, 1, 1, 7, 7, 7]);
    expect(run.rows.flatMap(({ tags }) => tags['token_budget.calls'] ?? [])).toEqual(['8', '8', '8']);
    // One of the first eval, and one by each library.
    expect(purposes(evals).preflight).toBe(1 + 7);
    expect(headers).toHaveLength(4 * 4);
    expect(headers.filter((each) => PURPOSE in each)).toEqual([]);
    expect(evals.upstream.seen.filter((each) => PURPOSE in each.headers)).toEqual([]);
  });
});

it('forty workers on a tracking server: no row gets another’s calls', { timeout: TIMEOUT }, async () => {
  const server = await startMlflow();
  try {
    stand = await startEvals('mlflow', { delayMs: 20 });
    const env = { MLFLOW_GENAI_EVAL_MAX_WORKERS: '40', MLFLOW_GENAI_EVAL_PREDICT_RATE_LIMIT: '0' };
    const result = evaluated(await stand.evaluate('traced', server.uri, 40, { env }));
    const run = await stand.read(server.uri, result.run_id);
    expect(run.rows).toHaveLength(40);
    expect(purposes(stand)).toEqual({ preflight: 1, ...expected(run.rows, 1, 1) });
    // A busy server does not give MLflow each trace back at once; it then scores the row and drops the scores.
    const scored = run.rows.filter(({ scores }) => 'correct' in scores);
    expect(scored.length).toBeGreaterThan(0);
    expect(scored.map(({ tags }) => tags['token_budget.tokens'])).toEqual(scored.map(() => '187'));
    // No limit on tokens: nothing remains of it.
    expect(run.rows.filter(({ scores }) => 'token_budget_remaining' in scores)).toEqual([]);
    expect(stand.told().map(({ tracking_uri: uri }) => uri)).toEqual([server.uri, server.uri, undefined]);
  } finally {
    await server.close();
  }
});

it(
  'an async function on a file store, with `scorers: off`: phases, but nothing of ours',
  { timeout: TIMEOUT },
  async () => {
    stand = await startEvals('mlflow');
    const result = evaluated(await stand.evaluate('async', './mlruns', 2, { mlflow: { scorers: 'off' } }));
    const uri = `file://${stand.folder}/mlruns`;
    const run = await stand.read(uri, result.run_id);
    expect(purposes(stand)).toEqual({ preflight: 2, ...expected(run.rows, 2, 1) });
    expect(JSON.stringify(run)).not.toContain('token_budget');
    expect(stand.told()[0]).toMatchObject({ tracking_uri: uri });
    expect(stand.told()[2]).toMatchObject({ event: 'mlflow_eval', rows: 2, failed_rows: 0 });
  },
);

describe('several evals in one program', () => {
  const KINDS = ['class', 'langchain', 'two', 'autolog'] as const;
  const results = new Map<string, Evaluated>();
  const runs = new Map<string, ReadRun>();
  let evals: EvalStand;

  beforeAll(async () => {
    evals = await startEvals('mlflow');
    const ended = evaluations(await evals.evaluate(KINDS.join(','), evals.sqlite, 2));
    for (const [at, result] of ended.entries()) {
      results.set(KINDS[at] ?? '', result);
      runs.set(KINDS[at] ?? '', await evals.read(evals.sqlite, result.run_id));
    }
  }, TIMEOUT);
  afterAll(() => evals.close());

  function runOf(kind: (typeof KINDS)[number]): ReadRun {
    const run = runs.get(kind);
    if (!run) throw new Error(`no run of ${kind}`);
    return run;
  }

  it.each([
    ['openai', 'autolog'],
    ['langchain', 'langchain'],
  ] as const)('autologging of %s names the row by the trace that it makes', (_name, kind) => {
    const run = runOf(kind);
    expect(run.rows).toHaveLength(2);
    expect(purposes(evals, run)).toEqual(expected(run.rows, 1, 1));
  });

  it('a row with several traces is one row, with all its calls', () => {
    const run = runOf('two');
    expect(Object.values(purposes(evals, run)).sort()).toEqual([1, 1, 2, 2]);
    const tagged = run.rows.flatMap(({ tags }) => tags['token_budget.calls'] ?? []);
    expect(tagged).toEqual(['3', '3']);
  });

  it('the class counts what the provider reported, and its scores are not doubled', () => {
    expect(results.get('class')?.used).toEqual([3 * PREDICTED.input, 3 * PREDICTED.output, 3]);
    for (const { scores, scored } of runOf('class').rows) {
      expect(scores.token_budget_used?.rationale).toContain('of 100,000 tokens');
      expect(scored).toEqual([
        'by_word',
        'short',
        'token_budget_exceeded',
        'token_budget_remaining',
        'token_budget_used',
      ]);
    }
  });

  it('each is told as a run of its own', () => {
    const told = evals.told().filter(({ event }) => event === 'mlflow_eval');
    expect(told.map(({ run_id, rows }) => [run_id, rows])).toEqual(KINDS.map((kind) => [results.get(kind)?.run_id, 2]));
  });
});

it('the pytest plugin: passing and failing tests stay what they are', { timeout: TIMEOUT }, async () => {
  stand = await startEvals('mlflow');
  const file = program('test_mlflow_plugin.py');
  const args = ['-m', 'pytest', '-q', '-p', 'mlflow.pytest.plugin', '-p', 'no:cacheprovider', '--tb=line', file];
  const env = { MLFLOW_TRACKING_URI: 'sqlite:///mlflow.db', ...STAY_HERE };
  const start = { python: stand.python, args, hook: stand.hook(), env, cwd: stand.folder, timeoutMs: 180_000 };
  const ended = await runPython(start);
  expect(ended.stdout).toContain('1 failed, 1 passed');
  expect(ended.stdout).toMatch(/FAILED .*::test_long/);
  const evals = stand.told().filter(({ event }) => event === 'mlflow_eval');
  expect(evals).toMatchObject([{ rows: 2 }, { rows: 2 }]);
  const run = await stand.read(stand.sqlite, String(evals[0]?.run_id));
  expect(run.rows).toHaveLength(4);
  expect(purposes(stand)).toEqual(
    Object.fromEntries([['preflight', 2], ...run.rows.map(({ id }) => [`predict ${id}`, 1])]),
  );
});

it('`mlflow: off` leaves MLflow as it is', { timeout: TIMEOUT }, async () => {
  stand = await startEvals('mlflow');
  const result = evaluated(await stand.evaluate('autolog', stand.sqlite, 1, { mlflow: 'off' }));
  expect(Object.keys(purposes(stand))).toEqual(['']);
  expect(result.columns.filter((column) => column.includes('token_budget'))).toEqual([]);
  expect(stand.told()).toEqual([]);
});
