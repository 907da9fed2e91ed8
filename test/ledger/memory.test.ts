import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Entry } from '../../src/domain/entry.js';
import { DIMENSIONS, scopeName, type Dimension, type Limit } from '../../src/domain/limit.js';
import { admitted, ledgerOf, limit, now, PER_CALL, quote, used } from './calls.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A call that takes this much of one dimension; of `calls` it is always 1. */
function callOf(dimension: Dimension, amount: number) {
  if (dimension === 'output_tokens') return quote(0, { output: amount });
  return dimension === 'cost_usd' ? quote(0, { cost: amount }) : quote(amount);
}

describe('A ceiling', () => {
  const scopes = (dimension: Dimension, ceiling: number): Limit[] => [
    limit(dimension, ceiling),
    limit(dimension, ceiling, PER_CALL),
    limit(dimension, ceiling, 'gpt-*'),
  ];
  const amounts = DIMENSIONS.filter((dimension) => dimension !== 'calls');
  const table = amounts.flatMap((dimension) => scopes(dimension, 100)).map((each) => ({ each, name: nameOf(each) }));
  const zeros = DIMENSIONS.flatMap((dimension) => scopes(dimension, 0)).map((each) => ({ each, name: nameOf(each) }));

  test.each(table)('of $name is kept below, may be reached, and is not passed', async ({ each, name }) => {
    for (const [amount, expected] of [
      [0, 'admitted'],
      [99, 'admitted'],
      [100, 'admitted'],
      [101, `call_too_large: ${name}`],
    ] as const) {
      const { ledger } = ledgerOf([each]);
      expect(await now(ledger.reserve(callOf(each.dimension, amount)))).toBe(expected);
    }
  });

  test.each(zeros)('of 0 on $name lets nothing through that takes from it', async ({ each, name }) => {
    const { ledger } = ledgerOf([each]);
    expect(await now(ledger.reserve(callOf(each.dimension, 1)))).toBe(`call_too_large: ${name}`);
  });

  test.each(
    amounts
      .flatMap((dimension) => [limit(dimension, 100), limit(dimension, 100, 'gpt-*')])
      .map((each) => ({ each, name: nameOf(each) })),
  )('of $name counts what is settled', async ({ each, name }) => {
    for (const [amount, expected] of [
      [39, 'admitted'],
      [40, 'admitted'],
      [41, `exhausted: ${name}`],
    ] as const) {
      const { ledger } = ledgerOf([each]);
      ledger.settle(await admitted(ledger.reserve(callOf(each.dimension, 60))), outcome(each.dimension, 60));
      expect(await now(ledger.reserve(callOf(each.dimension, amount)))).toBe(expected);
    }
  });

  test('of calls is reached by the last call that it allows and passed by the next', async () => {
    const { ledger } = ledgerOf([limit('calls', 2)]);
    ledger.settle(await admitted(ledger.reserve(quote(1))), used(1));
    ledger.settle(await admitted(ledger.reserve(quote(1))), used(1));
    expect(await now(ledger.reserve(quote(1)))).toBe('exhausted: run calls');
  });

  test('per call looks at each call alone, however many there are', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100, PER_CALL), limit('calls', 1, PER_CALL)]);
    for (let call = 0; call < 5; call += 1) expect(await now(ledger.reserve(quote(100)))).toBe('admitted');
    expect(ledger.snapshot().limits.map(({ held }) => held)).toEqual([0, 0]);
  });

  test('of a model pattern leaves other models alone', async () => {
    const { ledger } = ledgerOf([limit('tokens', 10, 'gpt-*')]);
    expect(await now(ledger.reserve(quote(11)))).toBe('call_too_large: models.gpt-* tokens');
    expect(await now(ledger.reserve(quote(11, { model: 'claude' })))).toBe('admitted');
  });

  test('does not stop a call that takes nothing from it, even when it has been passed', async () => {
    const { ledger } = ledgerOf([limit('cost_usd', 100), limit('calls', 3)]);
    ledger.settle(await admitted(ledger.reserve(quote(1, { cost: 100 }))), used(1, 0, 150));
    expect(await now(ledger.reserve(quote(5, { model: 'my-local', cost: 0 })))).toBe('admitted');
    expect(await now(ledger.reserve(quote(5, { cost: 1 })))).toBe('exhausted: run cost_usd');
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('admits no hold of %s', async (input) => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    expect(await now(ledger.reserve(quote(input)))).toBe('call_too_large: run tokens');
    expect(ledger.snapshot().held.tokens).toBe(0);
  });

  test('that an exact fit of thirty tenths of a dollar reaches is not passed', async () => {
    const { ledger } = ledgerOf([limit('cost_usd', 3_000_000_000)]);
    for (let call = 0; call < 30; call += 1) {
      const id = await admitted(ledger.reserve(quote(0, { cost: 100_000_000 })));
      ledger.settle(id, used(0, 0, 100_000_000));
    }
    expect(ledger.snapshot().settled.cost_usd).toBe(3_000_000_000);
    expect(await now(ledger.reserve(quote(0, { cost: 1 })))).toBe('exhausted: run cost_usd');
  });
});

