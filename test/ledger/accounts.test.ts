import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Accounts } from '../../src/ledger/accounts.js';
import { admitted, ledgerOf, limit, now, PER_ROW, quote, used } from './calls.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

const row = (id: string, tokens: number) => quote(tokens, { row: id });

describe('A limit per row', () => {
  test('is each row’s own', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100, PER_ROW)]);
    ledger.settle(await admitted(ledger.reserve(row('a', 100))), used(100));
    expect(await now(ledger.reserve(row('a', 1)))).toBe('exhausted: per_row tokens');
    expect(await now(ledger.reserve(row('b', 100)))).toBe('admitted');
    expect(await now(ledger.reserve(row('c', 101)))).toBe('call_too_large: per_row tokens');
  });

  test('does not cover calls that no row is known of', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100, PER_ROW)]);
    expect(await now(ledger.reserve(quote(1000)))).toBe('admitted');
    expect(ledger.snapshot().limits).toMatchObject([{ settled: 0, held: 0 }]);
  });

  test('lets a row wait for its own calls and holds up no other', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100, PER_ROW)]);
    const first = await admitted(ledger.reserve(row('a', 80)));
    const second = ledger.reserve(row('a', 80));
    expect(await now(ledger.reserve(row('a', 10)))).toBe('waits');
    expect(await now(ledger.reserve(row('b', 80)))).toBe('admitted');
    ledger.settle(first, used(5));
    expect(await now(second)).toBe('admitted');
  });

  test('shows the row that has used most', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100, PER_ROW)]);
    for (const [id, tokens] of [
      ['a', 30],
      ['b', 70],
      ['c', 50],
    ] as const)
      ledger.settle(await admitted(ledger.reserve(row(id, tokens))), used(tokens));
    await admitted(ledger.reserve(row('b', 20)));
    await admitted(ledger.reserve(row('c', 10)));
    expect(ledger.snapshot().limits).toMatchObject([{ settled: 70, held: 20 }]);
  });

  test('warns once, not once for each row', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100, PER_ROW)]);
    const settle = async (id: string, tokens: number) => {
      ledger.settle(await admitted(ledger.reserve(row(id, 50))), used(tokens));
    };
    for (const [id, tokens] of [
      ['a', 85],
      ['b', 90],
      ['c', 120],
      ['d', 110],
      ['e', 85],
    ] as const)
      await settle(id, tokens);
    const notices = entries.flatMap((entry) => (entry.event === 'notice' ? [[entry.code, entry.limit?.scope]] : []));
    expect(notices).toEqual([
      ['warn_at', 'per_row'],
      ['exceeded', 'per_row'],
    ]);
  });

  test('keeps so many rows apart, and those that come later under one ceiling together', () => {
    const accounts = new Accounts([limit('tokens', 100, PER_ROW)], 2);
    const of = (id: string) => accounts.of({ provider: 'openai', model: 'm', row: id })[0];
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(of);
    expect(new Set([a, b, c, d]).size).toBe(3);
    expect(d).toBe(c);
    expect([of('a'), of('b')]).toEqual([a, b]);
  });

  test('takes 100,000 rows and more in little memory and time', () => {
    const accounts = new Accounts([limit('tokens', 100, PER_ROW)]);
    const before = process.memoryUsage().heapUsed;
    for (let id = 0; id < 150_000; id += 1) accounts.of({ provider: 'openai', model: 'm', row: `row-${id}` });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100e6);
  });
});

describe('A limit of a provider', () => {
  const scope = { kind: 'provider', pattern: 'azure*' } as const;
  const call = (provider: string, tokens: number) => quote(tokens, { provider });

  test('covers the calls that go there, whatever their model, and no others', async () => {
    const { ledger } = ledgerOf([limit('tokens', 100, scope)]);
    ledger.settle(await admitted(ledger.reserve(call('azure', 60))), used(60));
    expect(await now(ledger.reserve({ ...call('azure', 41), model: 'o3' }))).toBe('exhausted: providers.azure* tokens');
    expect(await now(ledger.reserve(call('openai', 1000)))).toBe('admitted');
    expect(ledger.snapshot().limits).toMatchObject([{ settled: 60, held: 0 }]);
  });

  test('warns once', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100, scope)]);
    for (const tokens of [85, 5, 5]) ledger.settle(await admitted(ledger.reserve(call('azure', tokens))), used(tokens));
    expect(entries.filter(({ event }) => event === 'notice')).toMatchObject([
      { code: 'warn_at', limit: { dimension: 'tokens', scope: 'providers.azure*' } },
    ]);
  });
});

test('a command that asks for ever new models makes the ledger remember no more than some of them', async () => {
  const { ledger } = ledgerOf([limit('calls', 3000, 'gpt-*')]);
  for (let id = 0; id < 2500; id += 1) {
    ledger.settle(await admitted(ledger.reserve(quote(1, { model: `gpt-${id}` }))), used(1));
  }
  expect(ledger.snapshot().limits).toMatchObject([{ settled: 2500 }]);
});
