/** Evals of real MLflow releases, unchanged, under the hook: what their calls are for, their rows' scores, their end. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { runLimit } from '../../support/gateway.js';
import { startMlflow } from '../../support/mlflow.js';
import { evaluated, JUDGED, PREDICTED, startEvals, type EvalStand } from './mlflow-stand.js';
import { program, runPython } from './python.js';

const TIMEOUT = 600_000;
const PURPOSE = 'x-token-budget-context';

let stand: EvalStand | undefined;
afterEach(async () => {
  await stand?.close();
  stand = undefined;
});

/** How often each purpose was told: `predict tr-1` → 1. */
function purposes({ gateway }: EvalStand): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { phase, row } of gateway.reserved()) {
    const purpose = [phase, row].filter((word) => word !== undefined).join(' ');
    counts[purpose] = (counts[purpose] ?? 0) + 1;
  }
  return counts;
}

function expected(rows: readonly { id: string }[], preflight: number, predict: number, judge: number) {
  const each = rows.flatMap(({ id }): [string, number][] => [
    [`predict ${id}`, predict],
    [`judge ${id}`, judge],
  ]);
  return { preflight, ...Object.fromEntries(each) };
}

it.each([
  ['the newest MLflow', 'mlflow', true],
  ['one a year older', 'mlflow-older', false],
] as const)(
  '%s: each call is told apart by phase and row, and each row is scored and tagged',
  { timeout: TIMEOUT },
  async (_name, venv, countsJudges) => {
    stand = await startEvals(venv, { limits: [runLimit('tokens', 100_000)] });
    const result = evaluated(await stand.evaluate('traced', 'sqlite:///mlflow.db', 4));
    const uri = `sqlite:///${stand.folder}/mlflow.db`;
    const run = await stand.read(uri, result.run_id);
    expect(run.status).toBe('FINISHED');
    expect(run.rows).toHaveLength(4);
    expect(purposes(stand)).toEqual(expected(run.rows, 1, 1, 1));

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
    expect(Object.keys(run.metrics).filter((name) => name.startsWith('token_budget_'))).toEqual([]);
    expect(result.columns).toEqual(
      expect.arrayContaining([
        'token_budget_used/value',
        'token_budget_remaining/value',
        'token_budget_exceeded/value',
      ]),
    );

    const seen = { run_id: result.run_id, experiment_id: '1', tracking_uri: uri, python: stand.python };
    const judged = countsJudges ? 4 : 0;
    expect(stand.told()).toMatchObject([
      { event: 'mlflow_run', kind: 'start_run', ...seen },
      { event: 'mlflow_run', kind: 'evaluate', ...seen },
      {
        event: 'mlflow_eval',
        run_id: result.run_id,
        rows: 4,
        failed_rows: 0,
        traced: { input_tokens: 4 * PREDICTED.input, output_tokens: 4 * PREDICTED.output },
        judged: { input_tokens: judged * JUDGED.input, output_tokens: judged * JUDGED.output },
      },
    ]);
    expect(stand.gateway.failures).toEqual([]);
  },
);

