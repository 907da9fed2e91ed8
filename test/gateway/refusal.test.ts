/** A refused call reaches no upstream, and its answer makes no client or harness try again. */
import { afterEach, describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/domain/call.js';
import type { Limit } from '../../src/domain/limit.js';
import { runLimit, startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream, type Upstream } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 100 };

interface Case {
  readonly reason: RefusalReason;
  readonly options: TestGatewayOptions;
  readonly body?: object;
  readonly path?: string;
  /** Done before the call that is refused. */
  readonly first?: (gateway: TestGateway) => unknown;
}

const perCall: Limit = { dimension: 'tokens', ceiling: 50, scope: { kind: 'call' }, at: 'token-budget.yml:2:3' };

const CASES: readonly Case[] = [
  { reason: 'call_too_large', options: { limits: [perCall] } },
  {
    reason: 'exhausted',
    options: { limits: [runLimit('calls', 1)] },
    first: (gateway) => gateway.post('/v1/chat/completions', CHAT),
  },
  {
    reason: 'held',
    options: { limits: [runLimit('calls', 1)], waitMs: 20 },
    first: (gateway) => void gateway.post('/v1/chat/completions', { ...CHAT, model: 'slow' }).catch(() => undefined),
  },
  { reason: 'unpriced', options: { limits: [runLimit('cost_usd', 1e9)] }, body: { ...CHAT, model: 'no-such-model' } },
  { reason: 'unmetered', options: {}, path: '/v1/batches' },
  {
    reason: 'stopped',
    options: {},
    first: (gateway) => {
      gateway.ledger.stop();
    },
  },
];

async function refused({ options, body = CHAT, path, first }: Case, host: string, standard: string) {
  const upstream = await startUpstream({ intercept: (seen) => seen.body.model === 'slow' });
  const gateway = await startGateway({ origin: upstream.origin, ...options });
  open.push(gateway, upstream);
  await first?.(gateway);
  while (gateway.ledger.snapshot().inFlight === 0 && options.waitMs) await new Promise(setImmediate);
  const sent = gateway.reserved().length;
  const answered = await gateway.post(path ?? standard, body, {}, host);
  expect(gateway.reserved()).toHaveLength(sent);
  return { upstream, gateway, answered };
}

/** What evaluation harnesses take for a reason to try again, or to blame something else. */
const MISLEADING = /\d|rate.?limit|quota exceeded|too many|context.?length|timed? ?out|overloaded|retry/i;

