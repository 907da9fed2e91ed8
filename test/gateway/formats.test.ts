/** What calls in the formats beside chat come to on the ledger: their bounds, their units, and the price of each part. */
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyRate, Upstream } from '../../src/domain/policy.js';
import type { Fees } from '../../src/domain/rate.js';
import { ask } from '../support/client.js';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Answer = string | Buffer | object;

/** A gateway before an upstream that gives one answer, whatever the host. */
async function before(host: string, answer: Answer, options: TestGatewayOptions = {}, type = 'application/json') {
  const raw = typeof answer === 'string' || Buffer.isBuffer(answer) ? answer : JSON.stringify(answer);
  const upstream = await startUpstream({
    intercept: (_, response) => {
      response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(raw) }).end(raw);
      return true;
    },
  });
  const forward: Upstream = { host, forwardTo: new URL(upstream.origin), ...options.upstreams?.[0] };
  const gateway = await startGateway({ ...options, upstreams: [forward] });
  open.push(gateway, upstream);
  return { upstream, gateway };
}

describe('an answer of several models costs what each of them does', () => {
  it('of Anthropic’s with an advisor and a compaction', async () => {
    const usage = { input_tokens: 1000, output_tokens: 100 };
    const iterations = [
      { type: 'message', ...usage },
      { type: 'compaction', input_tokens: 3000, output_tokens: 200 },
      { type: 'advisor_message', model: 'claude-opus-5', input_tokens: 2000, output_tokens: 10 },
    ];
    const model = 'claude-sonnet-4-6';
    const answer = { type: 'message', model, content: [], usage: { ...usage, iterations } };
    const { gateway } = await before('api.anthropic.com', answer);
    await gateway.post('/v1/messages', { model, messages: [], max_tokens: 100 }, {}, 'api.anthropic.com');
    // Sonnet at $3 and $15 for 4,000 and 300 tokens, Opus at $5 and $25 for 2,000 and 10.
    expect(gateway.settled()).toMatchObject([
      { usage: { input: 6000, output: 310 }, cost: 12_000_000 + 4_500_000 + 10_000_000 + 250_000 },
    ]);
  });

  it('of Groq’s compound', async () => {
    const counts = (input: number, output: number) => ({
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
    });
    const models = [
      { model: 'llama-3.3-70b-versatile', usage: counts(1000, 100) },
      { model: 'llama-3.1-8b-instant', usage: counts(2000, 100) },
    ];
    const answer = { model: 'groq/compound', choices: [], usage: counts(3000, 200), usage_breakdown: { models } };
    const { gateway } = await before('api.groq.com', answer);
    const asked = { model: 'groq/compound', messages: [], max_tokens: 9 };
    await gateway.post('/openai/v1/chat/completions', asked, {}, 'api.groq.com');
    // $0.59 and $0.79, $0.05 and $0.08.
    expect(gateway.settled()).toMatchObject([{ cost: 590_000 + 79_000 + 100_000 + 8_000, rate: 'table' }]);
  });

  it('unless the provider states what it cost', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 1, cost: 0.5, is_byok: false };
    const { gateway } = await before('openrouter.ai', { model: 'openai/gpt-4o', choices: [], usage });
    const asked = { model: 'openai/gpt-4o', messages: [], max_tokens: 9 };
    await gateway.post('/api/v1/chat/completions', asked, {}, 'openrouter.ai');
    expect(gateway.settled()).toMatchObject([{ cost: 500_000_000, rate: 'reported' }]);
  });
});

describe('Cohere', () => {
  it('counts for the limits what was read, and costs what is billed', async () => {
    const usage = {
      billed_units: { input_tokens: 1000, output_tokens: 100 },
      tokens: { input_tokens: 1500, output_tokens: 100 },
    };
    const { gateway } = await before('api.cohere.com', { id: 'c', finish_reason: 'COMPLETE', message: {}, usage });
    const asked = { model: 'command-a-03-2025', messages: [{ role: 'user', content: 'x' }] };
    await gateway.post('/v2/chat', asked, {}, 'api.cohere.com');
    expect(gateway.settled()).toMatchObject([{ usage: { input: 1500, output: 100 }, cost: 2_500_000 + 1_000_000 }]);
  });

  it('holds the search units that a rerank can take, and charges those that it took', async () => {
    const meta = { billed_units: { search_units: 1 } };
    const rates = [ratesOf('rerank-*', { searchUnits: 2e9 })];
    const { gateway } = await before('api.cohere.com', { id: 'r', results: [], meta }, { rates });
    const documents = Array.from({ length: 150 }, () => 'x');
    await gateway.post('/v2/rerank', { model: 'rerank-v3.5', query: 'q', documents }, {}, 'api.cohere.com');
    expect(gateway.reserved()).toMatchObject([{ hold: { cost: 4_000_000, output: 0 } }]);
    expect(gateway.settled()).toMatchObject([{ usage: { meters: { searchUnits: 1 } }, cost: 2_000_000 }]);
  });
});

