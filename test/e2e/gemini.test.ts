import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TokenUse } from '../../src/generated/report.generated.js';
import { venvPython } from '../hook/python/venv.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import { NODES, policyFor, PROGRAMS, runUnder } from './harness.js';

const ROOMY = 'limits: { tokens: 1M, cost_usd: 100 }';
const REFUSAL = '402 token-budget: this call alone could exceed a limit of the budget';

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

/** An upstream whose every answer states another usage, but for embeddings, which state none. */
async function countingUpstream(): Promise<Upstream> {
  let i = 0;
  const next = () => ({ input: 101 + 7 * (i += 1), output: 23 + 3 * i });
  const usage = ({ path }: { path: string }) => (path.includes('mbedContent') ? { input: 0, output: 0 } : next());
  upstream = await startUpstream({ usage });
  return upstream;
}

/** Runs a program of calls and compares the provider's books with ours; what embeds is counted here. */
async function metered(command: readonly string[], env: Record<string, string> = {}) {
  const { billed, origin } = await countingUpstream();
  const run = await runUnder(policyFor(origin, ROOMY), command, { env });
  expect(run.stderr).not.toContain('Traceback');
  expect(run.status, run.stdout + run.stderr).toBe(0);
  const { calls } = run.report;
  const reported = calls.filter((call) => call.usage_source === 'reported').map((call) => call.usage);
  const sum = (key: keyof TokenUse) => reported.reduce((total, use) => total + (use[key] ?? 0), 0);
  expect({ calls: calls.length, input: sum('input_tokens'), output: sum('output_tokens') }).toEqual(billed);
  const others = calls.filter((call) => call.usage_source !== 'reported');
  expect(others).toMatchObject([{ model: 'gemini-embedding-001', dialect: 'gemini', usage_source: 'estimated' }]);
  expect(others[0]?.usage).toMatchObject({ output_tokens: 0 });
  expect(others[0]?.usage.input_tokens).toBeGreaterThan(0);
  return { ...run, lines: run.stdout.trim().split('\n') };
}

/** Runs it where no call fits; only what is free of charge may reach the provider. */
async function refused(command: readonly string[], env: Record<string, string> = {}) {
  const { origin, seen } = await countingUpstream();
  const { report, stdout } = await runUnder(policyFor(origin, 'limits: { tokens: 10 }'), command, { env });
  const paths = seen.map(({ path }) => path.replace(/.*\//, ''));
  return { totals: report.totals, paths, lines: stdout.trim().split('\n') };
}

/** The newest needs Node 22; the one before it is the newest that runs on all. */
const PACKAGES = [
  ['@google/genai', NODES.filter(([name]) => name.startsWith('node'))],
  ['genai2', NODES],
] as const;

describe.each(PACKAGES)('%s', (CLIENT, nodes) => {
  const command = (node: string) => [node, join(PROGRAMS, 'gemini.mjs')];

  test.each(nodes)('on Node %s is metered to the token, by no code change', async (_, node) => {
    const { lines } = await metered(command(node), { CLIENT });
    expect(lines).toEqual([
      expect.stringMatching(/^generate Paris\. \d+$/),
      'stream Paris.',
      'chat Paris.',
      'embed 1',
      'count 5',
      expect.stringMatching(/^interaction \d+$/),
      'interaction stream Paris.',
      'vertex Paris.',
      'vertex stream Paris.',
    ]);
  });

  test.each(nodes.slice(0, 1))('on Node %s raises its own clear error after one attempt', async (_, node) => {
    const { lines, paths, totals } = await refused(command(node), { CLIENT });
    expect(lines).toEqual([
      ...['generate', 'stream', 'chat', 'embed'].map((call) => `${call} ApiError ${REFUSAL}`),
      'count 5',
      ...['interaction', 'interaction stream'].map((call) => `${call} APIError ${REFUSAL}`),
      ...['vertex', 'vertex stream'].map((call) => `${call} ApiError ${REFUSAL}`),
    ]);
    expect(paths).toEqual(['gemini-2.5-flash:countTokens']);
    expect(totals).toMatchObject({ calls: 0, refused: 8 });
  });
});

describe('google-genai and Anthropic’s client for Vertex', () => {
  let command: string[] = [];
  beforeAll(async () => {
    command = [await venvPython('newest'), join(PROGRAMS, 'gemini_sdk.py')];
  });

  test('are metered to the token, sync, async and streamed, by no code change', { timeout: 120_000 }, async () => {
    const { lines, report } = await metered(command);
    expect(lines).toEqual([
      expect.stringMatching(/^generate \d+$/),
      'stream Paris.',
      'embed 1',
      'count 5',
      expect.stringMatching(/^interaction \d+$/),
      'vertex Paris.',
      expect.stringMatching(/^claude \d+$/),
      'claude stream Paris.',
      'claude count 5',
      'async generate Paris.',
      'async stream Paris.',
    ]);
    const claude = report.calls.filter((call) => call.dialect === 'anthropic');
    expect(claude).toMatchObject([
      { provider: 'google', host: 'us-east5-aiplatform.googleapis.com', model: 'claude-sonnet-4-5@20250929' },
      { provider: 'google', host: 'us-east5-aiplatform.googleapis.com', model: 'claude-sonnet-4-5@20250929' },
    ]);
  });

  test('raise their own clear errors after one attempt', { timeout: 120_000 }, async () => {
    const { lines, paths, totals } = await refused(command);
    expect(lines).toEqual([
      ...['generate', 'stream', 'embed'].map((call) => `${call} ClientError ${REFUSAL}`),
      'count 5',
      `interaction APIStatusError ${REFUSAL}`,
      `vertex ClientError ${REFUSAL}`,
      ...['claude', 'claude stream'].map((call) => `${call} PaymentRequiredError ${REFUSAL}`),
      'claude count 5',
      ...['async generate', 'async stream'].map((call) => `${call} ClientError ${REFUSAL}`),
    ]);
    expect(paths).toEqual(['gemini-2.5-flash:countTokens', 'count-tokens:rawPredict']);
    expect(totals).toMatchObject({ calls: 0, refused: 9 });
  });
});
