/** An answer of nothing is not free: usage of zeros, a total alone, a success that brings nothing of its format. */
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway } from '../support/gateway.js';
import { jsonBytes, startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'one two three' }], max_tokens: 100 };
const MESSAGE = { ...CHAT, model: 'claude-sonnet-4-5' };
const RESPONSE = { model: 'gpt-4o', input: 'one two three', max_output_tokens: 100 };
const CONVERSE = { messages: [{ role: 'user', content: [{ text: 'one' }] }], inferenceConfig: { maxTokens: 100 } };
const GENERATE = { contents: [{ parts: [{ text: 'one' }] }], generationConfig: { maxOutputTokens: 100 } };

const FORMATS = {
  chat: ['api.openai.com', '/v1/chat/completions', CHAT],
  messages: ['api.anthropic.com', '/v1/messages', MESSAGE],
  responses: ['api.openai.com', '/v1/responses', RESPONSE],
  embeddings: ['api.openai.com', '/v1/embeddings', { model: 'text-embedding-3-small', input: 'one two three' }],
  gemini: ['generativelanguage.googleapis.com', '/v1beta/models/gemini-2.5-flash:generateContent', GENERATE],
  converse: ['bedrock-runtime.us-east-1.amazonaws.com', '/model/amazon.nova-lite-v1%3A0/converse', CONVERSE],
} as const;

async function ask(format: keyof typeof FORMATS, answer: string, more: object = {}) {
  const [host, path, body] = FORMATS[format];
  const upstream = await startRaw((socket) => socket.write(answer));
  const gateway = await startGateway({ origin: upstream.origin, limits: [runLimit('tokens', 1e6)] });
  open.push(gateway, upstream);
  await gateway.post(path, { ...body, ...more }, {}, host);
  await gateway.idle();
  expect(gateway.failures).toEqual([]);
  const [held] = gateway.reserved();
  const [settled] = gateway.settled();
  if (!held || !settled) throw new Error('the call was not settled');
  return { hold: held.hold, settled, total: settled.usage.input + settled.usage.output };
}

const said = (content: string) => ({ model: 'gpt-4o', choices: [{ message: { content }, finish_reason: 'stop' }] });
const message = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'four' }] };
const output = [{ type: 'message', content: [{ type: 'output_text', text: 'four' }] }];
const candidates = [{ content: { parts: [{ text: 'four' }] }, finishReason: 'STOP' }];
const ZEROS = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

describe('a usage of zeros', () => {
  it.each([
    ['chat', { ...said('four'), usage: ZEROS }],
    ['chat', { ...said('four'), usage: { prompt_tokens: 0, completion_tokens: 0 } }],
    ['messages', { ...message, usage: { input_tokens: 0, output_tokens: 0 } }],
    ['responses', { status: 'completed', output, usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 } }],
    ['gemini', { candidates, usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 } }],
    ['converse', { output: { message: { content: [{ text: 'four' }] } }, usage: { inputTokens: 0, outputTokens: 0 } }],
  ] as const)('beside text is not taken, and the call costs its hold: %s %#', async (format, answer) => {
    const { hold, settled } = await ask(format, jsonBytes(answer));
    expect(settled.source).toBe('estimated');
    expect(settled.usage.input).toBeGreaterThanOrEqual(hold.input);
    expect(settled.usage.output).toBeGreaterThanOrEqual(hold.output);
    expect(settled.cost).toBeGreaterThanOrEqual(hold.cost);
  });

  it('for the input alone leaves the output as stated', async () => {
    const { hold, settled } = await ask(
      'chat',
      jsonBytes({ ...said('four'), usage: { ...ZEROS, completion_tokens: 9 } }),
    );
    expect(settled).toMatchObject({ source: 'estimated', usage: { input: hold.input, output: 9 } });
  });

  it('for the output alone is not taken beside text', async () => {
    const { settled } = await ask('chat', jsonBytes({ ...said('two words'), usage: { ...ZEROS, prompt_tokens: 7 } }));
    expect(settled).toMatchObject({ source: 'estimated', usage: { input: 7, output: 2 } });
  });

  it('for the output is the truth where nothing was generated', async () => {
    const { settled } = await ask('chat', jsonBytes({ ...said(''), usage: { ...ZEROS, prompt_tokens: 7 } }));
    expect(settled).toMatchObject({ source: 'reported', usage: { input: 7, output: 0 } });
  });
});

