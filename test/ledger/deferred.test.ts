/** What deferred calls hold comes free only when a client asks for them: nobody waits for that. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { admitted, ledgerOf, limit, lowering, now, PER_ROW, quote, used } from './calls.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('A call that would fit only once a deferred call has settled', () => {
  test('is refused at once, as held by deferred calls', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    ledger.defer(await admitted(ledger.reserve(quote(60))));
    const decision = ledger.reserve(quote(50));
    expect(await now(decision)).toBe('held: run tokens');
    expect(await decision).toMatchObject({ refusal: { deferred: true, limit: { settled: 0, held: 60 } } });
    expect(entries.at(-1)).toMatchObject({ event: 'refuse', reason: 'held', deferred: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits where calls in flight may free enough', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    ledger.defer(await admitted(ledger.reserve(quote(30))));
    const flying = await admitted(ledger.reserve(quote(60)));
    const waiting = ledger.reserve(quote(70));
    expect(await now(waiting)).toBe('waits');
    expect(await now(ledger.reserve(quote(71)))).toBe('held: run tokens');
    ledger.settle(flying, used(0));
    expect(await now(waiting)).toBe('admitted');
  });

  test('stops waiting when the call that it waits for is deferred', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    const flying = await admitted(ledger.reserve(quote(60)));
    const [large, small] = [ledger.reserve(quote(50)), ledger.reserve(quote(40))];
    expect([await now(large), await now(small)]).toEqual(['waits', 'waits']);
    vi.advanceTimersByTime(7);
    ledger.defer(flying);
    expect([await now(large), await now(small)]).toEqual(['held: run tokens', 'admitted']);
    expect(entries.at(-2)).toMatchObject({ event: 'refuse', deferred: true, waited: 7 });
  });

  test('is refused as exhausted where what was spent would be reason enough', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    ledger.settle(await admitted(ledger.reserve(quote(60))), used(60));
    ledger.defer(await admitted(ledger.reserve(quote(30))));
    expect(await now(ledger.reserve(quote(41)))).toBe('exhausted: run tokens');
  });

  test('waits while a client asks for the deferred call, and is served or refused by what it hears', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const job = await admitted(ledger.reserve(quote(60)));
    ledger.defer(job);
    ledger.resume(job);
    const first = ledger.reserve(quote(50));
    expect(await now(first)).toBe('waits');
    ledger.defer(job);
    expect(await now(first)).toBe('held: run tokens');
    ledger.resume(job);
    const second = ledger.reserve(quote(50));
    ledger.settle(job, used(10));
    ledger.defer(job);
    expect(await now(second)).toBe('admitted');
    expect(ledger.snapshot()).toMatchObject({ inFlight: 1, held: { tokens: 50 } });
  });

  test('is lowered to what deferred calls leave, where it can do with less', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    ledger.defer(await admitted(ledger.reserve(quote(60))));
    const asked = quote(10, { output: 50 });
    expect(await ledger.reserve(asked, undefined, lowering(asked))).toMatchObject({
      admitted: true,
      quote: { hold: { input: 10, output: 30 } },
    });
  });

  test('is refused for its own row alone', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100, PER_ROW)]);
    ledger.defer(await admitted(ledger.reserve(quote(60, { row: 'a' }))));
    expect(await now(ledger.reserve(quote(60, { row: 'b' })))).toBe('admitted');
    expect(await now(ledger.reserve(quote(60, { row: 'a' })))).toBe('held: per_row tokens');
  });

  test('has its room once the deferred call has settled or is voided, and no more than that', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    for (const settles of [true, false]) {
      const job = await admitted(ledger.reserve(quote(100)));
      ledger.defer(job);
      ledger.defer(job);
      if (settles) ledger.settle(job, used(0));
      else ledger.void(job, 500);
      ledger.resume(job);
      const next = await admitted(ledger.reserve(quote(100)));
      expect(ledger.fits(quote(1))).toBe(false);
      ledger.void(next, 500);
    }
  });
});

test('A call that is not in flight cannot be deferred', async () => {
  const { ledger } = ledgerOf([limit('tokens', 100)]);
  const ended = await admitted(ledger.reserve(quote(60)));
  ledger.void(ended, 500);
  ledger.defer(ended);
  ledger.defer(99);
  expect(await now(ledger.reserve(quote(100)))).toBe('admitted');
});
