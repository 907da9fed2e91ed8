/** A request reaches its upstream as its client wrote it, but for what has to be written into it. */
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../support/client.js';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream } from '../support/upstream.js';
import { COMPLETION, jsonBytes, startRaw, type Script } from '../support/raw.js';

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

describe('a free request', () => {
  it.each([
    ['GET', '/v1/models', jsonBytes({ data: [] })],
    ['GET', '/v1/responses/resp_1', jsonBytes({ id: 'resp_1' })],
    ['HEAD', '/v1/models', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4711\r\n\r\n'],
    ['DELETE', '/v1/files/f-1', 'HTTP/1.1 204 No Content\r\nx-kept: Yes\r\n\r\n'],
  ])('of %s %s passes both ways and is no call', async (method, path, bytes) => {
    const { upstream, gateway } = await pair((socket) => socket.write(bytes));
    const direct = await ask({ method, path, port: upstream.port, headers: { host: 'api.openai.com' } });
    const through = await gateway.request({ method, path });
    expect(through.status).toBe(direct.status);
    expect(endToEnd(through.rawHeaders)).toEqual(endToEnd(direct.rawHeaders));
    expect(through.body.equals(direct.body)).toBe(true);
    expect(gateway.entries).toEqual([]);
  });

  it('uploads a file as it comes, in chunks or by its length', async () => {
    const { upstream, gateway } = await pair((socket) => socket.write(jsonBytes({ id: 'file-1' })));
    const body = Buffer.alloc(3_000_000, 'ab');
    await gateway.request({ method: 'POST', path: '/v1/files', body });
    await gateway.request({ method: 'POST', path: '/v1/files', body, headers: { 'transfer-encoding': 'chunked' } });
    expect(upstream.requests[0]?.endsWith(body.toString('latin1'))).toBe(true);
    expect(upstream.requests[1]).toMatch(/transfer-encoding: chunked/i);
    expect(upstream.requests[1]?.match(/[ab]{2,}/g)?.join('').length).toBe(body.length);
  });
});

describe('a request', () => {
  const answer: Script = (socket) => socket.write(jsonBytes(COMPLETION));

  it('goes upstream byte for byte where nothing has to be written into it', async () => {
    const { upstream, gateway } = await pair(answer, { limits: [runLimit('tokens', 100_000)] });
    const body =
      ' {"model" : "gpt-4o", "seed": 12345678901234567890, "max_tokens":1e2,\n"messages":[{"content":"\\u00e9\u00e9"}]} ';
    const rawHeaders = ['Host', 'api.openai.com', 'Authorization', 'Bearer sk-1', 'X-b', '1', 'x-B', '2'];
    const framing = ['Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(body))];
    const asked = { method: 'POST', path: '/v1/chat/completions', body, rawHeaders: [...rawHeaders, ...framing] };
    await ask({ ...asked, port: gateway.port, preamble: gateway.preamble() });
    const host = `Host: 127.0.0.1:${upstream.port}`;
    const expected = `POST /v1/chat/completions HTTP/1.1\r\n${host}\r\nAuthorization: Bearer sk-1\r\nX-b: 1\r\nx-B: 2\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: keep-alive\r\n\r\n`;
    expect(upstream.requests).toEqual([expected + Buffer.from(body).toString('latin1')]);
  });

  it('gains the members that bound it and nothing else', async () => {
    const { upstream, gateway } = await pair(answer, { limits: [runLimit('tokens', 100_000)], outputTokens: 512 });
    await gateway.post('/v1/chat/completions', '{"seed":12345678901234567890, "model":"gpt-4o"}');
    const sent = '{"max_completion_tokens":512,"seed":12345678901234567890, "model":"gpt-4o"}';
    expect(upstream.requests[0]?.endsWith(`\r\n\r\n${sent}`)).toBe(true);
    expect(upstream.requests[0]).toMatch(new RegExp(`content-length: ${sent.length}\r\n`, 'i'));
    expect(gateway.reserved()).toMatchObject([{ outputBound: 512 }]);
  });

  it('in gzip stays in gzip where nothing is written into it, and is metered', async () => {
    const { upstream, gateway } = await pair(answer, { limits: [runLimit('tokens', 100_000)] });
    const body = gzipSync(JSON.stringify(REQUEST));
    await gateway.post('/v1/chat/completions', body, { 'content-encoding': 'gzip' });
    expect(upstream.requests[0]?.endsWith(body.toString('latin1'))).toBe(true);
    expect(gateway.settled()).toMatchObject([{ usage: { input: 100 } }]);
  });

  it.each([
    '/v1/model%3Aid/chat/completions',
    '//v1//chat/completions',
    '/v1/chat/completions?a=%20b&c=d%2Fe&f',
    '/v1/%C3%A9%zz/chat/completions',
    '/v1/chat/completions//',
  ])('keeps its path raw: %s', async (path) => {
    const { upstream, gateway } = await pair(answer);
    await gateway.post(path, REQUEST);
    expect(upstream.requests[0]?.split(' HTTP/1.1')[0]).toBe(`POST ${path}`);
  });

  it.each(['/v1/models/ft%3Agpt%2F4o', '/v1/a/../b', '//v1/./models?x=//y%00'])(
    'that is free keeps its path raw: %s',
    async (path) => {
      const { upstream, gateway } = await pair(answer);
      await gateway.request({ path });
      expect(upstream.requests[0]?.split(' HTTP/1.1')[0]).toBe(`GET ${path}`);
    },
  );

  it('that expects a 100 gets it from the gateway, and its body arrives once', async () => {
    const { upstream, gateway } = await pair(answer);
    const answered = await gateway.post('/v1/chat/completions', REQUEST, { expect: '100-continue' });
    expect(answered.status).toBe(200);
    expect(upstream.requests).toHaveLength(1);
    expect(upstream.requests[0]).not.toMatch(/^expect:/im);
  });

  it('over one kept connection can go to two hosts by its header', async () => {
    const { upstream, gateway } = await pair(answer);
    const http = await import('node:http');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (const host of ['api.openai.com', 'api.mistral.ai', 'api.openai.com']) {
      const headers = { host, ...gateway.routeHeader(host) };
      const asked = { method: 'POST', path: '/v1/chat/completions', body: JSON.stringify(REQUEST), headers, agent };
      expect((await ask({ ...asked, port: gateway.port })).status).toBe(200);
    }
    agent.destroy();
    expect(gateway.reserved().map(({ host, provider }) => `${provider} ${host}`)).toEqual([
      'openai api.openai.com',
      'mistral api.mistral.ai',
      'openai api.openai.com',
    ]);
    expect(upstream.requests.join('')).not.toContain(gateway.secret);
  });

  it('of twenty megabytes passes', async () => {
    const upstream = await startUpstream();
    const gateway = await startGateway({ origin: upstream.origin });
    open.push(gateway, upstream);
    const content = 'x'.repeat(20 * 1024 * 1024);
    const answered = await gateway.post('/v1/chat/completions', { ...REQUEST, messages: [{ role: 'user', content }] });
    expect(answered.status).toBe(200);
    expect(upstream.seen[0]?.text.length).toBeGreaterThan(content.length);
  });

  it('of more than 128 MiB is answered by 413 and not sent', async () => {
    const { upstream, gateway } = await pair(answer);
    const answered = await gateway.post('/v1/chat/completions', Buffer.alloc(128 * 1024 * 1024 + 1, 32));
    expect(answered.status).toBe(413);
    expect(upstream.connections()).toBe(0);
    expect(gateway.entries).toEqual([]);
  });
});