describe('a stream', () => {
  const stream = (...events: unknown[]) => {
    const text = events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('') + 'data: [DONE]\n\n';
    return `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  };
  const piece = (content: string) => ({ model: 'gpt-4o', choices: [{ index: 0, delta: { content } }] });
  const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  const told = (each: object) => ({ model: 'gpt-4o', choices: [], usage: each });

  it('keeps the better usage where zeros come after it', async () => {
    const { settled } = await ask('chat', stream(piece('a'), told(usage), told(ZEROS)), { stream: true });
    expect(settled).toMatchObject({ source: 'reported', usage: { input: 100, output: 50 } });
  });

  it('states its usage within its last choice at one provider', async () => {
    const last = { model: 'kimi-k2.5', choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] };
    const { settled } = await ask('chat', stream(piece('a'), last), { stream: true });
    expect(settled).toMatchObject({ source: 'reported', usage: { input: 100, output: 50 } });
  });

  it('adds up the parts of a usage that comes in parts', async () => {
    const parts = [told({ prompt_tokens: 100 }), told({ completion_tokens: 50 })];
    const { settled } = await ask('chat', stream(piece('a'), ...parts), { stream: true });
    expect(settled).toMatchObject({ source: 'reported', usage: { input: 100, output: 50 } });
  });

  it('of zeros beside text costs its hold', async () => {
    const { hold, settled } = await ask('chat', stream(piece('a'), told(ZEROS)), { stream: true });
    expect(settled).toMatchObject({ source: 'estimated', usage: { input: hold.input, output: 100 } });
  });

  it('counts text that comes after a usage without output', async () => {
    const early = { ...piece('two '), usage: { prompt_tokens: 7, completion_tokens: 0 } };
    const { settled } = await ask('chat', stream(early, piece('words')), { stream: true });
    expect(settled).toMatchObject({ source: 'estimated', usage: { input: 7, output: 2 } });
  });

  it('without usage and without text costs its hold', async () => {
    const end = { model: 'gpt-4o', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    const { settled } = await ask('chat', stream(end), { stream: true });
    expect(settled).toMatchObject({ source: 'held', usage: { output: 100 } });
  });
});

describe('a total alone', () => {
  it.each([
    ['chat', { ...said('four'), usage: { total_tokens: 324 } }],
    ['responses', { status: 'completed', output, usage: { total_tokens: 324 } }],
    ['gemini', { candidates, usageMetadata: { totalTokenCount: 324 } }],
    ['converse', { output: { message: { content: [{ text: 'four' }] } }, usage: { totalTokens: 324 } }],
  ] as const)('is taken as it is, at the price of its dearer kind: %s', async (format, answer) => {
    const { settled, total } = await ask(format, jsonBytes(answer));
    expect(total).toBe(324);
    expect(settled.source).toBe('estimated');
    if (format === 'chat') expect(settled.cost).toBe(324 * 10_000);
  });

  it('completes the count that is missing beside one', async () => {
    const known = { completion_tokens: 24, total_tokens: 324 };
    const { settled } = await ask('chat', jsonBytes({ ...said('four'), usage: known }));
    expect(settled).toMatchObject({ source: 'reported', usage: { input: 300, output: 24 } });
  });
});

describe('a success that brings nothing of its format costs its hold', () => {
  const page = (type: string, text: string, status = '200 OK') =>
    `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  const formats = Object.keys(FORMATS) as (keyof typeof FORMATS)[];

  it.each<[string, string]>([
    ['a page', page('text/html', '<html><body>Welcome</body></html>')],
    ['an empty object', page('application/json', '{}')],
    ['nothing', page('application/json', '')],
    ['no content', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['null', page('application/json', 'null')],
    ['an empty list', page('application/json', '[]')],
    ['an error', page('application/json', '{"error":{"message":"late","code":500}}')],
    ['an error in a word', page('application/json', '{"error":"late"}')],
    ['a job of some kind', page('application/json', '{"id":"j-1","status":"PENDING","model":"m"}', '202 Accepted')],
    ['a job with a name', page('application/json', '{"id":"j-1","name":"my job","status":"queued"}')],
    ['an empty stream', page('text/event-stream', 'data: [DONE]\n\n')],
    ['a stream of an error', page('text/event-stream', 'data: {"error":{"message":"late"}}\n\n')],
  ])('%s', async (_, bytes) => {
    for (const format of formats) {
      const { hold, settled } = await ask(format, bytes);
      expect({ format, source: settled.source }).toEqual({ format, source: 'held' });
      expect(settled.cost).toBe(hold.cost);
    }
  });

  it('which an answer without text is too, unless its usage says otherwise', async () => {
    expect((await ask('chat', jsonBytes(said('')))).settled.source).toBe('held');
    expect((await ask('embeddings', jsonBytes({ object: 'list', data: [] }))).settled.source).toBe('held');
  });

  it('which vectors without usage are not: nothing is generated for them', async () => {
    const data = [{ object: 'embedding', embedding: [0.1] }];
    expect((await ask('embeddings', jsonBytes({ object: 'list', data }))).settled.source).toBe('estimated');
  });
});
