/** Through the gateway, a client and an upstream see the bytes that they would have seen without it. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, type Answered } from '../support/client.js';
import { startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';
import { COMPLETION, jsonBytes, startRaw, type RawUpstream, type Script } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function pair(script: Script, options: TestGatewayOptions = {}) {
  const upstream = await startRaw(script);
  const gateway = await startGateway({ origin: upstream.origin, ...options });
  open.push(gateway, upstream);
  return { upstream, gateway };
}

const REQUEST = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Capital of France?' }], max_tokens: 100 };

/** Headers of one connection only, which a proxy must not pass on. */
const PER_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding']);

function endToEnd(raw: readonly string[]): string[] {
  return raw.filter((_, i) => !PER_CONNECTION.has((raw[i - (i % 2)] ?? '').toLowerCase()));
}

async function expectSame(upstream: RawUpstream, gateway: TestGateway, body: unknown = REQUEST): Promise<Answered> {
  const asked = { method: 'POST', path: '/v1/chat/completions', body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json', 'content-length': asked.body.length };
  const direct = await ask({ ...asked, headers: { host: 'api.openai.com', ...headers }, port: upstream.port });
  const through = await gateway.request({ ...asked, headers });
  expect(through.status).toBe(direct.status);
  expect(through.message).toBe(direct.message);
  expect(endToEnd(through.rawHeaders)).toEqual(endToEnd(direct.rawHeaders));
  expect(through.body.equals(direct.body)).toBe(true);
  expect(through.complete).toBe(direct.complete);
  expect(gateway.failures).toEqual([]);
  return through;
}

const framed = (body: Buffer, headers: string, status = '200 OK'): Buffer =>
  Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n`), body]);

describe('an answer', () => {
  const plain = Buffer.from(JSON.stringify(COMPLETION, null, 1));

  it.each([
    ['identity', plain],
    ['gzip', gzipSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['deflate', deflateSync(plain)],
  ])('of JSON in %s arrives byte for byte and is metered', async (encoding, body) => {
    const bytes = framed(body, `content-type: application/json\r\nContent-Encoding: ${encoding}\r\n`);
    const { upstream, gateway } = await pair((socket) => socket.write(bytes));
    await expectSame(upstream, gateway);
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 100, output: 50 } }]);
  });

  it('keeps the order, spelling and duplicates of its headers, and its reason phrase', async () => {
    const headers =
      'X-Request-ID: a1\r\nset-cookie: one=1; Path=/\r\nSet-Cookie: two=2\r\nX-RateLimit-Remaining: 7\r\nx-empty: \r\nContent-Type: application/json\r\nlatin: caf\xe9\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n';
    const bytes = Buffer.from(jsonBytes(COMPLETION, '200 Very Fine', headers), 'latin1');
    const { upstream, gateway } = await pair((socket) => socket.write(bytes));
    const through = await expectSame(upstream, gateway);
    expect(through.headers['set-cookie']).toEqual(['one=1; Path=/', 'two=2']);
  });

  it.each(['plain', 'gzip'])('of five hundred events (%s) arrives byte for byte and is metered', async (kind) => {
    const events = Array.from({ length: 500 }, (_, i) =>
      event({ choices: [{ index: 0, delta: { content: `t${i} ` } }] }),
    );
    const usage = event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 500, total_tokens: 507 } });
    const text = [...events, usage, 'data: [DONE]\n\n'].join('');
    const body = kind === 'gzip' ? gzipSync(text) : Buffer.from(text);
    const encoding = kind === 'gzip' ? 'content-encoding: gzip\r\n' : '';
    const { upstream, gateway } = await pair((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n${encoding}transfer-encoding: chunked\r\n\r\n`,
      );
      for (let at = 0; at < body.length; at += 97) {
        const piece = body.subarray(at, at + 97);
        socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
      }
      socket.write('0\r\n\r\n');
    });
    const asked = { ...REQUEST, stream: true, stream_options: { include_usage: true } };
    await expectSame(upstream, gateway, asked);
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 7, output: 500 } }]);
  });

  it.each(['400 Bad Request', '401 Unauthorized', '429 Too Many Requests', '503 Busy', '529 Overloaded'])(
    'of %s passes unchanged and costs nothing',
    async (status) => {
      const bytes = jsonBytes(
        { error: { message: 'no', type: 'x' } },
        status,
        'retry-after: 2\r\nx-should-retry: true\r\n',
      );
      const { upstream, gateway } = await pair((socket) => socket.write(bytes));
      await expectSame(upstream, gateway);
      expect(gateway.voided()).toMatchObject([{ status: Number(status.slice(0, 3)) }]);
      expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, settled: { tokens: 0, calls: 0 } });
    },
  );

  it('that is an error and states usage all the same is charged for it', async () => {
    const { upstream, gateway } = await pair((socket) => socket.write(jsonBytes(COMPLETION, '500 Late')));
    await expectSame(upstream, gateway);
    expect(gateway.settled()).toMatchObject([{ status: 500, source: 'reported', usage: { input: 100, output: 50 } }]);
  });

  it('that redirects is passed on, not followed, and costs nothing', async () => {
    const bytes =
      'HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:9/elsewhere\r\ncontent-length: 0\r\n\r\n';
    const { upstream, gateway } = await pair((socket) => socket.write(bytes));
    await expectSame(upstream, gateway);
    expect(upstream.requests).toHaveLength(2);
    expect(gateway.voided()).toMatchObject([{ status: 307 }]);
  });
});

function event(rest: object): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'gpt-4o', ...rest })}\n\n`;
}
