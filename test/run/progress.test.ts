import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOTHING } from '../../src/domain/limit.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { progressOn } from '../../src/run/progress.js';

const snapshotOf = (calls: number): Snapshot => ({
  settled: { ...NOTHING, calls },
  held: NOTHING,
  inFlight: 0,
  waiting: 0,
  refused: 0,
  limits: [],
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function show(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  let calls = 0;
  const sink = { isTTY, size: () => ({ rows: 24, columns }), write: (text: string) => void written.push(text) };
  const end = progressOn(sink, (snapshot) => `calls: ${snapshot.settled.calls}`)(() => snapshotOf(calls));
  return { written, end, count: (value: number) => (calls = value) };
}

test('a log gets a whole line every ten seconds, and none while nothing changes', () => {
  const { written, count } = show(false);
  vi.advanceTimersByTime(9_999);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(20_001);
  expect(written).toEqual(['calls: 0\n']);
  count(5);
  vi.advanceTimersByTime(10_000);
  expect(written).toEqual(['calls: 0\n', 'calls: 5\n']);
});

test('a terminal keeps its last row for one line that renews itself and is gone at the end', () => {
  const { written, count, end } = show(true);
  vi.advanceTimersByTime(250);
  count(7);
  vi.advanceTimersByTime(250);
  end();
  expect(written).toEqual([
    '\n\x1b7\x1b[1;23r\x1b8\x1b[1A',
    '\x1b7\x1b[24;1H\x1b[2Kcalls: 0\x1b8',
    '\x1b7\x1b[24;1H\x1b[2Kcalls: 7\x1b8',
    '\x1b7\x1b[r\x1b[24;1H\x1b[2K\x1b8',
  ]);
  vi.advanceTimersByTime(60_000);
  expect(written).toHaveLength(4);
});

test('a line wider than the terminal is cut, since a wrapped one would scroll the screen', () => {
  const { written } = show(true, 6);
  vi.advanceTimersByTime(250);
  expect(written[1]).toBe('\x1b7\x1b[24;1H\x1b[2Kcalls\x1b8');
});
