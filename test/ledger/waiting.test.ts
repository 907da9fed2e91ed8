import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Latch } from '../../src/lib/one-shot-signal.js';
import type { Decision } from '../../src/ledger/contract.js';
import { admitted, eventsOf, ledgerOf, limit, now, quote, used } from './calls.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('A call that would fit once others settle', () => {
  test('waits, and is admitted when they do', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    const first = await admitted(ledger.reserve(quote(60)));
    expect(ledger.fits(quote(50))).toBe(false);
    const second = ledger.reserve(quote(50));
    expect(await now(second)).toBe('waits');
    expect(ledger.snapshot().waiting).toBe(1);
    vi.advanceTimersByTime(400);
    ledger.settle(first, used(50));
    expect(await now(second)).toBe('admitted');
    expect(entries.at(-1)).toMatchObject({ event: 'reserve', waited: 400 });
    expect(ledger.snapshot().waiting).toBe(0);
  });

  test('is admitted when a call in flight is voided', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const first = await admitted(ledger.reserve(quote(100)));
    const second = ledger.reserve(quote(100));
    ledger.void(first, 500);
    expect(await now(second)).toBe('admitted');
  });

  test('is refused as held at its deadline and not before, with the limit it waited for', async () => {
    const { ledger, entries } = ledgerOf([limit('calls', 9), limit('tokens', 100)]);
    await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(quote(50));
    vi.advanceTimersByTime(999);
    expect(await now(second)).toBe('waits');
    vi.advanceTimersByTime(1);
    expect(await now(second)).toBe('held: run tokens');
    expect(entries.at(-1)).toMatchObject({ event: 'refuse', reason: 'held', waited: 1000 });
  });

  test('names the limit it waited for even where that has room and only others stand ahead', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    await admitted(ledger.reserve(quote(60)));
    void ledger.reserve(quote(50));
    vi.advanceTimersByTime(1);
    const gone = new Latch();
    const small = ledger.reserve(quote(10), gone);
    expect(await now(small)).toBe('waits');
    gone.fire();
    expect(await now(small)).toBe('abandoned: run tokens');
  });

  test('is refused at once when its room is gone for good', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const first = await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(quote(50));
    ledger.settle(first, used(60));
    expect(await now(second)).toBe('exhausted: run tokens');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is refused the moment that settled calls leave no room, long before its deadline, though others are in flight', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)], { waitMs: 60_000 });
    const [first] = [await admitted(ledger.reserve(quote(50))), await admitted(ledger.reserve(quote(40)))];
    const third = ledger.reserve(quote(60));
    vi.advanceTimersByTime(5);
    ledger.settle(first, used(41));
    expect(await now(third)).toBe('exhausted: run tokens');
    expect(entries.at(-1)).toMatchObject({ event: 'refuse', waited: 5 });
  });

  test('is not refused for what calls use as a rule: those in flight may use less', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    // So far each call has used all that it held; an estimate by that would see no room for the last.
    ledger.settle(await admitted(ledger.reserve(quote(40))), used(40));
    const flying = await admitted(ledger.reserve(quote(40)));
    const last = ledger.reserve(quote(50));
    expect(await now(last)).toBe('waits');
    ledger.settle(flying, used(10));
    expect(await now(last)).toBe('admitted');
  });

  test('gives up when aborted, and those behind it move up', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    await admitted(ledger.reserve(quote(60)));
    const gone = new Latch();
    const large = ledger.reserve(quote(90), gone);
    const small = ledger.reserve(quote(40));
    expect([await now(large), await now(small)]).toEqual(['waits', 'waits']);
    gone.fire();
    expect([await now(large), await now(small)]).toEqual(['abandoned: run tokens', 'admitted']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not wait when its caller was gone before it came', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    await admitted(ledger.reserve(quote(60)));
    const gone = new Latch();
    gone.fire();
    expect(await now(ledger.reserve(quote(50), gone))).toBe('abandoned: run tokens');
    expect(ledger.snapshot().waiting).toBe(0);
  });

  test('does not leave because its caller leaves after it was admitted', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    const gone = new Latch();
    const first = await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(quote(50), gone);
    ledger.settle(first, used(10));
    expect(await now(second)).toBe('admitted');
    gone.fire();
    vi.advanceTimersByTime(5000);
    expect(eventsOf(entries)).toBe('reserve settle reserve');
  });

  test('is refused when the ledger stops, as is whoever comes later', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const first = await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(quote(50));
    ledger.stop();
    expect(await now(second)).toBe('stopped');
    expect(ledger.fits(quote(1))).toBe(false);
    expect(await now(ledger.reserve(quote(1)))).toBe('stopped');
    ledger.settle(first, used(20));
    expect(ledger.snapshot()).toMatchObject({ settled: { tokens: 20 }, refused: 2, inFlight: 0 });
  });
});

