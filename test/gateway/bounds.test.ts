/** What a call holds is at least what it can be billed, whatever the request looks like; what was billed above is told. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { getEncoding } from 'js-tiktoken';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { jsonBytes, startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

let counterFile: string;
beforeAll(async () => {
  counterFile = join(mkdtempSync(join(tmpdir(), 'counter-')), 'worker.mjs');
  const entry = join(import.meta.dirname, '..', '..', 'src', 'meter', 'counter-worker.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: counterFile });
  expect((await readFile(counterFile)).length).toBeGreaterThan(0);
});

/** A gateway before an upstream that bills so much input. */
async function billing(prompt: number, options: TestGatewayOptions = {}) {
  const usage = { prompt_tokens: prompt, completion_tokens: 5, total_tokens: prompt + 5 };
  const answer = { id: 'chatcmpl-1', choices: [{ message: { content: 'x' } }], usage };
  const upstream = await startRaw((socket) => socket.write(jsonBytes(answer)));
  const upstreams = ['api.openai.com', 'api.anthropic.com', 'api.x.ai', 'own.example'].map((host) => ({
    host,
    forwardTo: new URL(upstream.origin),
    ...(host === 'api.x.ai' && { provider: 'x-ai' }),
  }));
  const gateway = await startGateway({ upstreams, counterFile, ...options });
  open.push(gateway, upstream);
  return gateway;
}

const chat = (content: string, more: object = {}) => ({
  model: 'gpt-4-turbo',
  max_tokens: 10,
  messages: [{ role: 'user', content }],
  ...more,
});
const CHAT = '/v1/chat/completions';
const HINDI = 'भारत की राजधानी नई दिल्ली है और यह एक बहुत बड़ा शहर है। '.repeat(20);

describe('where the bytes do not fit', () => {
  it('a call to OpenAI’s own model is held by the tokenizer that it is billed by', async () => {
    const tokens = getEncoding('cl100k_base').encode(HINDI).length;
    const gateway = await billing(tokens + 7, { limits: [runLimit('tokens', tokens + 400)] });
    expect((await gateway.post(CHAT, chat(HINDI))).status).toBe(200);
    const [{ hold } = { hold: { input: 0 } }] = gateway.reserved();
    expect(hold.input).toBeGreaterThanOrEqual(tokens + 7);
    expect(hold.input).toBeLessThan(tokens + 400);
    expect(gateway.notices).toEqual([]);
  });

  it.each([
    ['another maker’s model', 'api.x.ai', 'grok-4'],
    ['a model that tiktoken does not list', 'api.openai.com', 'gpt-9'],
    ['a server of one’s own, whatever it calls its model', 'own.example', 'gpt-4o'],
  ])('no count stands in for them: %s', async (_, host, model) => {
    const bytes = Buffer.byteLength(JSON.stringify(chat(HINDI, { model })));
    const gateway = await billing(100, { limits: [runLimit('tokens', bytes)] });
    expect((await gateway.post(CHAT, chat(HINDI, { model }), {}, host)).status).toBe(402);
    expect(gateway.refused()).toMatchObject([{ reason: 'call_too_large' }]);
  });
});

it('bytes that are no text are not counted: each would be read as a character of three', async () => {
  const [start, end] = JSON.stringify(chat('SPLIT', { model: 'gpt-4o' })).split('SPLIT') as [string, string];
  const body = Buffer.concat([Buffer.from(start), Buffer.alloc(5_000, 0xff), Buffer.from(end)]);
  const gateway = await billing(10, { limits: [runLimit('tokens', 3_000)] });
  expect((await gateway.post(CHAT, body)).status).toBe(402);
  expect(gateway.reserved()).toEqual([]);
});

