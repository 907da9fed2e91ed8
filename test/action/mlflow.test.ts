/** The built action and a server that takes what is logged; real ones are driven in test/e2e/mlflow.test.ts. */
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serve } from '../mlflow/stand.js';
import { openStand } from './stand.js';

/** Names of what was asked for, and the bodies that came. */
function mlflowServer() {
  const bodies: Record<string, unknown>[] = [];
  const answer: RequestListener = (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (text !== '') bodies.push({ path: request.url, ...(JSON.parse(text) as object) });
      const run = { info: { run_id: 'abc', experiment_id: '1', status: 'RUNNING' } };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ run, experiment: { experiment_id: '1' } }));
    });
  };
  return { bodies, answer };
}

const tagsIn = (bodies: readonly Record<string, unknown>[]) =>
  Object.fromEntries(
    bodies
      .flatMap(({ tags }) => (tags ?? []) as { key: string; value: string }[])
      .map(({ key, value }) => [key, value]),
  );

test('a run is logged after its comment, with its commit, pull request and page', async () => {
  const { run, rows, github } = await openStand();
  const { bodies, answer } = mlflowServer();
  let commentsBefore = -1;
  const stand = await serve((request, response) => {
    if (commentsBefore < 0) commentsBefore = github.world.comments.length;
    answer(request, response);
  });
  const result = await run({ inputs: { run: rows(2), 'mlflow-tracking-uri': stand.uri } });
  expect(result.outcome).toBe('success');
  expect(commentsBefore).toBe(1);
  expect(tagsIn(bodies)).toMatchObject({
    'token_budget.verdict': 'within',
    'token_budget.commit': 'a'.repeat(40),
    'token_budget.pull_request': '12',
    'token_budget.run_url': expect.stringMatching(/\/actions\/runs\/500$/) as unknown,
  });
  expect(result.lines.join('\n')).toContain(
    `The metrics are in the MLflow run abc: ${stand.uri}/#/experiments/1/runs/abc`,
  );
  // Once, although post ran too.
  expect(bodies.filter(({ path }) => String(path).endsWith('runs/create'))).toHaveLength(1);
});

test('a server that fails is one warning, and changes no verdict', async () => {
  const { run, rows } = await openStand();
  const stand = await serve((_request, response) => response.writeHead(403).end());
  const result = await run({ inputs: { run: rows(1) }, env: { MLFLOW_TRACKING_URI: stand.uri } });
  expect(result.outcome).toBe('success');
  expect(result.annotations.filter(({ message }) => message.includes('MLflow'))).toMatchObject([{ level: 'warning' }]);
});

test('the input mlflow: off asks no server, and says so', async () => {
  const { run, rows } = await openStand();
  const stand = await serve((_request, response) => response.end());
  const result = await run({ inputs: { run: rows(1), mlflow: 'off' }, env: { MLFLOW_TRACKING_URI: stand.uri } });
  expect(result.outcome).toBe('success');
  expect(stand.seen).toEqual([]);
  expect(result.lines.join('\n')).toContain('Nothing was logged to MLflow: the policy or an input sets `mlflow: off`.');
});

const STATES = join(import.meta.dirname, '..', 'e2e', 'programs', 'states.mjs');

test.each([
  ['no more than was metered', 300, []],
  ['more', 301, [/^MLflow reports 1 token more than were metered: the rows’ traces report 301/]],
])('where an eval’s traces state %s, a gap is a warning and changes no verdict', async (_what, tokens, gaps) => {
  const { run, rows } = await openStand();
  const result = await run({ inputs: { run: `${rows(2)} && "${process.execPath}" "${STATES}" ${tokens}` } });
  expect(result.outcome).toBe('success');
  const warnings = result.annotations.filter(({ message }) => message.includes('than were metered'));
  expect(warnings).toMatchObject(
    gaps.map((words) => ({
      level: 'warning',
      title: 'Token Budget',
      message: expect.stringMatching(words) as unknown,
    })),
  );
});

test.each([
  ['killed', { kill: { upon: /row 3 ok/ } }],
  ['cancelled', { cancel: { upon: /row 3 ok/ } }],
])('where main is %s, post logs the run from its journal', async (_how, ends) => {
  const { run, rows } = await openStand('limits: { tokens: 1M }');
  const { bodies, answer } = mlflowServer();
  const stand = await serve(answer);
  const result = await run({ inputs: { run: rows(10_000), 'mlflow-tracking-uri': stand.uri }, ...ends });
  expect(tagsIn(bodies)).toMatchObject({ 'token_budget.verdict': 'within' });
  expect(result.post?.log.lines.join('\n')).toContain('The metrics are in the MLflow run abc');
  expect(bodies.filter(({ path }) => String(path).endsWith('runs/create'))).toHaveLength(1);
});
