import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { venvPython } from '../hook/python/venv.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import { NODES, policyFor, PROGRAMS, runUnder } from './harness.js';

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

/** An upstream whose every answer states another usage, so that no two sums agree by chance. */
async function countingUpstream(gzip = false): Promise<Upstream> {
  let i = 0;
  upstream = await startUpstream({ gzip, usage: () => ({ input: 101 + 7 * (i += 1), output: 23 + 3 * i }) });
  return upstream;
}

const ROOMY = 'limits: { tokens: 1M, cost_usd: 100 }';

async function metered(command: readonly string[], env: Record<string, string> = {}, gzip = false) {
  const { billed, origin, seen } = await countingUpstream(gzip);
  const run = await runUnder(policyFor(origin, ROOMY), command, { env });
  expect(run.stderr).not.toContain('Traceback');
  expect(run.status, run.stdout + run.stderr).toBe(0);
  const { calls, input_tokens, output_tokens } = run.report.totals;
  expect({ calls, input: input_tokens, output: output_tokens }).toEqual(billed);
  expect(run.report.calls.every((call) => call.usage_source === 'reported')).toBe(true);
  return { ...run, seen, billed };
}

test.each(NODES)('openai (newest) on Node %s is metered to the token, by no code change', async (_, node) => {
  const { stdout, billed } = await metered([node, join(PROGRAMS, 'openai.mjs')]);
  expect(billed.calls).toBe(6);
  expect(stdout).toContain('chat Paris.');
  expect(stdout).toContain('chat stream Paris. 4');
  expect(stdout).toContain('responses stream Paris.');
});

test('openai 4, over node:http, is metered to the token', async () => {
  const { stdout, billed } = await metered([process.execPath, join(PROGRAMS, 'openai.mjs')], { CLIENT: 'openai4' });
  expect(billed.calls).toBe(6);
  expect(stdout).toContain('chat stream Paris. 4');
});

test('compressed answers are metered as well, and reach the client', async () => {
  const { stdout, seen } = await metered([process.execPath, join(PROGRAMS, 'openai.mjs')], {}, true);
  expect(seen.some(({ headers }) => String(headers['accept-encoding']).includes('gzip'))).toBe(true);
  expect(stdout).toContain('embeddings 2');
});

test.each(NODES)('@anthropic-ai/sdk on Node %s is metered to the token', async (_, node) => {
  const { stdout, billed } = await metered([node, join(PROGRAMS, 'anthropic.mjs')]);
  expect(billed.calls).toBe(2);
  expect(stdout).toContain('messages stream Paris.');
});

test.each(['newest', 'older'] as const)(
  'the Python clients (%s) are metered to the token, sync, async and streamed',
  async (set) => {
    const python = await venvPython(set);
    const openai = await metered([python, join(PROGRAMS, 'openai_sdk.py')]);
    expect(openai.stdout).toContain('async chat stream Paris.');
    expect(openai.billed.calls).toBe(6);
    upstream?.close();
    const anthropic = await metered([python, join(PROGRAMS, 'anthropic_sdk.py')]);
    expect(anthropic.stdout).toContain('async messages stream Paris.');
    expect(anthropic.billed.calls).toBe(4);
  },
);

test('requests and aiohttp by themselves are metered to the token', async () => {
  const { stdout, billed } = await metered([await venvPython('newest'), join(PROGRAMS, 'raw_http.py')]);
  expect(billed.calls).toBe(4);
  // Five pieces of an answer and its end; the usage chunk that was asked for on their behalf is not among them.
  expect(stdout).toContain('requests stream 5');
  expect(stdout).toContain('aiohttp stream 5');
});

test('each client raises its own clear error for a refused call, after one attempt, and none reaches the provider', async () => {
  const { origin, seen } = await countingUpstream();
  const command = [await venvPython('newest'), join(PROGRAMS, 'refused.py')];
  const { stdout, status, report } = await runUnder(policyFor(origin, 'limits: { tokens: 10 }'), command);
  expect(stdout.trim().split('\n')).toEqual([
    'openai 402 APIStatusError False',
    'openai stream 402 APIStatusError False',
    'anthropic 402 PaymentRequiredError False',
    'requests 402',
    'aiohttp 402',
    'openai async 402',
  ]);
  expect(seen).toEqual([]);
  expect(report.totals).toMatchObject({ calls: 0, refused: 6 });
  expect(status).toBe(3);
});
