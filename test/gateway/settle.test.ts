/** What a call costs is on the ledger before its client has the last of the answer, and rests on what the answer says. */
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { COMPLETION, jsonBytes, startRaw, type Script } from '../support/raw.js';
import { startUpstream, type UpstreamOptions } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function before(options: UpstreamOptions, gatewayOptions: TestGatewayOptions = {}) {
  const upstream = await startUpstream(options);
  const gateway = await startGateway({ origin: upstream.origin, ...gatewayOptions });
  open.push(gateway, upstream);
  return { upstream, gateway };
}

async function beforeRaw(script: Script, options: TestGatewayOptions = {}) {
  const upstream = await startRaw(script);
  const gateway = await startGateway({ origin: upstream.origin, ...options });
  open.push(gateway, upstream);
  return { upstream, gateway };
}

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'one two three' }], max_tokens: 100 };
const STREAM = { ...CHAT, stream: true };

const sse = (events: readonly unknown[]): string =>
  events.map((each) => `data: ${typeof each === 'string' ? each : JSON.stringify(each)}\n\n`).join('');
const streamBytes = (text: string | Buffer, headers = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n${headers}content-length: `),
    Buffer.from(`${Buffer.byteLength(text)}\r\n\r\n`),
    Buffer.from(text),
  ]);
const piece = (content: string) => ({ model: 'gpt-4o', choices: [{ index: 0, delta: { content } }] });

describe('a client that has the whole answer finds it settled', () => {
  it.each([
    ['/v1/chat/completions', CHAT, 'api.openai.com'],
    ['/v1/responses', { model: 'gpt-4o', input: 'x', max_output_tokens: 9 }, 'api.openai.com'],
    ['/v1/embeddings', { model: 'text-embedding-3-small', input: 'x' }, 'api.openai.com'],
    ['/v1/messages', { ...CHAT, model: 'claude-sonnet-4-5' }, 'api.anthropic.com'],
  ])('of %s, a hundred times', async (path, body, host) => {
    const { gateway } = await before({ usage: () => ({ input: 10, output: 5 }) });
    for (let round = 1; round <= 100; round += 1) {
      await gateway.post(path, body, {}, host);
      expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, settled: { calls: round } });
    }
  });

  it.each([
    ['/v1/chat/completions', STREAM, 'api.openai.com', '[DONE]'],
    ['/v1/responses', { model: 'gpt-4o', input: 'x', stream: true }, 'api.openai.com', 'response.completed'],
    ['/v1/messages', { ...STREAM, model: 'claude-sonnet-4-5' }, 'api.anthropic.com', 'message_stop'],
  ])('of a stream of %s at its last event, a hundred times', async (path, body, host, last) => {
    const { gateway } = await before({ usage: () => ({ input: 10, output: 5 }) });
    let seen = 0;
    for (let round = 1; round <= 100; round += 1) {
      await gateway.request({
        method: 'POST',
        path,
        host,
        body: JSON.stringify(body),
        onChunk: (chunk) => {
          if (!chunk.includes(last)) return;
          seen += 1;
          expect(gateway.ledger.snapshot()).toMatchObject({
            inFlight: 0,
            settled: { calls: round, tokens: round * 15 },
          });
        },
      });
    }
    expect(seen).toBe(100);
  });
});

describe('usage that a stream reports only when asked', () => {
  it('is asked for, counted, and kept from the client', async () => {
    const { upstream, gateway } = await before({});
    const plain = await before({});
    const through = await gateway.post('/v1/chat/completions', STREAM);
    expect(upstream.seen[0]?.body).toEqual({ ...STREAM, stream_options: { include_usage: true } });
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 100, output: 50 } }]);
    const direct = await fetch(`${plain.upstream.origin}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(STREAM),
    });
    expect(through.text).toBe(await direct.text());
    expect(through.text).not.toContain('usage');
  });

  it('reaches the client that asked for it itself', async () => {
    const { gateway } = await before({});
    const asked = { ...STREAM, stream_options: { include_usage: true } };
    const through = await gateway.post('/v1/chat/completions', asked);
    expect(through.text).toContain('"completion_tokens":50');
  });

  it('is taken out of a compressed stream too', async () => {
    const usage = { model: 'gpt-4o', choices: [], usage: COMPLETION.usage };
    const body = gzipSync(sse([piece('a'), usage, '[DONE]']));
    const { gateway } = await beforeRaw((socket) => socket.write(streamBytes(body, 'content-encoding: gzip\r\n')));
    const through = await gateway.post('/v1/chat/completions', STREAM, { 'accept-encoding': 'gzip' });
    expect(through.text).toBe(sse([piece('a'), '[DONE]']));
    expect(through.headers['content-encoding']).toBeUndefined();
    expect(gateway.settled()).toMatchObject([{ source: 'reported' }]);
  });

  it('is given up where the host takes the question for an error, once a run', async () => {
    const refusal = { error: { message: "Unknown parameter: 'stream_options'", type: 'invalid_request_error' } };
    const { upstream, gateway } = await before({
      intercept: (seen, response) => {
        if (!('stream_options' in seen.body)) return false;
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
        return true;
      },
    });
    for (let round = 0; round < 2; round += 1) {
      const through = await gateway.post('/v1/chat/completions', STREAM);
      expect(through.status).toBe(200);
      expect(through.text).toContain('[DONE]');
    }
    expect(upstream.seen.map(({ body }) => 'stream_options' in body)).toEqual([true, false, false]);
    expect(gateway.reserved()).toHaveLength(2);
    expect(gateway.settled()).toMatchObject([{ source: 'estimated' }, { source: 'estimated' }]);
  });

  it('leaves another 400 as it is, however long', async () => {
    const error = { error: { message: 'x'.repeat(300_000) } };
    const { upstream, gateway } = await beforeRaw((socket) => socket.write(jsonBytes(error, '400 Bad Request')));
    const through = await gateway.post('/v1/chat/completions', STREAM);
    expect(through.status).toBe(400);
    expect(through.text).toBe(JSON.stringify(error));
    expect(upstream.requests).toHaveLength(1);
    expect(gateway.voided()).toHaveLength(1);
  });

  it('costs nothing where such a 400 breaks off, and its client sees a break', async () => {
    const { gateway } = await beforeRaw((socket) => {
      socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 500\r\n\r\n{"error":', () => socket.destroy());
    });
    await expect(gateway.post('/v1/chat/completions', STREAM)).rejects.toThrow('socket hang up');
    expect(gateway.voided()).toHaveLength(1);
    expect(gateway.failures).toEqual([]);
  });
});

