import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DIMENSIONS, scopeName, type Dimension, type Limit } from '../../src/domain/limit.js';
import { admitted, eventsOf, ledgerOf, limit, now, PER_CALL, quote, used } from './calls.js';

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
    limit(dimension, ceiling, { kind: 'provider', pattern: 'open*' }),
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

function outcome(dimension: Dimension, amount: number) {
  const { hold } = callOf(dimension, amount);
  return used(hold.input, hold.output, hold.cost);
}

function nameOf({ dimension, scope }: Limit): string {
  return `${scopeName(scope)} ${dimension}`;
}
