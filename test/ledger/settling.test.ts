import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Entry } from '../../src/domain/entry.js';
import { Journal, readJournal } from '../../src/ledger/journal.js';
import { callsOf } from '../../src/report/call-records.js';
import { admitted, eventsOf, ledgerOf, limit, now, PER_CALL, quote, used } from './calls.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('A settlement', () => {
  test('or a void a second time changes nothing', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    const settled = await admitted(ledger.reserve(quote(30)));
    const voided = await admitted(ledger.reserve(quote(30)));
    ledger.settle(settled, used(20));
    ledger.void(voided, 500);
    const before = ledger.snapshot();
    for (const id of [settled, voided, 99]) {
      ledger.settle(id, used(25));
      ledger.void(id, 0);
    }
    expect(ledger.snapshot()).toEqual(before);
    expect(before).toMatchObject({ settled: { tokens: 20, calls: 1 }, held: { tokens: 0, calls: 0 }, inFlight: 0 });
    expect(eventsOf(entries)).toBe('reserve reserve settle void');
  });

  test('that comes after the journal was closed is charged in full by whoever reads it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'late-'));
    const journal = new Journal(directory);
    const record = (entry: Entry) => {
      journal.append(entry);
    };
    const { ledger } = ledgerOf([limit('tokens', 100)], { record });
    const id = await admitted(ledger.reserve(quote(60)));
    journal.close();
    ledger.settle(id, used(20));
    ledger.settle(id, used(30));
    expect(ledger.snapshot()).toMatchObject({ settled: { tokens: 20 }, inFlight: 0 });
    const kept = readJournal(directory);
    rmSync(directory, { recursive: true });
    expect(eventsOf(kept)).toBe('reserve');
    const at = '2026-11-03T10:15:00.000Z';
    expect(callsOf(kept, Date.parse(at))).toMatchObject([{ outcome: 'settled', usage: { total_tokens: 60 } }]);
  });

  test('above its hold is counted in full, and later calls are refused', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    ledger.settle(await admitted(ledger.reserve(quote(90))), used(130));
    expect(ledger.snapshot().limits[0]).toMatchObject({ settled: 130, held: 0 });
    expect(await now(ledger.reserve(quote(1)))).toBe('exhausted: run tokens');
    expect(entries[2]).toMatchObject({
      event: 'notice',
      code: 'exceeded',
      limit: { dimension: 'tokens', scope: 'run' },
    });
  });

  test('of another model than was asked for counts on the limits of the one that was', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100, 'gpt-*')]);
    ledger.settle(await admitted(ledger.reserve(quote(50))), { ...used(40), model: 'o4-mini' });
    expect(ledger.snapshot().limits[0]).toMatchObject({ settled: 40 });
  });
});

describe('Notices', () => {
  test('warn once for each limit, when its part is reached', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100), limit('calls', 100)], { warnAt: 0.07 });
    const codes: number[] = [];
    for (const tokens of [6, 1, 50]) {
      ledger.settle(await admitted(ledger.reserve(quote(tokens))), used(tokens));
      codes.push(noticesOf(entries).length);
    }
    expect(codes).toEqual([0, 1, 1]);
    expect(noticesOf(entries)).toEqual(['warn_at run tokens']);
  });

  test('of a limit per call are given when a call passes it, not when one comes near', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100, PER_CALL)]);
    ledger.settle(await admitted(ledger.reserve(quote(100))), used(100));
    expect(noticesOf(entries)).toEqual([]);
    for (const tokens of [101, 120]) ledger.settle(await admitted(ledger.reserve(quote(100))), used(tokens));
    expect(noticesOf(entries)).toEqual(['exceeded per_call tokens']);
    expect(ledger.snapshot().limits[0]).toMatchObject({ settled: 120 });
  });

  test('under warn are one a limit, and every call is admitted', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100), limit('tokens', 50, PER_CALL)], { onExceed: 'warn' });
    expect(ledger.fits(quote(500))).toBe(true);
    for (let call = 0; call < 5; call += 1) {
      ledger.settle(await admitted(ledger.reserve(quote(80))), used(80));
    }
    expect(ledger.snapshot()).toMatchObject({ settled: { tokens: 400 }, refused: 0 });
    expect(noticesOf(entries)).toEqual(['warn_at run tokens', 'exceeded per_call tokens', 'exceeded run tokens']);
  });

  test('of a ceiling of 0 are not due before something takes from it', async () => {
    const { ledger, entries } = ledgerOf([limit('cost_usd', 0)]);
    ledger.settle(await admitted(ledger.reserve(quote(5))), used(5));
    expect(noticesOf(entries)).toEqual([]);
  });
});

describe('When the journal fails', () => {
  /** A ledger with one call in flight and one waiting, whose journal takes nothing from now on. */
  async function failing() {
    let broken = false;
    const taken: Entry[] = [];
    const record = (entry: Entry) => {
      if (broken) throw new Error('disk full');
      taken.push(entry);
    };
    const { ledger } = ledgerOf([limit('tokens', 100), limit('calls', 100, 'claude')], { record });
    const first = await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(quote(50));
    broken = true;
    return { ledger, first, second, taken, repair: () => (broken = false) };
  }

  test('a settle still counts, and nothing is admitted ever after', async () => {
    const { ledger, first, second, repair } = await failing();
    ledger.settle(first, used(40));
    expect(ledger.snapshot()).toMatchObject({ settled: { tokens: 40 }, held: { tokens: 0 }, inFlight: 0 });
    expect(await now(second)).toBe('stopped');
    repair();
    expect(await now(ledger.reserve(quote(1)))).toBe('stopped');
  });

  test('a call whose reservation cannot be kept is not admitted, and those who wait hear of it at once', async () => {
    const { ledger, second, taken } = await failing();
    expect(await now(ledger.reserve(quote(1, { model: 'o4' })))).toBe('waits');
    ledger.refuse(quote(1), 'unpriced');
    expect(await now(second)).toBe('stopped');
    expect(ledger.snapshot()).toMatchObject({ inFlight: 1, waiting: 0, refused: 3 });
    expect(eventsOf(taken)).toBe('reserve');
  });

  test('an admission without a record holds nothing', async () => {
    const record = () => {
      throw new Error('disk full');
    };
    const { ledger } = ledgerOf([limit('tokens', 100)], { record });
    expect(await now(ledger.reserve(quote(10)))).toBe('stopped');
    expect(ledger.snapshot()).toMatchObject({ held: { tokens: 0 }, inFlight: 0, refused: 1 });
  });
});

function noticesOf(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) =>
    entry.event === 'notice' ? [`${entry.code} ${entry.limit?.scope ?? ''} ${entry.limit?.dimension ?? ''}`] : [],
  );
}