describe('what was billed above its hold', () => {
  it('raises the hold of later calls to the model, and is told', async () => {
    const gateway = await billing(1_000);
    for (const text of ['hello', 'hello', 'hello']) await gateway.post(CHAT, chat(text));
    const [first = 0, second = 0, third = 0] = gateway.reserved().map(({ hold }) => hold.input);
    expect(first).toBeLessThan(1_000);
    expect([second >= 1_000, third]).toEqual([true, second]);
    expect(gateway.notices).toEqual([expect.stringMatching(/^above_hold: gpt-4-turbo at api\.openai\.com was billed/)]);
  });

  it('keeps a budget: the calls that follow are refused where they may pass it', async () => {
    const gateway = await billing(1_000, { limits: [runLimit('tokens', 2_300)] });
    const statuses = [];
    for (const text of ['a', 'b', 'c', 'd']) statuses.push((await gateway.post(CHAT, chat(text))).status);
    expect(statuses).toEqual([200, 200, 402, 402]);
  });

  it('leaves other models alone, and calls that nothing bounds', async () => {
    const gateway = await billing(1_000);
    await gateway.post(CHAT, chat('hello', { web_search_options: {} }));
    await gateway.post(CHAT, chat('hello'));
    await gateway.post(CHAT, chat('hello', { model: 'gpt-4o' }));
    const [, second = 0, other = 0] = gateway.reserved().map(({ hold }) => hold.input);
    expect([second < 1_000, other < 1_000]).toEqual([true, true]);
  });
});

describe('a request that a server may read otherwise', () => {
  it.each([
    ['the same member twice, the larger first', '{"model":"gpt-4o","messages":[],"max_tokens":5000,"max_tokens":5}'],
    ['a number as text', '{"model":"gpt-4o","messages":[],"max_tokens":"5000"}'],
    ['a bound in another server’s words', '{"model":"gpt-4o","messages":[],"max_tokens":5,"n_predict":5000}'],
    ['nothing but such a bound', '{"model":"gpt-4o","messages":[],"n_predict":5000}'],
  ])('holds for the larger reading: %s', async (_, body) => {
    const gateway = await billing(10, { limits: [runLimit('tokens', 100_000)] });
    await gateway.post(CHAT, body);
    expect(gateway.reserved()).toMatchObject([{ hold: { output: 5_000 } }]);
    expect(gateway.reserved()[0]).not.toHaveProperty('unbounded');
  });

  it.each([
    [
      'two models',
      '{"model":"gpt-4o-mini","model":"gpt-4o","messages":[],"max_tokens":5}',
      'a member that is stated twice',
    ],
    ['an endless bound beside a real one', '{"model":"m","messages":[],"max_tokens":5,"n_predict":-1}', /means none/],
    ['a bound of 0 in a chat', '{"model":"m","messages":[],"max_tokens":0}', /bound of 0/],
  ])('is marked where no reading is the larger: %s', async (_, body, reason) => {
    const gateway = await billing(10, { limits: [runLimit('tokens', 100_000)] });
    await gateway.post(CHAT, body);
    expect(gateway.reserved()[0]?.unbounded).toMatch(reason);
  });

  it('is sent with its 0 where it asks for log-likelihoods of its own prompt', async () => {
    const gateway = await billing(10, { limits: [runLimit('tokens', 1_000)] });
    const body = { model: 'llama', prompt: 'The quick brown fox', max_tokens: 0, echo: true, logprobs: 1 };
    expect((await gateway.post('/v1/completions', body, {}, 'own.example')).status).toBe(200);
    expect(gateway.reserved()).toMatchObject([{ hold: { output: 0 } }]);
  });
});

describe('the rate of a cache', () => {
  const claude = (block: object) => ({
    model: 'claude-opus-4-5',
    max_tokens: 10,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'x', ...block }] }],
  });

  it.each([
    ['nothing is written', {}, 5],
    ['for five minutes', { cache_control: { type: 'ephemeral' } }, 6.25],
    ['for an hour', { cache_control: { type: 'ephemeral', ttl: '1h' } }, 10],
    ['for longer than is known', { cache_control: { type: 'ephemeral', ttl: '24h' } }, 10],
  ])('is held as the request can write it at Anthropic: %s', async (_, block, usd) => {
    const gateway = await billing(10, { limits: [runLimit('cost_usd', 1e9)] });
    await gateway.post('/v1/messages', claude(block), {}, 'api.anthropic.com');
    const [{ hold } = { hold: { input: 1, output: 0, cost: 0 } }] = gateway.reserved();
    expect((hold.cost - hold.output * 25_000) / hold.input).toBeCloseTo(usd * 1_000, 0);
  });

  it('is the dearest behind a proxy, which may ask for more than its client', async () => {
    const gateway = await billing(10, { limits: [runLimit('cost_usd', 1e9)] });
    await gateway.post('/v1/messages', claude({}), {}, 'own.example');
    const [{ hold } = { hold: { input: 1, output: 0, cost: 0 } }] = gateway.reserved();
    expect((hold.cost - hold.output * 25_000) / hold.input).toBeCloseTo(10_000, 0);
  });
});