describe.each(CASES.map((each) => [each.reason, each] as const))('a call refused as %s', (reason, each) => {
  it.each([
    ['api.openai.com', '/v1/chat/completions', 'openai'],
    ['api.openai.com', '/v1/responses', 'openai'],
    ['api.openai.com', '/v1/embeddings', 'openai'],
    ['api.anthropic.com', '/v1/messages', 'anthropic'],
  ])('at %s%s is answered by a 402 of its own shape and reaches no upstream', async (host, path, shape) => {
    const { upstream, gateway, answered } = await refused(each, host, path);
    expect(answered.status).toBe(402);
    expect(answered.headers).toMatchObject({
      'x-should-retry': 'false',
      'x-token-budget': reason,
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    expect(answered.headers['retry-after']).toBeUndefined();
    const json = JSON.parse(answered.text) as { type?: string; error: { message: string; type: string } };
    expect(json.error.message).toMatch(/^token-budget: .*not sent/);
    expect(json.error.type).toBe(shape === 'anthropic' ? 'billing_error' : 'insufficient_quota');
    expect(json.type).toBe(shape === 'anthropic' ? 'error' : undefined);
    expect(answered.text).not.toMatch(MISLEADING);
    expect(gateway.refused().at(-1)).toMatchObject({ reason, host });
    expect(upstream.seen.length).toBe(gateway.reserved().length);
  });
});

describe('what has no format that we know is refused', () => {
  it.each([
    ['api.anthropic.com', { type: 'error', error: { type: 'billing_error' } }],
    ['api.mistral.ai', { object: 'error', type: 'token_budget_unmetered', code: '402' }],
    ['openrouter.ai', { error: { code: 402 } }],
    ['api.groq.com', { error: { code: 'token_budget_unmetered' } }],
    ['api.cohere.com', { id: 'token-budget', message: expect.stringMatching(/^token-budget: /) as string }],
    ['ollama.com', { error: expect.stringMatching(/^token-budget: /) as string }],
  ])('in the shape of its provider: %s', async (host, shape) => {
    const gateway = await startGateway();
    open.push(gateway);
    const answered = await gateway.post('/v1/batches', {}, {}, host);
    expect(answered.status).toBe(402);
    expect(JSON.parse(answered.text)).toMatchObject(shape);
  });
});

describe('the numbers of a refusal', () => {
  it('stand in headers', async () => {
    const options = { limits: [runLimit('calls', 1)] };
    const first = (gateway: TestGateway) => gateway.post('/v1/chat/completions', CHAT);
    const { answered } = await refused(
      { reason: 'exhausted', options, first },
      'api.openai.com',
      '/v1/chat/completions',
    );
    expect(answered.headers).toMatchObject({
      'x-token-budget-limit': 'run calls',
      'x-token-budget-ceiling': '1',
      'x-token-budget-settled': '1',
      'x-token-budget-held': '0',
    });
  });
});

describe('what cannot be metered', () => {
  const paths = ['/v1/batches', '/v1/fine_tuning/jobs', '/v1/videos', '/v1/realtime/sessions', '/v1/unheard-of'];
  const upload = { method: 'POST', path: '/v1/images/edits', body: Buffer.alloc(5_000_000) };

  it.each(paths)('is refused: %s', async (path) => {
    const { upstream, answered } = await refused({ reason: 'unmetered', options: {}, path }, 'api.openai.com', path);
    expect(answered.status).toBe(402);
    expect(upstream.seen).toEqual([]);
  });

  it.each(paths)('passes under warn, with a notice: %s', async (path) => {
    const upstream = await startUpstream();
    const gateway = await startGateway({ origin: upstream.origin, onExceed: 'warn' });
    open.push(gateway, upstream);
    const answered = await gateway.post(path, { a: 1 });
    expect(answered.status).toBe(404);
    expect(upstream.seen.map((seen) => [seen.path, seen.text])).toEqual([[path, '{"a":1}']]);
    expect(gateway.notices).toEqual([expect.stringMatching(/^unmetered: .*api\.openai\.com/)]);
  });

  it('is a call whose body is no JSON object', async () => {
    for (const body of ['[]', 'null', '{"model":', 'model=gpt-4o', '']) {
      const { upstream, gateway, answered } = await refused(
        { reason: 'unmetered', options: {} },
        'api.openai.com',
        '/v1/models/x',
      );
      expect(answered.status).toBe(402);
      expect((await gateway.post('/v1/chat/completions', body)).headers['x-token-budget']).toBe('unmetered');
      expect(upstream.seen).toEqual([]);
    }
  });

  it('is a request that a server may take for one of another method', async () => {
    const upstream = await startUpstream();
    const gateway = await startGateway({ origin: upstream.origin });
    open.push(gateway, upstream);
    const headers = { 'x-http-method-override': 'POST' };
    expect((await gateway.request({ path: '/v1/chat/completions', headers })).status).toBe(402);
    expect(upstream.seen).toEqual([]);
  });

  it('is answered only after a large upload was taken in, so that its client gets to read why', async () => {
    const upstream = await startUpstream();
    const gateway = await startGateway({ origin: upstream.origin });
    open.push(gateway, upstream);
    expect((await gateway.request(upload)).status).toBe(402);
  });
});

describe('a model without a price', () => {
  const options: TestGatewayOptions = { limits: [runLimit('cost_usd', 1e9)], unpriced: 'warn' };

  it('passes with a notice where the policy says so', async () => {
    const upstream: Upstream = await startUpstream();
    const gateway = await startGateway({ origin: upstream.origin, ...options });
    open.push(gateway, upstream);
    expect((await gateway.post('/v1/chat/completions', { ...CHAT, model: 'no-such-model' })).status).toBe(200);
    expect(gateway.notices).toEqual([expect.stringMatching(/^unpriced: .*no-such-model/)]);
    expect(gateway.settled()).toMatchObject([{ cost: 0, usage: { input: 100, output: 50 } }]);
  });
});
