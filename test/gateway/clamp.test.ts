/** `reserve.clamp`: a call that does not fit goes out with a lower output bound, where that can be written into it. */
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { COMPLETION, jsonBytes, startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function clamping(options: TestGatewayOptions) {
  const upstream = await startRaw((socket) => socket.write(jsonBytes(COMPLETION)));
  const gateway = await startGateway({ origin: upstream.origin, clamp: true, ...options });
  open.push(gateway, upstream);
  return { upstream, gateway };
}

const CHAT = '/v1/chat/completions';
const bodyOf = (request = '') => request.slice(request.indexOf('\r\n\r\n') + 4);

/** Requests of the formats, with a bound of 500 in all its spellings, and what they become with 100 tokens of output left. */
const WRITTEN: readonly (readonly [what: string, path: string, sent: string, became: string])[] = [
  [
    'max_tokens',
    CHAT,
    '{"model":"gpt-4o", "max_tokens":500, "seed":1}',
    '{"model":"gpt-4o", "max_tokens":100, "seed":1}',
  ],
  [
    'max_completion_tokens',
    CHAT,
    '{"max_completion_tokens":500,"model":"o3"}',
    '{"max_completion_tokens":100,"model":"o3"}',
  ],
  [
    'both, and only what is above',
    CHAT,
    '{"max_completion_tokens":500,"max_tokens":50,"model":"o3"}',
    '{"max_completion_tokens":100,"max_tokens":50,"model":"o3"}',
  ],
  [
    'a bound for each of two answers',
    CHAT,
    '{"model":"gpt-4o","n":2,"max_tokens":500}',
    '{"model":"gpt-4o","n":2,"max_tokens":50}',
  ],
  ['none', CHAT, '{"model":"gpt-4o"}', '{"max_completion_tokens":100,"model":"gpt-4o"}'],
  [
    'max_output_tokens',
    '/v1/responses',
    '{"model":"gpt-4o","input":"a","max_output_tokens":500}',
    '{"model":"gpt-4o","input":"a","max_output_tokens":100}',
  ],
];

describe('a request that is lowered', () => {
  it.each(WRITTEN)('where it states %s has that changed and nothing else', async (_, path, sent, became) => {
    const { upstream, gateway } = await clamping({ limits: [runLimit('output_tokens', 100)] });
    expect((await gateway.post(path, sent)).status).toBe(200);
    expect(bodyOf(upstream.requests[0])).toBe(became);
    const from = sent.includes('500') ? 500 : 1000;
    const outputBound = became.includes('"n":2') ? 50 : 100;
    expect(gateway.reserved()).toMatchObject([{ hold: { output: 100 }, outputBound, loweredFrom: from }]);
  });

  it('in the Anthropic format has its max_tokens lowered', async () => {
    const { upstream, gateway } = await clamping({ limits: [runLimit('output_tokens', 100)] });
    const body = '{"model":"claude-sonnet-4-5","max_tokens":500,"messages":[]}';
    await gateway.post('/v1/messages', body, {}, 'api.anthropic.com');
    expect(bodyOf(upstream.requests[0])).toBe(body.replace('500', '100'));
  });

  it('costs no more than is left', async () => {
    const { gateway } = await clamping({ limits: [runLimit('cost_usd', 1_000_000)] });
    await gateway.post(CHAT, { model: 'gpt-4o', max_tokens: 500 });
    const [reserved] = gateway.reserved();
    expect(reserved).toMatchObject({ loweredFrom: 500 });
    expect(reserved?.hold.cost).toBeLessThanOrEqual(1_000_000);
    expect(reserved?.hold.cost).toBeGreaterThan(980_000);
  });
});

describe('a request that states several bounds', () => {
  it('twice has both lowered', async () => {
    const { upstream, gateway } = await clamping({ limits: [runLimit('output_tokens', 100)] });
    await gateway.post(CHAT, '{"model":"gpt-4o","max_tokens":500,"max_tokens":50}');
    expect(bodyOf(upstream.requests[0])).toBe('{"model":"gpt-4o","max_tokens":50,"max_tokens":50}');
  });

  it('in the words of another server too is lowered no further than those', async () => {
    const { upstream, gateway } = await clamping({ limits: [runLimit('output_tokens', 100)] });
    expect((await gateway.post(CHAT, '{"model":"gpt-4o","max_tokens":500,"n_predict":400}')).status).toBe(402);
    await gateway.post(CHAT, '{"model":"gpt-4o","max_tokens":500,"n_predict":40}');
    expect(upstream.requests.map(bodyOf)).toEqual(['{"model":"gpt-4o","max_tokens":100,"n_predict":40}']);
  });
});

describe('a request is not lowered but refused', () => {
  const claude = { model: 'claude-sonnet-4-5', max_tokens: 5000, messages: [] };
  const thinking = { type: 'enabled', budget_tokens: 1024 };
  const picture = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }] }];
  it.each([
    ['where the policy does not say so', { clamp: false }, CHAT, { model: 'gpt-4o', max_tokens: 500 }, {}],
    ['below 16 tokens', { limits: [runLimit('output_tokens', 15)] }, CHAT, { model: 'gpt-4o', max_tokens: 500 }, {}],
    [
      'where it asks for less than that',
      { limits: [runLimit('output_tokens', 9)] },
      CHAT,
      { model: 'gpt-4o', max_tokens: 10 },
      {},
    ],
    [
      'where its bytes alone do not fit',
      { limits: [runLimit('tokens', 20)] },
      CHAT,
      { model: 'gpt-4o', max_tokens: 500 },
      {},
    ],
    ['where it has no bound that holds', {}, CHAT, { model: 'gpt-4o', max_tokens: 500, messages: picture }, {}],
    ['below the tokens that it thinks with', {}, '/v1/messages', { ...claude, thinking }, {}],
    [
      'where it is signed',
      {},
      CHAT,
      { model: 'gpt-4o', max_tokens: 500 },
      { authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/20261101/us-east-1/bedrock/aws4_request' },
    ],
  ])('%s', async (_, options, path, body, headers) => {
    const { upstream, gateway } = await clamping({ limits: [runLimit('output_tokens', 100)], ...options });
    const host = path === CHAT ? 'api.openai.com' : 'api.anthropic.com';
    expect((await gateway.post(path, body, headers, host)).status).toBe(402);
    expect(upstream.requests).toEqual([]);
  });
});

it('a call that was admitted by our own count, and whose usage stays unknown, is charged what it holds and no more', async () => {
  const counterFile = new URL('../../dist/counter/index.js', import.meta.url).pathname;
  const upstream = await startRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4711\r\n\r\n{');
    socket.destroy();
  });
  const gateway = await startGateway({
    ...{ origin: upstream.origin, counter: 'o200k_base', counterFile, limits: [runLimit('tokens', 800)] },
  });
  open.push(gateway, upstream);
  const content = 'What is the capital of France? '.repeat(40);
  await gateway
    .post(CHAT, { model: 'gpt-4o', max_tokens: 100, messages: [{ role: 'user', content }] })
    .catch(() => undefined);
  await gateway.idle();
  const [reserved] = gateway.reserved();
  expect(reserved?.hold.input).toBeLessThan(700);
  expect(gateway.settled()).toMatchObject([{ source: 'held', usage: { input: reserved?.hold.input, output: 100 } }]);
  expect(gateway.ledger.snapshot().settled.tokens).toBeLessThanOrEqual(800);
});