describe('A refusal', () => {
  test('names the limit that never could be kept before one that is exhausted', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100), limit('tokens', 50, PER_CALL)]);
    ledger.settle(await admitted(ledger.reserve(quote(50))), used(50));
    ledger.settle(await admitted(ledger.reserve(quote(40))), used(40));
    expect(await now(ledger.reserve(quote(51)))).toBe('call_too_large: per_call tokens');
  });

  test('names the first of two limits in the order of the policy', async () => {
    const { ledger } = ledgerOf([limit('calls', 5), limit('output_tokens', 1), limit('tokens', 1)]);
    expect(await now(ledger.reserve(quote(5, { output: 5 })))).toBe('call_too_large: run output_tokens');
  });

  test('tells the balance of the limit, and is recorded without it', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    ledger.settle(await admitted(ledger.reserve(quote(60))), used(60));
    await admitted(ledger.reserve(quote(30)));
    const decision = await ledger.reserve(quote(50, { output: 1 }));
    expect(decision).toEqual({
      admitted: false,
      id: 3,
      refusal: {
        reason: 'exhausted',
        limit: { dimension: 'tokens', scope: 'run', ceiling: 100, settled: 60, held: 30 },
      },
    });
    expect(entries.at(-1)).toEqual({
      event: 'refuse',
      id: 3,
      ms: 0,
      provider: 'openai',
      host: 'api.openai.com',
      model: 'gpt-4o',
      dialect: 'openai-chat',
      reason: 'exhausted',
      limit: { dimension: 'tokens', scope: 'run' },
      hold: { input: 50, output: 1, cost: 0 },
    });
  });

  test('is never counted as use, and settling or voiding it changes nothing', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 10)]);
    const { id } = await ledger.reserve(quote(11));
    ledger.settle(id, used(11));
    ledger.void(id, 500);
    expect(ledger.snapshot()).toMatchObject({ settled: { tokens: 0, calls: 0 }, inFlight: 0, refused: 1 });
    expect(eventsOf(entries)).toBe('refuse');
  });

  test('by another rule is recorded and counted', () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 10)]);
    expect(ledger.refuse({ ...quote(3), dialect: null }, 'unmetered')).toMatchObject({
      admitted: false,
      refusal: { reason: 'unmetered', limit: null },
    });
    expect(entries).toMatchObject([{ event: 'refuse', reason: 'unmetered', dialect: null, limit: null }]);
    expect(ledger.snapshot().refused).toBe(1);
  });
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
    const controller = new AbortController();
    const small = ledger.reserve(quote(10), controller.signal);
    expect(await now(small)).toBe('waits');
    controller.abort();
    expect(await now(small)).toBe('held: run tokens');
  });

  test('is refused at once when its room is gone for good', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    const first = await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(quote(50));
    ledger.settle(first, used(60));
    expect(await now(second)).toBe('exhausted: run tokens');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives up when aborted, and those behind it move up', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    await admitted(ledger.reserve(quote(60)));
    const controller = new AbortController();
    const large = ledger.reserve(quote(90), controller.signal);
    const small = ledger.reserve(quote(40));
    expect([await now(large), await now(small)]).toEqual(['waits', 'waits']);
    controller.abort();
    expect([await now(large), await now(small)]).toEqual(['held: run tokens', 'admitted']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not wait when its caller was gone before it came', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100)]);
    await admitted(ledger.reserve(quote(60)));
    expect(await now(ledger.reserve(quote(50), AbortSignal.abort()))).toBe('held: run tokens');
    expect(ledger.snapshot().waiting).toBe(0);
  });

  test('does not leave because its caller leaves after it was admitted', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    const controller = new AbortController();
    const first = await admitted(ledger.reserve(quote(60)));
    const second = ledger.reserve(quote(50), controller.signal);
    ledger.settle(first, used(10));
    expect(await now(second)).toBe('admitted');
    controller.abort();
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

function outcome(dimension: Dimension, amount: number) {
  const { hold } = callOf(dimension, amount);
  return used(hold.input, hold.output, hold.cost);
}

function nameOf({ dimension, scope }: Limit): string {
  return `${scopeName(scope)} ${dimension}`;
}

function eventsOf(entries: readonly Entry[]): string {
  return entries.map(({ event }) => event).join(' ');
}

function noticesOf(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) =>
    entry.event === 'notice' ? [`${entry.code} ${entry.limit?.scope ?? ''} ${entry.limit?.dimension ?? ''}`] : [],
  );
}
