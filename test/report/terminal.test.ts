import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { LIMITS, open, refuse, reserve, RUNS, settle } from './runs.js';

const plain = { color: false, reportDir: 'out' };
const lines = (text: string): string[] => text.trimEnd().split('\n');

test('colours change nothing but the colours', () => {
  for (const entries of Object.values(RUNS)) {
    const report = buildReport(entries);
    const coloured = renderTerminal(report, { ...plain, color: true });
    expect(coloured).not.toBe(renderTerminal(report, plain));
    // eslint wants no control characters in a pattern, so the sequences are cut by hand.
    const stripped = coloured.split('\u001B[').map((part, index) => (index === 0 ? part : part.replace(/^\d+m/, '')));
    expect(stripped.join('')).toBe(renderTerminal(report, plain));
  }
});

test('the busiest run still fits in 15 lines, with what to do and where the report is', () => {
  const limits = Array.from({ length: 9 }, (_, index) => ({
    ...LIMITS[0],
    ceiling: index * 100,
    scope: `models.*${index}`,
    dimension: 'tokens' as const,
    at: `p.yml:${index}:1`,
  }));
  const busy = Array.from({ length: 30 }, (_, id) => [
    reserve(id, { model: `model-${id}`, unbounded: 'n' }),
    settle(id, { source: 'estimated' }),
    refuse(100 + id, { model: `model-${id}`, limit: { dimension: 'tokens', scope: `models.*${id % 9}` } }),
  ]).flat();
  const text = renderTerminal(buildReport([open({ limits }), ...busy]), plain);
  expect(lines(text).length).toBeLessThanOrEqual(15);
  expect(text).toMatch(/^✗ Over budget: 30 of 60 calls refused · /);
  expect(text).toContain('more limits');
  expect(text).toContain('more models');
  expect(text).toMatch(/next: Raise limits\.models\.\*\d\.tokens at p\.yml:\d:1/);
  expect(lines(text).at(-1)).toBe('  report: out/report.html (also report.md, report.json)');
});

test('a run that only warns says so and a run that is held says how to get further', () => {
  expect(renderTerminal(buildReport(RUNS.warn ?? []), plain)).toMatch(/^! Over budget \(warning only\)/);
  const held = buildReport([open(), refuse(1, { reason: 'held' })]);
  expect(renderTerminal(held, plain)).toContain('Make fewer calls at once');
});

test('a reason of the meter is told in words, and another one as it stands', () => {
  const report = buildReport([
    open(),
    ...[reserve(1, { unbounded: 'server tools' }), settle(1)],
    ...[reserve(2, { unbounded: 'the weather' }), settle(2)],
  ]);
  const text = renderTerminal(report, plain);
  expect(text).toContain('1 call to gpt-4o had no upper bound (tools that run at the provider)');
  expect(text).toContain('(the weather)');
});