describe('Ollama', () => {
  const local = { host: 'localhost:11434', dialect: 'ollama' } as const;
  const done = { model: 'llama3.2', response: 'three words more', done: true, done_reason: 'stop', eval_count: 9 };
  const post = (gateway: Awaited<ReturnType<typeof before>>['gateway'], path: string, body: object) =>
    ask({
      port: gateway.port,
      preamble: gateway.preamble('localhost', 'http', 11434),
      method: 'POST',
      path,
      headers: { host: 'localhost:11434' },
      body: JSON.stringify(body),
    });

  it('costs nothing on a machine of one’s own, and counts', async () => {
    const answer = { ...done, prompt_eval_count: 20 };
    const limits = [runLimit('cost_usd', 1), runLimit('tokens', 1e6)];
    const { upstream, gateway } = await before('localhost:11434', answer, { upstreams: [local], limits });
    const body = { model: 'llama3.2', prompt: 'x', stream: false, options: { seed: 7 } };
    expect((await post(gateway, '/api/generate', body)).status).toBe(200);
    expect(upstream.seen[0]?.body).toEqual({ ...body, options: { seed: 7, num_predict: 1000 } });
    expect(gateway.settled()).toMatchObject([{ usage: { input: 20, output: 9 }, cost: 0, source: 'reported' }]);
  });

  it('counts a prompt that was in the cache by its text', async () => {
    const { gateway } = await before('localhost:11434', done, { upstreams: [local] });
    await post(gateway, '/api/generate', { model: 'llama3.2', prompt: 'one two three', stream: false });
    expect(gateway.settled()).toMatchObject([{ usage: { output: 9 }, source: 'estimated' }]);
    expect(gateway.settled()[0]?.usage.input).toBeGreaterThanOrEqual(3);
  });

  it('streams lines, and is settled at the last', async () => {
    const lines = [
      { ...done, response: 'a', done: false },
      { ...done, response: '', prompt_eval_count: 5 },
    ];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { gateway } = await before('localhost:11434', text, { upstreams: [local] }, 'application/x-ndjson');
    const answered = await post(gateway, '/api/generate', { model: 'llama3.2', prompt: 'x' });
    expect(answered.text).toBe(text);
    expect(gateway.settled()).toMatchObject([{ usage: { input: 5, output: 9 }, source: 'reported' }]);
  });

  it('passes on what spends nothing', async () => {
    const { gateway } = await before('localhost:11434', {}, { upstreams: [local] });
    expect((await post(gateway, '/api/show', { model: 'llama3.2' })).status).toBe(200);
    expect(gateway.reserved()).toEqual([]);
  });
});