it.each(['mlflow', 'mlflow-older'] as const)(
  'every client library tells it (%s), also from a thread, and to the gateway alone',
  { timeout: TIMEOUT },
  async (venv) => {
    const headers: IncomingHttpHeaders[] = [];
    const other = createServer((request, response) => {
      headers.push(request.headers);
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    stand = await startEvals(venv);
    const { port } = other.address() as AddressInfo;
    const more = [`http://127.0.0.1:${port}/`];
    evaluated(await stand.evaluate('all', 'sqlite:///mlflow.db', 2, { more }));
    other.close();
    const { preflight, ...rows } = purposes(stand);
    expect(preflight).toBe(7);
    expect(Object.entries(rows).map(([purpose, count]) => [purpose.replace(/tr-[0-9a-f]{32}$/, 'ROW'), count])).toEqual(
      expect.arrayContaining([
        ['predict ROW', 7],
        ['predict ROW', 7],
        ['judge ROW', 1],
        ['judge ROW', 1],
      ]),
    );
    expect(Object.keys(rows)).toHaveLength(4);
    expect(headers).toHaveLength(12);
    expect(headers.filter((each) => PURPOSE in each)).toEqual([]);
    expect(stand.upstream.seen.filter((each) => PURPOSE in each.headers)).toEqual([]);
  },
);

it('forty workers on a tracking server: no row gets another’s calls', { timeout: TIMEOUT }, async () => {
  const server = await startMlflow();
  try {
    stand = await startEvals('mlflow', { delayMs: 20 });
    const env = { MLFLOW_GENAI_EVAL_MAX_WORKERS: '40', MLFLOW_GENAI_EVAL_PREDICT_RATE_LIMIT: '0' };
    const result = evaluated(await stand.evaluate('traced', server.uri, 40, { env }));
    const run = await stand.read(server.uri, result.run_id);
    expect(run.rows).toHaveLength(40);
    expect(purposes(stand)).toEqual(expected(run.rows, 1, 1, 1));
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
    expect(purposes(stand)).toEqual(expected(run.rows, 2, 2, 1));
    expect(JSON.stringify(run)).not.toContain('token_budget');
    expect(stand.told()[0]).toMatchObject({ tracking_uri: uri });
    expect(stand.told()[2]).toMatchObject({ event: 'mlflow_eval', rows: 2, failed_rows: 0 });
  },
);

it.each([
  ['openai', 'autolog'],
  ['langchain', 'langchain'],
])('autologging of %s names the row by the trace that it makes', { timeout: TIMEOUT }, async (_name, kind) => {
  stand = await startEvals('mlflow');
  const result = evaluated(await stand.evaluate(kind, 'sqlite:///mlflow.db', 2));
  const run = await stand.read(`sqlite:///${stand.folder}/mlflow.db`, result.run_id);
  expect(purposes(stand)).toEqual(expected(run.rows, 1, 1, 1));
});

it('a row with several traces is one row, with all its calls', { timeout: TIMEOUT }, async () => {
  stand = await startEvals('mlflow');
  const result = evaluated(await stand.evaluate('two', 'sqlite:///mlflow.db', 2));
  const run = await stand.read(`sqlite:///${stand.folder}/mlflow.db`, result.run_id);
  expect(Object.values(purposes(stand)).sort()).toEqual([1, 1, 2, 2, 2]);
  const tagged = run.rows.flatMap(({ tags }) => tags['token_budget.calls'] ?? []);
  expect(tagged).toEqual(['3', '3']);
});

it('the class counts what the provider reported, and its scores are not doubled', { timeout: TIMEOUT }, async () => {
  stand = await startEvals('mlflow');
  const result = evaluated(await stand.evaluate('class', 'sqlite:///mlflow.db', 3));
  expect(result.used).toEqual([4 * PREDICTED.input, 4 * PREDICTED.output, 4]);
  const run = await stand.read(`sqlite:///${stand.folder}/mlflow.db`, result.run_id);
  for (const { scores } of run.rows) {
    expect(scores.token_budget_used?.rationale).toContain('of 100,000 tokens');
    expect(Object.keys(scores).sort()).toEqual([
      'by_word',
      'short',
      'token_budget_exceeded',
      'token_budget_remaining',
      'token_budget_used',
    ]);
  }
});

it('the pytest plugin: passing and failing tests stay what they are', { timeout: TIMEOUT }, async () => {
  stand = await startEvals('mlflow');
  const file = program('test_mlflow_plugin.py');
  const args = ['-m', 'pytest', '-q', '-p', 'mlflow.pytest.plugin', '-p', 'no:cacheprovider', file];
  const env = { MLFLOW_TRACKING_URI: 'sqlite:///mlflow.db', MLFLOW_DISABLE_TELEMETRY: 'true' };
  const start = { python: stand.python, args, hook: stand.hook(), env, cwd: stand.folder, timeoutMs: 180_000 };
  const ended = await runPython(start);
  expect(ended.stdout).toContain('1 failed, 1 passed');
  expect(ended.stdout).toMatch(/FAILED .*::test_long/);
  const evals = stand.told().filter(({ event }) => event === 'mlflow_eval');
  expect(evals).toMatchObject([{ rows: 2 }, { rows: 2 }]);
  const run = await stand.read(`sqlite:///${stand.folder}/mlflow.db`, String(evals[0]?.run_id));
  expect(run.rows).toHaveLength(4);
  expect(purposes(stand)).toEqual(
    Object.fromEntries([['preflight', 2], ...run.rows.map(({ id }) => [`predict ${id}`, 1])]),
  );
});

it('`mlflow: off` leaves MLflow as it is', { timeout: TIMEOUT }, async () => {
  stand = await startEvals('mlflow');
  const result = evaluated(await stand.evaluate('autolog', 'sqlite:///mlflow.db', 1, { mlflow: 'off' }));
  expect(Object.keys(purposes(stand))).toEqual(['']);
  expect(result.columns.filter((column) => column.includes('token_budget'))).toEqual([]);
  expect(stand.told()).toEqual([]);
});
