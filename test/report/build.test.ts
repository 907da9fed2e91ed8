import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry, LimitEntry } from '../../src/domain/entry.js';
import { usdDecimal } from '../../src/domain/money.js';
import type { CallUse } from '../../src/generated/report.generated.js';
import { usageOf } from '../../src/domain/usage.js';
import { buildReport, ReportError } from '../../src/report/build.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { open, refuse, reserve, RUNS, settle } from './runs.js';

const limit = (dimension: LimitEntry['dimension'], scope: string, ceiling: number): LimitEntry => ({
  dimension,
  scope,
  ceiling,
  at: 'p.yml:1:1',
});

/** One call of 400 + 120 tokens and 2,200,000 nano-USD under this limit. */
const oneCallUnder = (entry: LimitEntry) => buildReport([open({ limits: [entry] }), reserve(1), settle(1)]);

describe('a limit in the report', () => {
  test.each([
    ['tokens', 520],
    ['input_tokens', 400],
    ['output_tokens', 120],
    ['calls', 1],
    ['cost_usd', 2_200_000],
  ] as const)('of %s is reached, not exceeded, by using exactly its ceiling', (dimension, amount) => {
    for (const scope of ['run', 'per_call', 'models.gpt-4*', 'models.GPT-4o']) {
      expect(oneCallUnder(limit(dimension, scope, amount)).limits[0]).toMatchObject({
        used: amount,
        remaining: 0,
        exceeded: false,
      });
      expect(oneCallUnder(limit(dimension, scope, amount - 1))).toMatchObject({
        verdict: 'exceeded',
        limits: [{ used: amount, remaining: 0, exceeded: true }],
      });
      expect(oneCallUnder(limit(dimension, scope, amount + 1))).toMatchObject({
        verdict: 'within',
        limits: [{ used: amount, remaining: 1, exceeded: false }],
      });
    }
  });

  test('of 0 is not exceeded by a run without calls', () => {
    const report = buildReport([open({ limits: [limit('tokens', 'run', 0)] })]);
    expect(report).toMatchObject({ verdict: 'within', limits: [{ used: 0, remaining: 0, exceeded: false }] });
  });

  test('per call counts the largest call, not the sum', () => {
    const entries = [open({ limits: [limit('tokens', 'per_call', 1000)] }), reserve(1), settle(1), reserve(2)];
    const report = buildReport([...entries, settle(2, { usage: usageOf({ input: 600, output: 100 }) })]);
    expect(report.limits[0]?.used).toBe(700);
  });

  test('of a model covers the requested model, whichever model answered', () => {
    const entries = [open({ limits: [limit('calls', 'models.gpt-4o', 5)] }), reserve(1), settle(1, { model: 'gpt-5' })];
    expect(buildReport(entries)).toMatchObject({ limits: [{ used: 1 }], calls: [{ answered_model: 'gpt-5' }] });
  });

  test('leaves out calls to other models', () => {
    expect(oneCallUnder(limit('calls', 'models.claude-*', 5)).limits[0]?.used).toBe(0);
  });

  test('of cost stands in nano-USD and as exact decimals', () => {
    expect(oneCallUnder(limit('cost_usd', 'run', 1_500_000_000)).limits[0]).toMatchObject({
      unit: 'nano_usd',
      used: 2_200_000,
      ceiling_usd: '1.50',
      used_usd: '0.0022',
      remaining_usd: '1.4978',
    });
  });

  test('is exceeded by a call that was refused for its sake alone', () => {
    const limits = [limit('tokens', 'run', 1000), limit('calls', 'run', 9)];
    const report = buildReport([open({ limits }), refuse(1)]);
    expect(report.limits.map((one) => [one.exceeded, one.refused])).toEqual([
      [true, 1],
      [false, 0],
    ]);
  });
});

