import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Decision } from '../../src/ledger/contract.js';
import { admitted, ledgerOf, limit, lowering, now, PER_CALL, quote, used } from './calls.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** The output that a call was admitted with. */
async function outputOf(decision: Promise<Decision>): Promise<number> {
  const made = await decision;
  return made.admitted ? made.quote.hold.output : expect.fail(`it was refused: ${made.refusal.reason}`);
}

const ASKED = quote(10, { output: 50 });

describe('A call that can do with less output', () => {
  test('gets all it asks where that fits', async () => {
    const { ledger } = ledgerOf([limit('tokens', 60)]);
    expect(await outputOf(ledger.reserve(ASKED, undefined, lowering(ASKED)))).toBe(50);
  });

  test.each([
    ['the run', limit('tokens', 59), 49],
    ['the output of the run', limit('output_tokens', 31), 31],
    ['each call', limit('tokens', 20, PER_CALL), 10],
    ['its model', limit('tokens', 11, 'gpt-*'), 1],
  ])('gets what the limit of %s leaves', async (_, each, output) => {
    const { ledger, entries } = ledgerOf([each]);
    expect(await outputOf(ledger.reserve(ASKED, undefined, lowering(ASKED)))).toBe(output);
    expect(entries).toMatchObject([{ event: 'reserve', hold: { output }, outputBound: output }]);
  });

  test('is refused where not even its least fits', async () => {
    const { ledger } = ledgerOf([limit('tokens', 25)]);
    expect(await now(ledger.reserve(ASKED, undefined, lowering(ASKED, 16)))).toBe('call_too_large: run tokens');
    expect(await outputOf(ledger.reserve(ASKED, undefined, lowering(ASKED, 15)))).toBe(15);
  });

  test('waits for all it asks while calls in flight may leave room for that', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const first = await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(ASKED, undefined, lowering(ASKED));
    expect(await now(second)).toBe('waits');
    ledger.settle(first, used(40));
    expect(await outputOf(second)).toBe(50);
  });

  test('is lowered while it waits, once what was asked can never fit', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const first = await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(ASKED, undefined, lowering(ASKED));
    ledger.settle(first, used(60));
    expect(await outputOf(second)).toBe(30);
    expect(ledger.snapshot()).toMatchObject({ settled: { tokens: 60 }, held: { tokens: 40 } });
  });

  test('gets at the end of its wait what is free, and those behind it wait on', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(ASKED, undefined, lowering(ASKED));
    vi.advanceTimersByTime(10);
    const third = ledger.reserve(quote(20));
    vi.advanceTimersByTime(990);
    expect(await outputOf(second)).toBe(30);
    expect(entries.at(-1)).toMatchObject({ event: 'reserve', waited: 1000 });
    expect(await now(third)).toBe('waits');
  });

  test('is refused at the end of its wait where nothing is free', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    await admitted(ledger.reserve(quote(95)));
    const second = ledger.reserve(ASKED, undefined, lowering(ASKED));
    vi.advanceTimersByTime(1000);
    expect(await now(second)).toBe('held: run tokens');
  });

  test('is let through as it is where the policy only warns', async () => {
    const { ledger } = ledgerOf([limit('tokens', 20)], { onExceed: 'warn' });
    expect(await outputOf(ledger.reserve(ASKED, undefined, lowering(ASKED)))).toBe(50);
  });

  test('never passes a ceiling, however many ask at once', async () => {
    const { ledger } = ledgerOf([limit('tokens', 1000)]);
    const calls = Array.from({ length: 64 }, () => ledger.reserve(ASKED, undefined, lowering(ASKED)));
    for (const call of calls) {
      const decision = await call;
      if (decision.admitted) ledger.settle(decision.id, used(10, decision.quote.hold.output));
      expect(ledger.snapshot().settled.tokens + ledger.snapshot().held.tokens).toBeLessThanOrEqual(1000);
    }
    expect(ledger.snapshot().settled.tokens).toBe(1000);
  });
});