describe('an answer without usage', () => {
  const silent = { ...COMPLETION, usage: undefined, choices: [{ message: { content: 'four words of answer' } }] };

  it('is counted here', async () => {
    const { gateway } = await beforeRaw((socket) => socket.write(jsonBytes(silent)));
    await gateway.post('/v1/chat/completions', CHAT);
    const [settled] = gateway.settled();
    expect(settled).toMatchObject({ source: 'estimated', usage: { output: 4 } });
    expect(settled?.usage.input).toBeGreaterThanOrEqual(3);
    expect(settled?.cost).toBeGreaterThan(0);
  });

  it.each(['', '\uFEFF'])('is counted whole, however long, and so is the text that it answers (%j)', async (mark) => {
    const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');
    const long = { ...silent, choices: [{ message: { content: words(9_000) } }] };
    const { gateway } = await beforeRaw((socket) => socket.write(jsonBytes(long)));
    const asked = { ...CHAT, messages: [{ role: 'user', content: words(8_000) }] };
    const body = Buffer.from(mark + JSON.stringify(asked));
    await gateway.request({ method: 'POST', path: '/v1/chat/completions', body });
    const [settled] = gateway.settled();
    expect(settled).toMatchObject({ source: 'estimated', usage: { output: 9_000 } });
    expect(settled?.usage.input).toBeGreaterThanOrEqual(8_000);
  });

  it('that streamed is counted here', async () => {
    const { gateway } = await beforeRaw((socket) =>
      socket.write(streamBytes(sse([piece('two '), piece('words'), '[DONE]']))),
    );
    await gateway.post('/v1/chat/completions', STREAM);
    expect(gateway.settled()).toMatchObject([{ source: 'estimated', usage: { output: 2 } }]);
  });
});

describe('a stream without a last word', () => {
  const usage = { model: 'gpt-4o', choices: [], usage: COMPLETION.usage };

  it('counts by the usage it stated where its framing shows that it is whole', async () => {
    const { gateway } = await beforeRaw((socket) => socket.write(streamBytes(sse([piece('a'), usage]))));
    await gateway.post('/v1/chat/completions', STREAM);
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 100, output: 50 } }]);
  });

  it('costs its hold where only its connection ended', async () => {
    const { gateway } = await beforeRaw((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${sse([piece('a'), usage])}`);
    });
    await gateway.post('/v1/chat/completions', STREAM);
    expect(gateway.settled()).toMatchObject([{ source: 'held', usage: { output: 100 } }]);
  });
});

describe('an answer that cannot be read is passed on and costs its hold', () => {
  const json = (body: string | Buffer, headers = '') =>
    Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`),
      Buffer.from(body),
    ]);
  const gzipped = gzipSync(JSON.stringify(COMPLETION));

  it.each([
    ['truncated JSON', json(JSON.stringify(COMPLETION).slice(0, -9))],
    ['garbage', json(Buffer.from([0xff, 0xfe, 0, 1, 2, 3, 0x7b]))],
    ['nothing', json('')],
    ['truncated gzip', json(gzipped.subarray(0, 40), 'content-encoding: gzip\r\n')],
    ['no gzip at all', json('{"usage":1}', 'content-encoding: gzip\r\n')],
    ['an unknown encoding', json('????', 'content-encoding: squeeze\r\n')],
    ['a stream of garbage', streamBytes('\0\0garbage\n\n\n\ndata: {"usage":{"prompt_tokens"')],
    ['a stream that is no gzip', streamBytes('data: {}\n\n', 'content-encoding: gzip\r\n')],
  ])('%s', async (_, bytes) => {
    const { gateway } = await beforeRaw((socket) => socket.write(bytes), { limits: [runLimit('tokens', 100_000)] });
    const asked = { ...CHAT, stream: true, stream_options: { include_usage: true } };
    const through = await gateway.post('/v1/chat/completions', asked);
    expect(through.complete).toBe(true);
    expect(through.body.equals(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4))).toBe(true);
    const [held] = gateway.reserved();
    expect(gateway.settled()).toMatchObject([
      { source: 'held', usage: { input: held?.hold.input, output: held?.hold.output }, cost: held?.hold.cost },
    ]);
    expect(gateway.failures).toEqual([]);
  });

  it('but a stream that had to be read to take something out of it breaks off', async () => {
    const bytes = streamBytes('data: {}\n\n', 'content-encoding: gzip\r\n');
    const { gateway } = await beforeRaw((socket) => socket.write(bytes));
    const through = await gateway.post('/v1/chat/completions', STREAM);
    expect(through.complete).toBe(false);
    expect(gateway.settled()).toMatchObject([{ source: 'held' }]);
  });
});
