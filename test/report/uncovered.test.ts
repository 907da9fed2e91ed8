import { describe, expect, test } from 'vitest';
import type { LimitEntry } from '../../src/domain/entry.js';
import { buildReport } from '../../src/report/build.js';
import { renderHtml } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { open, refuse, reserve, settle } from './runs.js';

const limit = (scope: string): LimitEntry => ({
  dimension: 'cost_usd',
  scope,
  ceiling: 5e8,
  at: 'token-budget.yml:2:9',
});
const reportOf = (scope: string, ...calls: readonly (readonly Parameters<typeof reserve>[1][])[]) =>
  buildReport([
    open({ limits: [limit(scope)] }),
    ...calls.flatMap(([changes = {}], i) => [reserve(i + 1, changes), settle(i + 1)]),
  ]);

describe('a limit that covered no call', () => {
  test.each([
    ['models.gtp-4o*', '`limits.models.gtp-4o*.cost_usd` at `token-budget.yml:2:9` matched no call. Check the name.'],
    ['providers.opnai', '`limits.providers.opnai.cost_usd` at `token-budget.yml:2:9` matched no call. Check the name.'],
    [
      'per_row',
      '`limits.per_row.cost_usd` at `token-budget.yml:2:9` matched no call: no call could be assigned to a row.',
    ],
  ])('%s is told, without a green tick', (scope, sentence) => {
    const report = reportOf(scope, [{}]);
    expect(renderMarkdown(report)).toContain(sentence);
    expect(renderMarkdown(report)).toContain('| ⚠️ Cost ');
    expect(renderHtml(report)).toContain('matches no call');
  });

  test.each([
    ['models.gpt-4o*', {}],
    ['models.GPT-*', {}],
    ['providers.openai', {}],
    ['per_row', { row: 'a' }],
    ['per_call', {}],
    ['run', {}],
  ])('is not %s, which covers the one there was', (scope, changes) => {
    expect(renderMarkdown(reportOf(scope, [changes]))).not.toMatch(/matched no call|covered no call/);
  });

  test('is not one whose calls were all refused', () => {
    const report = buildReport([open({ limits: [limit('models.gpt-4o')] }), refuse(1, { model: 'gpt-4o' })]);
    expect(renderMarkdown(report)).not.toContain('matched no call');
  });

  test('is not told of a run without calls', () => {
    expect(renderMarkdown(reportOf('models.x'))).not.toContain('matched no call');
  });
});

test('a policy without limits is told to be one', () => {
  expect(renderMarkdown(buildReport([open({ limits: [] }), reserve(1), settle(1)]))).toContain(
    '`token-budget.yml` sets no limit: calls were metered but never refused.',
  );
});

test('rates that no call matched are told', () => {
  const text = "no call matched the policy's one rate: gtp-4o";
  const entries = [open(), reserve(1), settle(1), { event: 'notice', ms: 9, code: 'uncovered', text } as const];
  expect(renderMarkdown(buildReport(entries))).toContain(text);
});
