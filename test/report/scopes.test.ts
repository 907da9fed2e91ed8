/** Limits of rows and of providers, and lowered bounds, as a report shows them. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { LimitEntry } from '../../src/domain/entry.js';
import { scopeName, scopeNamed, type Scope } from '../../src/domain/limit.js';
import { reportAnnotations } from '../../src/action/annotations.js';
import { caveats } from '../../src/report/advice.js';
import { buildReport } from '../../src/report/build.js';
import { gaugeWords, limitKey, limitWords } from '../../src/report/words.js';
import { open, refuse, reserve, settle } from './runs.js';

const at = 'token-budget.yml:4:11';
const PER_ROW: LimitEntry = { dimension: 'tokens', scope: 'per_row', ceiling: 1000, at };
const OPENAI: LimitEntry = { dimension: 'cost_usd', scope: 'providers.open*', ceiling: 5_000_000, at };
const name = (text: string) => `‹${text}›`;

/** Each call settles at 520 tokens and $0.0022. */
const RUN = [
  open({ limits: [PER_ROW, OPENAI] }),
  ...[reserve(1, { row: 'a' }), settle(1)],
  ...[reserve(2, { row: 'b' }), settle(2)],
  ...[reserve(3, { row: 'b' }), settle(3)],
  ...[reserve(4, { provider: 'azure' }), settle(4)],
  refuse(5, { row: 'b', limit: { dimension: 'tokens', scope: 'per_row' } }),
];

test('a limit per row shows the row that used most, and names it', () => {
  const [limit] = buildReport(RUN).limits;
  expect(limit).toMatchObject({ scope: 'per_row', row: 'b', used: 1040, remaining: 0, exceeded: true, refused: 1 });
  expect(limit && gaugeWords(limit, name)).toBe('tokens per row (most: ‹b›)');
});

test('a limit per row that no call had a row for shows nothing used and no row', () => {
  const [limit] = buildReport([open({ limits: [PER_ROW] }), reserve(1), settle(1)]).limits;
  expect(limit).toMatchObject({ used: 0, exceeded: false });
  expect(limit).not.toHaveProperty('row');
  expect(limit && gaugeWords(limit, name)).toBe('tokens per row');
});

test('a limit of a provider sums up what went there', () => {
  expect(buildReport(RUN).limits[1]).toMatchObject({ scope: 'providers.open*', used: 6_600_000, exceeded: true });
  expect(limitWords(OPENAI, name)).toBe('cost at ‹open*›');
  expect([PER_ROW, OPENAI].map(limitKey)).toEqual(['limits.per_row.tokens', 'limits.providers.open*.cost_usd']);
});

test('each that broke is annotated at its line', () => {
  expect(reportAnnotations(buildReport(RUN))).toMatchObject([
    { message: 'tokens per row (most: b): 1,040 of 1,000, 1 refused', startLine: 4, startColumn: 11 },
    { message: 'cost at open*: $0.0066 of $0.005', file: 'token-budget.yml' },
  ]);
});

test('calls whose bound was lowered are told apart from those that had one written in', () => {
  const lowered = { outputBound: 812, loweredFrom: 4096 };
  const report = buildReport([
    open(),
    ...[reserve(1, { outputBound: 4096 }), settle(1)],
    ...[reserve(2, lowered), settle(2)],
    ...[reserve(3, { ...lowered, outputBound: 16 }), settle(3)],
  ]);
  expect(report.bounded).toMatchObject([{ output_tokens: 4096, calls: 1 }]);
  expect(report.clamped).toEqual([{ provider: 'openai', model: 'gpt-4o', from: 4096, to: 16, calls: 2 }]);
  expect(report.calls.map((call) => [call.output_bound, call.output_bound_from])).toEqual([
    [4096, undefined],
    [812, 4096],
    [16, 4096],
  ]);
  expect(caveats(report, name)).toContain(
    '2 requests to ‹gpt-4o› got a lower output limit to fit the budget: 16 at the lowest instead of 4,096 tokens. Answers may be cut short.',
  );
  expect(buildReport([open(), reserve(1), settle(1)])).not.toHaveProperty('clamped');
});

test('all of it is as the schema of reports has it', () => {
  const schema: unknown = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv({ strict: false }).compile(schema as object);
  for (const entries of [RUN, [open(), reserve(1, { outputBound: 16, loweredFrom: 20 }), settle(1)]]) {
    expect(validate(JSON.parse(JSON.stringify(buildReport(entries)))), JSON.stringify(validate.errors)).toBe(true);
  }
});

test.each<Scope>([
  { kind: 'run' },
  { kind: 'call' },
  { kind: 'row' },
  { kind: 'model', pattern: 'per_row' },
  { kind: 'model', pattern: 'providers.x' },
  { kind: 'provider', pattern: 'a.b*' },
])('a scope is the same after its name: %j', (scope) => {
  expect(scopeNamed(scopeName(scope))).toEqual(scope);
});