describe('the verdict', () => {
  test.each(['exhausted', 'held', 'call_too_large', 'unpriced', 'unmetered'] as const)(
    'is exceeded after a call was refused as %s, even by no limit',
    (reason) => {
      expect(buildReport([open(), refuse(1, { reason, limit: null })]).verdict).toBe('exceeded');
    },
  );

  test('stays within when calls were refused only because the run was ending', () => {
    const report = buildReport([open(), refuse(1, { reason: 'stopped' })]);
    expect(report.verdict).toBe('within');
    expect(report.totals.refused).toBe(1);
    expect(report.limits.every((one) => !one.exceeded && one.refused === 0)).toBe(true);
  });
});

describe('a journal', () => {
  test('without its first line makes no report, and the error says why', () => {
    expect(() => buildReport([])).toThrow(ReportError);
    expect(() => buildReport([reserve(1), settle(1)])).toThrow(/no "open" entry/);
    expect(() => buildReport([open({ at: 'yesterday' })])).toThrow(/no valid start time/);
  });

  test('without its last line makes an incomplete report with no exit status', () => {
    expect(buildReport([open(), reserve(1), settle(1)])).toMatchObject({
      incomplete: true,
      duration_ms: 940,
      command: { exit_code: null, signal: null, duration_ms: 940 },
    });
  });

  test('charges a call in flight its whole hold', () => {
    const [call] = buildReport([open(), reserve(1)]).calls;
    expect(call).toMatchObject({
      outcome: 'settled',
      usage_source: 'held',
      usage: { input_tokens: 600, output_tokens: 1000, total_tokens: 1600 },
      cost_nano_usd: 11_500_000,
      status: null,
      duration_ms: null,
    });
  });

  test('charges nothing for a call that was voided', () => {
    const report = buildReport([open(), reserve(1), { event: 'void', id: 1, ms: 200, status: 0 }]);
    expect(report.calls[0]).toMatchObject({ outcome: 'voided', usage_source: null, cost_usd: '0.00', status: null });
    expect(report.totals).toMatchObject({ calls: 0, voided: 1, total_tokens: 0, cost_nano_usd: 0 });
  });

  test('tells the same when an entry stands twice, or when an end has no beginning', () => {
    const once = [open(), reserve(1), settle(1)];
    const again: Entry[] = [
      ...once,
      reserve(1),
      settle(1, { cost: 99 }),
      settle(7),
      { event: 'void', id: 1, ms: 1, status: 0 },
    ];
    expect(buildReport(again).calls).toEqual(buildReport(once).calls);
  });

  test('with times in fractions of a ms makes a report in whole ms', () => {
    const report = buildReport([open(), reserve(1, { ms: 10.4 }), settle(1, { ms: 22.6 })]);
    expect(report).toMatchObject({
      duration_ms: 23,
      calls: [{ started_at: '2026-11-03T10:15:00.010Z', duration_ms: 12 }],
    });
  });

  test.each(Object.entries(RUNS))(
    'of the %s run, cut after any entry, never tells less than was settled by then',
    (_, entries) => {
      let settledTokens = 0;
      let settledCost = 0;
      for (const [index, entry] of entries.entries()) {
        if (entry.event === 'settle') {
          settledTokens += entry.usage.input + entry.usage.output;
          settledCost += entry.cost;
        }
        const report = buildReport(entries.slice(0, index + 1));
        expect(report.totals.total_tokens).toBeGreaterThanOrEqual(settledTokens);
        expect(report.totals.cost_nano_usd).toBeGreaterThanOrEqual(settledCost);
        expect(renderMarkdown(report)).toMatch(/^### /);
        expect(renderTerminal(report, { color: false, reportDir: 'd' })).toMatch(/report: d\/report.html/);
      }
    },
  );
});

const amount = fc.integer({ min: 0, max: 1_000_000 });
const usage = fc
  .record({ input: amount, output: amount, cacheRead: amount, cacheWrite: amount, reasoning: amount })
  .map(usageOf);
const model = fc.constantFrom('gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', '');
const rate = fc.constantFrom('policy', 'table', 'none');
const events = fc.array(
  fc.oneof(
    fc.record({ id: fc.nat(20), model, rate }).map(({ id, ...rest }): Entry => reserve(id, rest)),
    fc.record({ id: fc.nat(20), usage, cost: amount }).map(({ id, ...rest }): Entry => settle(id, rest)),
    fc.nat(20).map((id): Entry => ({ event: 'void', id, ms: 9000, status: 500 })),
    fc.record({ id: fc.nat(20), model }).map(({ id, ...rest }): Entry => refuse(id, rest)),
  ),
  { maxLength: 80 },
);

const sum = (calls: readonly CallUse[], of: (call: CallUse) => number): number =>
  calls.reduce((total, call) => total + of(call), 0);

test('totals, models and limits are the sums of the calls, for any order of events', () => {
  fc.assert(
    fc.property(events, (list) => {
      const { calls, totals, models, limits } = buildReport([open(), ...list]);
      const settled = calls.filter((call) => call.outcome === 'settled');
      expect(totals.calls + totals.refused + totals.voided).toBe(calls.length);
      expect(totals.calls).toBe(settled.length);
      expect(totals.total_tokens).toBe(sum(settled, (call) => call.usage.total_tokens));
      expect(totals.cost_nano_usd).toBe(sum(settled, (call) => call.cost_nano_usd));
      expect(totals.cost_usd).toBe(usdDecimal(totals.cost_nano_usd));
      for (const field of ['input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens'] as const) {
        expect(totals[field]).toBe(sum(settled, (call) => call.usage[field]));
        expect(totals[field]).toBe(models.reduce((total, one) => total + one[field], 0));
      }
      expect(limits[0]?.used).toBe(totals.total_tokens);
      expect(limits[1]?.used).toBe(totals.cost_nano_usd);
    }),
    { numRuns: 500 },
  );
});

describe('a call that was billed by more than its text', () => {
  const usage = usageOf({
    ...{ input: 100, output: 50, audioIn: 30, audioOut: 20, imageIn: 10, imageOut: 5, tier: 'flex', regional: true },
    meters: { fileSearches: 2, searchUnits: 1 },
    reportedCost: 7,
  });
  const report = buildReport([
    open(),
    reserve(1),
    settle(1, { usage, cost: 7, rate: 'reported' }),
    reserve(2),
    settle(2),
  ]);

  test('shows by what', () => {
    expect(report.calls[0]).toMatchObject({
      usage: { audio_input_tokens: 30, image_input_tokens: 10, audio_output_tokens: 20, image_output_tokens: 5 },
      meters: { file_searches: 2, search_units: 1 },
      service_tier: 'flex',
      regional: true,
      rate: 'reported',
    });
  });

  test('leaves no trace in other calls', () => {
    expect(JSON.stringify(report.calls[1])).not.toMatch(/audio|image|meters|tier|regional/);
  });

  test('keeps to the schema', () => {
    const schema = JSON.parse(readFileSync('schema/report.schema.json', 'utf8')) as object;
    const isReport = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
  });
});

describe('the age of the prices', () => {
  const at = (date: string) =>
    buildReport([open({ at: '2026-11-28T12:00:00.000Z', prices: { source: 'table', date } })]);

  test.each([
    ['2026-11-28', undefined],
    ['2026-10-14', undefined],
    ['2026-10-13', 46],
    ['2025-11-28', 365],
    ['2027-01-01', undefined],
  ])('of %s is told in days where it is more than 45: %s', (date, days) => {
    expect(at(date).prices.stale_days).toBe(days);
  });

  test('is a caveat in every rendering, with its day', () => {
    const stale = at('2026-09-01');
    const words = /The prices are 88 days old \(2026-09-01\)/;
    for (const text of [renderMarkdown(stale), renderTerminal(stale, { color: false, reportDir: '.' })])
      expect(text.replace(/\s+/g, ' ')).toMatch(words);
    for (const text of [
      renderMarkdown(at('2026-11-01')),
      renderTerminal(at('2026-11-01'), { color: false, reportDir: '.' }),
    ])
      expect(text).not.toContain('days old');
  });
});
