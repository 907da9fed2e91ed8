import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startUpstream, type Upstream, type UpstreamOptions } from '../support/upstream.js';
import { policyFor, PROGRAMS, runUnder } from './harness.js';

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

async function withUpstream(options: UpstreamOptions): Promise<Upstream> {
  upstream = await startUpstream(options);
  return upstream;
}

const PARALLEL = join(PROGRAMS, 'parallel.mjs');

/** Every call uses 150 tokens and may use up to 60 of output besides the bytes of its prompt. */
const USAGE = { usage: () => ({ input: 100, output: 50 }), delayMs: 30 };

test.each(['openai', 'openai4'])(
  '200 calls at once by %s and a limit worth 50: never past it, nearly all of it used, one attempt a refused call',
  async (client) => {
    const { origin, seen, billed } = await withUpstream(USAGE);
    const run = await runUnder(policyFor(origin, 'limits: { tokens: 7_500 }'), [process.execPath, PARALLEL, '200'], {
      env: { CLIENT: client },
    });
    const used = billed.input + billed.output;
    expect(used).toBeLessThanOrEqual(7_500);
    expect(used).toBeGreaterThanOrEqual(7_500 * 0.95);
    expect(run.report.totals).toMatchObject({ calls: billed.calls, total_tokens: used, refused: 200 - billed.calls });
    // One request for each call that was admitted and none for the refused: nothing was tried again.
    expect(seen).toHaveLength(billed.calls);
    expect(JSON.parse(run.stdout)).toEqual({ ok: billed.calls, '402 token_budget_exceeded': 200 - billed.calls });
    expect(run.status).toBe(3);
  },
);

test('raise fails the run although the command swallowed every error and ended with 0', async () => {
  const { origin } = await withUpstream(USAGE);
  const run = await runUnder(policyFor(origin, 'limits: { calls: 2 }'), [process.execPath, PARALLEL, '5']);
  expect(run.report.command.exit_code).toBe(0);
  expect(run.status).toBe(3);
  expect(run.report.verdict).toBe('exceeded');
  expect(run.report.totals).toMatchObject({ calls: 2, refused: 3 });
});

test('warn lets everything through, ends green, and the report names the breach', async () => {
  const { origin, billed } = await withUpstream(USAGE);
  const policy = policyFor(origin, 'limits: { tokens: 300 }\non_exceed: warn');
  const run = await runUnder(policy, [process.execPath, PARALLEL, '10']);
  expect(run.status).toBe(0);
  expect(billed.calls).toBe(10);
  expect(run.report.verdict).toBe('exceeded');
  expect(run.report.limits).toMatchObject([{ dimension: 'tokens', ceiling: 300, used: 1_500, exceeded: true }]);
  expect(run.stderr).toMatch(/over budget/i);
});

test('halt ends the command at its first refusal and keeps what it had printed and spent', async () => {
  const { origin, billed } = await withUpstream(USAGE);
  const policy = policyFor(origin, 'limits: { calls: 3 }\non_exceed: halt');
  const started = Date.now();
  const run = await runUnder(policy, [process.execPath, join(PROGRAMS, 'rows.mjs'), '1000']);
  expect(Date.now() - started).toBeLessThan(20_000);
  expect(run.stdout).toContain('row 3 ok');
  expect(run.stdout).not.toContain('row 10 ');
  expect(billed.calls).toBe(3);
  expect(run.report).toMatchObject({ verdict: 'exceeded', totals: { calls: 3 }, command: { signal: 'SIGINT' } });
  expect(run.status).toBe(3);
});

test('a cost limit holds by the built-in prices, and the report prints their date', async () => {
  // gpt-4o: $2.50 and $10 a million, so a call of 100 and 50 tokens costs $0.00075.
  const { origin, billed } = await withUpstream(USAGE);
  const run = await runUnder(policyFor(origin, 'limits: { cost_usd: 0.005 }'), [process.execPath, PARALLEL, '20']);
  expect(run.report.totals.cost_nano_usd).toBe(billed.calls * 750_000);
  expect(run.report.totals.cost_nano_usd).toBeLessThanOrEqual(5_000_000);
  expect(billed.calls).toBeGreaterThanOrEqual(5);
  expect(run.report.prices.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(run.markdown).toContain(run.report.prices.date);
});

test("a model's own limit stops that model only", async () => {
  const { origin } = await withUpstream(USAGE);
  const policy = policyFor(origin, 'limits: { calls: 100, models: { "claude-*": { calls: 1 } } }');
  const run = await runUnder(policy, [process.execPath, join(PROGRAMS, 'two-models.mjs')]);
  expect(run.stdout.trim().split('\n')).toEqual([
    'gpt-4o 200',
    'claude-sonnet-4-5 200',
    'claude-sonnet-4-5 402',
    'gpt-4o 200',
  ]);
  expect(run.report.limits.find(({ scope }) => scope === 'models.claude-*')).toMatchObject({ used: 1, exceeded: true });
});

test('a model without a price is refused under a cost limit, unless the policy says otherwise', async () => {
  const { origin, billed } = await withUpstream(USAGE);
  const ask = [process.execPath, join(PROGRAMS, 'ask.mjs'), 'my-own-model'];
  const refused = await runUnder(policyFor(origin, 'limits: { cost_usd: 1 }'), ask);
  expect(refused.stdout).toContain('402');
  expect(refused.stdout).toContain('no price is known');
  expect(refused).toMatchObject({ status: 3, report: { totals: { refused: 1 } } });
  expect(billed.calls).toBe(0);
  const warned = await runUnder(policyFor(origin, 'limits: { cost_usd: 1 }\nunpriced: warn'), ask);
  expect(warned).toMatchObject({ status: 0, report: { totals: { calls: 1, cost_usd: '0.00' } } });
  expect(warned.report.unpriced).toHaveLength(1);
  const priced = await runUnder(policyFor(origin, 'limits: { cost_usd: 1 }\ncost_per_1k_tokens: 0.03'), ask);
  expect(priced.report.totals.cost_usd).toBe('0.0045');
});
