import { expect, test } from 'vitest';
import type { Entry, EvalEntry, ReserveEntry } from '../../src/domain/entry.js';
import { usageOf } from '../../src/domain/usage.js';
import { buildReport } from '../../src/report/build.js';
import { renderComment } from '../../src/report/comment.js';
import { rowUses } from '../../src/report/evals.js';
import { renderHtml } from '../../src/report/html/page.js';
import { open, refuse, reserve, RUNS, settle } from './runs.js';

/** A call of 100 tokens. */
const call = (id: number, purpose: Partial<ReserveEntry> = {}, cost = 1000): Entry[] => [
  reserve(id, purpose),
  settle(id, { usage: usageOf({ input: 60, output: 40 }), cost }),
];

const stated = (traced: number, judged: number, more: Partial<EvalEntry> = {}): EvalEntry => ({
  event: 'eval',
  ms: 9000,
  runId: 'a1',
  rows: 2,
  failedRows: 0,
  traced: { input: traced, output: 0 },
  judged: { input: 0, output: judged },
  ...more,
});

test('a run of no eval has nothing of one in its report', () => {
  const report = buildReport([open(), ...call(1), refuse(2)]);
  expect(Object.keys(report)).not.toEqual(expect.arrayContaining(['phases']));
  expect(report).not.toHaveProperty('partial');
  expect(report.calls[0]).not.toHaveProperty('phase');
  expect(report.calls[0]).not.toHaveProperty('row');
  expect(renderComment(report)).not.toMatch(/Part of the eval|aggregates/);
});

test('parts come in the order in which an eval goes through them, and add up to the totals', () => {
  const entries = [
    ...call(1, { phase: 'judge', row: 'r' }),
    ...call(2),
    ...call(3, { phase: 'predict', row: 'r' }),
    ...call(4, { phase: 'preflight' }),
  ];
  const { phases = [], totals, calls } = buildReport([open(), ...entries]);
  expect(phases.map(({ phase, total_tokens }) => [phase, total_tokens])).toEqual([
    ['preflight', 100],
    ['predict', 100],
    ['judge', 100],
    ['other', 100],
  ]);
  expect(phases.reduce((sum, { cost_nano_usd }) => sum + cost_nano_usd, 0)).toBe(totals.cost_nano_usd);
  expect(calls.map(({ phase, row }) => [phase, row])).toEqual([
    ['judge', 'r'],
    [undefined, undefined],
    ['predict', 'r'],
    ['preflight', undefined],
  ]);
});

test('rows are told with their judges, the dearest first', () => {
  const { calls } = buildReport([
    open(),
    ...call(1, { phase: 'predict', row: 'cheap' }, 10),
    ...call(2, { phase: 'predict', row: 'dear' }, 20),
    ...call(3, { phase: 'judge', row: 'dear' }, 30),
    refuse(4, { phase: 'judge', row: 'cheap' }),
  ]);
  expect(rowUses(calls)).toEqual([
    { row: 'dear', calls: 2, refused: 0, tokens: 200, cost_nano_usd: 50, incomplete: 0 },
    { row: 'cheap', calls: 1, refused: 1, tokens: 100, cost_nano_usd: 10, incomplete: 0 },
  ]);
});

const PREDICT = call(1, { phase: 'predict', row: 'r' });
const JUDGE = call(2, { phase: 'judge', row: 'r' });

test.each([
  ['both as metered', [...PREDICT, ...JUDGE], [stated(100, 100)], 0],
  ['less than was metered', [...PREDICT, ...JUDGE], [stated(99, 1)], 0],
  ['one token more in a trace', [...PREDICT, ...JUDGE], [stated(101, 100)], 1],
  ['one token more of a judge', [...PREDICT, ...JUDGE], [stated(100, 101)], 1],
  ['more on one side, which the other does not make up for', [...PREDICT, ...JUDGE], [stated(150, 50)], 50],
  ['two evals, of which one went past the gateway', [...PREDICT], [stated(100, 0), stated(70, 0)], 70],
  ['calls of no known part, which may be the rows’', call(1), [stated(100, 0)], 0],
  ['calls of no known part, which cannot be all', [...PREDICT, ...call(3)], [stated(250, 0)], 50],
  ['nothing metered at all', [], [stated(300, 60)], 360],
] as const)('%s: so many tokens are missing', (_what, calls, evals, missing) => {
  const report = buildReport([open(), ...calls, ...evals]);
  expect(report.reconciliation?.missing_tokens).toBe(missing);
  const sentence = `MLflow reports ${missing} token${missing === 1 ? '' : 's'} more than were metered`;
  expect(renderComment(report).includes(sentence)).toBe(missing > 0);
  expect(renderHtml(report).includes(sentence)).toBe(missing > 0);
});

test('where MLflow states no tokens there is nothing to compare', () => {
  const report = buildReport([open(), ...PREDICT, stated(0, 0)]);
  expect(report.evals).toHaveLength(1);
  expect(report).not.toHaveProperty('reconciliation');
});

test('refused calls of an eval make its results partial, and say of how many rows', () => {
  const refusals = [refuse(3, { phase: 'predict', row: 'x' }), refuse(4, { phase: 'judge', row: 'x' })];
  const report = buildReport([open(), ...PREDICT, ...refusals, stated(100, 0)]);
  expect(report.partial).toBe(true);
  expect(renderComment(report)).toContain('calls for 1 of 2 rows were refused');
  const stopped = buildReport([open(), ...PREDICT, refuse(3, { phase: 'predict', reason: 'stopped' })]);
  expect(stopped).not.toHaveProperty('partial');
});

test('the page has the parts, the rows, and the part and row of each call', () => {
  const page = renderHtml(buildReport(RUNS.evaluated ?? []));
  expect(page).toContain('Answering rows');
  expect(page).toContain('<code>tr-3</code>');
  expect(page).toMatch(/<td>judge<\/td>\s*<td><code>tr-2<\/code><\/td>/);
});