describe('Those who wait', () => {
  test('are served first come, first served', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const first = await admitted(ledger.reserve(quote(100)));
    const waiting = [1, 2, 3].map(() => ledger.reserve(quote(45)));
    ledger.settle(first, used(0));
    expect(await Promise.all(waiting.map(now))).toEqual(['admitted', 'admitted', 'waits']);
  });

  test('are not starved by small calls that would fit', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const inFlight = [await admitted(ledger.reserve(quote(30))), await admitted(ledger.reserve(quote(30)))];
    const large = ledger.reserve(quote(90));
    const small = ledger.reserve(quote(10));
    expect(ledger.fits(quote(10))).toBe(false);
    for (const id of inFlight) ledger.settle(id, used(0));
    expect([await now(large), await now(small)]).toEqual(['admitted', 'admitted']);
  });

  test('are not starved by small calls that never stop coming: a large one is next once what was ahead has settled', async () => {
    const { ledger } = ledgerOf([limit('tokens', 1000)], { waitMs: 60_000 });
    const flying: number[] = [];
    for (let call = 0; call < 10; call += 1) flying.push(await admitted(ledger.reserve(quote(90))));
    const large = ledger.reserve(quote(800));
    const small: Promise<Decision>[] = [];
    for (const id of flying.slice(0, 8)) {
      small.push(ledger.reserve(quote(10)), ledger.reserve(quote(90)));
      ledger.settle(id, used(0));
      expect(new Set(await Promise.all(small.map(now)))).toEqual(
        new Set(id === flying[7] ? ['admitted', 'waits'] : ['waits']),
      );
    }
    expect(await now(large)).toBe('admitted');
  });

  test('of one model whose limit is full do not hold up another', async () => {
    const { ledger } = ledgerOf([limit('tokens', 1000), limit('tokens', 100, 'gpt-*')]);
    await admitted(ledger.reserve(quote(80)));
    const waiting = Array.from({ length: 30 }, () => ledger.reserve(quote(80)));
    for (let call = 0; call < 10; call += 1) {
      expect(await now(ledger.reserve(quote(80, { model: 'claude' })))).toBe('admitted');
    }
    expect(new Set(await Promise.all(waiting.map(now)))).toEqual(new Set(['waits']));
  });

  test('are not starved where two limits come free in turn', async () => {
    const { ledger } = ledgerOf([limit('tokens', 10, 'gpt-*'), limit('tokens', 10, '*-mini')]);
    const gpt = await admitted(ledger.reserve(quote(10)));
    const both = ledger.reserve(quote(10, { model: 'gpt-mini' }));
    // The other limit has room, yet all of it is kept for the one that has waited longest.
    const mini = ledger.reserve(quote(5, { model: 'claude-mini' }));
    expect(await now(mini)).toBe('waits');
    ledger.settle(gpt, used(0));
    expect([await now(both), await now(mini)]).toEqual(['admitted', 'waits']);
  });

  test('are not overtaken where a limit becomes full behind them', async () => {
    const { ledger } = ledgerOf([limit('tokens', 17), limit('input_tokens', 13)]);
    await admitted(ledger.reserve(quote(8)));
    const [first, second] = [ledger.reserve(quote(6)), ledger.reserve(quote(1, { output: 1 }))];
    expect(await now(ledger.reserve(quote(0, { output: 2 })))).toBe('admitted');
    // What is left of the tokens is one too few for the second in line: it comes before the next.
    expect(await now(ledger.reserve(quote(0, { output: 1 })))).toBe('waits');
    expect([await now(first), await now(second)]).toEqual(['waits', 'waits']);
  });

  test('for money do not hold up a model that is free', async () => {
    const { ledger } = ledgerOf([limit('cost_usd', 100)]);
    await admitted(ledger.reserve(quote(1, { cost: 80 })));
    expect(await now(ledger.reserve(quote(1, { cost: 80 })))).toBe('waits');
    expect(await now(ledger.reserve(quote(1, { model: 'my-local', cost: 0 })))).toBe('admitted');
  });
});
