import { expect, test } from 'vitest';
import { NOTHING, type Limit } from '../../src/domain/limit.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { progressLine } from '../../src/report/progress.js';

const start: Snapshot = { settled: NOTHING, held: NOTHING, inFlight: 0, waiting: 0, refused: 0, limits: [] };
const tokens: Limit = { dimension: 'tokens', scope: { kind: 'run' }, ceiling: 50_000, at: 'p.yml:1:1' };
const cost: Limit = { dimension: 'cost_usd', scope: { kind: 'run' }, ceiling: 1_500_000_000, at: 'p.yml:2:1' };
const modelCost: Limit = { ...cost, scope: { kind: 'model', pattern: 'gpt-4o*\u001B[2J' }, ceiling: 200_000_000 };
const perCall: Limit = { ...tokens, scope: { kind: 'call' }, ceiling: 100 };

const halfWay: Snapshot = {
  ...start,
  settled: { tokens: 12_345, input_tokens: 10_000, output_tokens: 2345, calls: 34, cost_usd: 120_000_000 },
  held: { tokens: 4096, input_tokens: 1096, output_tokens: 3000, calls: 3, cost_usd: 30_000_000 },
  inFlight: 3,
  limits: [{ limit: tokens, settled: 12_345, held: 4096 }],
};

test('the progress line of a run that has just begun names what there is to name', () => {
  expect(progressLine(start)).toBe('token-budget: 0 tokens · $0.00 · 0 calls');
});

test('the progress line tells tokens against their limit, cost, calls and what is held', () => {
  expect(progressLine(halfWay)).toBe(
    'token-budget: 12,345 of 50,000 tokens (24%) · $0.12 · 34 calls · 3 in flight (4,096 tokens reserved)',
  );
});

test('the progress line tells who waits and what was refused, once there is any', () => {
  expect(progressLine({ ...halfWay, inFlight: 0, waiting: 2, refused: 1200 })).toMatch(
    / · 34 calls · 2 waiting · 1,200 refused$/,
  );
});

test('the progress line names the nearest limit where it is none of those it shows, without control characters', () => {
  const limits = [
    ...halfWay.limits,
    { limit: cost, settled: 120_000_000, held: 0 },
    { limit: modelCost, settled: 110_000_000, held: 0 },
    { limit: perCall, settled: 100, held: 0 },
  ];
  expect(progressLine({ ...halfWay, limits })).toMatch(
    /\$0\.12 of \$1\.50 \(8%\) .* · nearest: cost of gpt-4o\* \[2J 55%$/,
  );
});

test('the progress line names no other limit while one it shows is nearest', () => {
  const limits = [...halfWay.limits, { limit: modelCost, settled: 1, held: 0 }];
  expect(progressLine({ ...halfWay, limits })).not.toContain('nearest');
});

test('the progress line says that a cost is what was spent at least, where a part of it is not known', () => {
  expect(progressLine({ ...halfWay, incomplete: 1 })).toContain('at least $0.12');
});