describe('speech and pictures', () => {
  it('speech is billed by the characters that were asked for, since its answer is sound', async () => {
    const sound = Buffer.from([0xff, 0xf3, 1, 2]);
    const rates = [ratesOf('tts-1*', { characters: 15e6 })];
    const { gateway } = await before('api.openai.com', sound, { rates }, 'audio/mpeg');
    const answered = await gateway.post('/v1/audio/speech', {
      model: 'tts-1',
      input: 'Lyon, s’il vous plaît',
      voice: 'a',
    });
    expect(answered.body.equals(sound)).toBe(true);
    expect(gateway.settled()).toMatchObject([
      { source: 'estimated', usage: { meters: { characters: 21 } }, cost: 21 * 15_000 },
    ]);
  });

  it('speech of a long text, too', async () => {
    const rates = [ratesOf('tts-1*', { characters: 15e6 })];
    const { gateway } = await before('api.openai.com', Buffer.from([1]), { rates }, 'audio/mpeg');
    await gateway.post('/v1/audio/speech', { model: 'tts-1', input: 'Lyon '.repeat(10_000), voice: 'a' });
    expect(gateway.settled()).toMatchObject([{ usage: { meters: { characters: 50_000 } } }]);
  });

  it('speech that is billed by tokens costs its hold, and the report says that it is no bound', async () => {
    const { gateway } = await before('api.openai.com', Buffer.from([1]), {}, 'audio/mpeg');
    await gateway.post('/v1/audio/speech', { model: 'gpt-4o-mini-tts', input: 'Lyon', voice: 'a' });
    expect(gateway.reserved()).toMatchObject([{ unbounded: 'media' }]);
    expect(gateway.settled()).toMatchObject([{ source: 'held', usage: { output: 16 } }]);
  });

  it('pictures without usage are billed each', async () => {
    const rates = [ratesOf('dall-e-3', { images: 4e10 })];
    const { gateway } = await before('api.openai.com', { data: [{ url: 'u' }, { url: 'v' }] }, { rates });
    await gateway.post('/v1/images/generations', { model: 'dall-e-3', prompt: 'x', n: 2 });
    expect(gateway.reserved()).toMatchObject([{ hold: { cost: 80_000_000 } }]);
    expect(gateway.settled()).toMatchObject([{ usage: { meters: { images: 2 } }, cost: 80_000_000 }]);
  });

  const form = (fields: readonly string[]) =>
    Buffer.from(
      `${fields.map((field) => `--b\r\ncontent-disposition: form-data; ${field}`).join('\r\n')}\r\n--b--\r\n`,
    );
  const recording = `name="file"; filename="a.mp3"\r\ncontent-type: audio/mpeg\r\n\r\n${'x'.repeat(8000)}`;
  const type = { 'content-type': 'multipart/form-data; boundary=b' };

  it('a recording is sent as it came, and billed by the seconds that its answer states', async () => {
    const answer = { text: 'Lyon.', usage: { type: 'duration', seconds: 3 } };
    const { upstream, gateway } = await before('api.openai.com', answer);
    const body = form(['name="model"\r\n\r\nwhisper-1', recording]);
    await gateway.post('/v1/audio/transcriptions', body, type);
    expect(upstream.seen[0]?.text).toBe(body.toString());
    expect(gateway.reserved()).toMatchObject([{ model: 'whisper-1', unbounded: 'media', hold: { cost: 400_000 } }]);
    expect(gateway.settled()).toMatchObject([{ usage: { meters: { seconds: 3 } }, cost: 300_000 }]);
  });

  it('a transcript that is plain text costs its hold', async () => {
    const { gateway } = await before('api.openai.com', 'WEBVTT', {}, 'text/vtt');
    const body = form(['name="model"\r\n\r\nwhisper-1', 'name="response_format"\r\n\r\nvtt', recording]);
    expect((await gateway.post('/v1/audio/transcriptions', body, type)).text).toBe('WEBVTT');
    expect(gateway.settled()).toMatchObject([{ source: 'held', cost: 400_000 }]);
  });

  it.each([
    ['a form that is cut off', '/v1/audio/transcriptions', form([recording]).subarray(0, 300)],
    ['a form where the format has none', '/v1/chat/completions', form(['name="model"\r\n\r\ngpt-4o'])],
  ])('%s is refused', async (_, path, body) => {
    const { upstream, gateway } = await before('api.openai.com', {});
    expect((await gateway.post(path, body, type)).headers['x-token-budget']).toBe('unmetered');
    expect(upstream.seen).toEqual([]);
  });
});

describe('Azure', () => {
  it('holds at the price that the policy names for a deployment, and charges at the answer’s model', async () => {
    const host = 'my.openai.azure.com';
    const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };
    const models = new Map([['my deployment', 'gpt-4o']]);
    const limits = [runLimit('cost_usd', 1e12)];
    const answer = { model: 'gpt-4o-mini-2024-07-18', choices: [], usage };
    const { gateway } = await before(host, answer, { upstreams: [{ host, models, provider: 'azure' }], limits });
    const path = '/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21';
    await gateway.post(path, { messages: [], max_tokens: 100 }, {}, host);
    expect(gateway.reserved()).toMatchObject([{ model: 'my deployment', rate: 'table' }]);
    expect(gateway.settled()).toMatchObject([{ model: 'gpt-4o-mini-2024-07-18', cost: 150_000 + 60_000 }]);
  });
});

function ratesOf(pattern: string, fees: Fees): PolicyRate {
  const rates = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, tiers: [] };
  return { pattern, card: { ...rates, fees, source: 'policy' } };
}
