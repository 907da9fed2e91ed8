/** Clients try again by themselves: each attempt is a call of its own to the ledger, and only the one that worked costs. */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readJournal } from '../../src/ledger/journal.js';
import { startRaw } from '../support/raw.js';
import { startUpstream, type Seen } from '../support/upstream.js';
import { policyFor, PROGRAMS, runUnder } from './harness.js';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

const PARALLEL = [process.execPath, join(PROGRAMS, 'parallel.mjs')];

/** An upstream that answers a client's first attempts by errors of these statuses, and the next one well. */
async function stormy(statuses: readonly number[]) {
  const upstream = await startUpstream({
    intercept: (seen, response) => {
      const status = statuses[attemptOf(seen)];
      if (status === undefined) return false;
      const headers = { 'content-type': 'application/json', 'retry-after-ms': '1' };
      response.writeHead(status, headers).end('{"error":{"message":"busy","type":"server_error"}}');
      return true;
    },
  });
  open.push(upstream);
  return upstream;
}

const attemptOf = ({ headers }: Seen) => Number(headers['x-stainless-retry-count']);

function reservedIn(directory: string): number {
  const entries = readJournal(directory);
  return entries.filter(({ event }) => event === 'reserve').length;
}

describe('a storm of errors from the provider', () => {
  test.each<[string, number, number]>([
    ['openai', 429, 503],
    ['openai4', 503, 529],
  ])('that %s outlasts by its third attempt (%i, %i) takes no room from the limit', async (CLIENT, ...statuses) => {
    const { origin, seen, billed } = await stormy(statuses);
    const policy = policyFor(origin, 'limits: { calls: 20 }');
    const run = await runUnder(policy, [...PARALLEL, '20'], { env: { CLIENT } });
    expect(JSON.parse(run.stdout)).toEqual({ ok: 20 });
    expect(seen).toHaveLength(60);
    expect(reservedIn(run.directory)).toBe(60);
    expect(billed.calls).toBe(20);
    expect(run.report.totals).toMatchObject({ calls: 20, voided: 40, refused: 0, total_tokens: 3_000 });
    const voided = run.report.calls.filter(({ outcome }) => outcome === 'voided').map(({ status }) => status);
    expect(voided.sort()).toEqual([...statuses].sort().flatMap((status) => Array<number>(20).fill(status)));
    expect(run.status).toBe(0);
  });

  test('that does not end costs nothing, and the client has its last error', async () => {
    const { origin, seen } = await stormy(Array<number>(9).fill(503));
    const run = await runUnder(policyFor(origin, 'limits: { calls: 4 }'), [...PARALLEL, '4']);
    expect(JSON.parse(run.stdout)).toEqual({ '503 undefined': 4 });
    expect(seen).toHaveLength(12);
    expect(run.report).toMatchObject({ verdict: 'within', totals: { calls: 0, voided: 12, total_tokens: 0 } });
  });

  test('passes no limit that the calls behind it reach', async () => {
    const { origin, billed } = await stormy([429]);
    const run = await runUnder(policyFor(origin, 'limits: { calls: 5 }'), [...PARALLEL, '20']);
    expect(JSON.parse(run.stdout)).toEqual({ ok: 5, '402 token_budget_exceeded': 15 });
    expect(billed.calls).toBe(5);
    expect(run.report.totals).toMatchObject({ calls: 5, refused: 15 });
  });
});

test('a provider that resets each attempt after it was sent has each charged at its hold: nobody knows what it billed', async () => {
  const upstream = await startRaw((socket) => socket.resetAndDestroy());
  open.push(upstream);
  const run = await runUnder(policyFor(upstream.origin, 'limits: { calls: 100 }'), [...PARALLEL, '2']);
  expect(JSON.parse(run.stdout)).toEqual({ '502 undefined': 2 });
  expect(upstream.requests).toHaveLength(6);
  expect(run.report.totals).toMatchObject({ calls: 6, voided: 0 });
  for (const { usage, hold, usage_source } of run.report.calls) {
    expect(usage_source).toBe('held');
    expect(usage).toMatchObject({ input_tokens: hold.input_tokens, output_tokens: 60 });
  }
});
