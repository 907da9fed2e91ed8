/** Who may use the gateway, and where it goes: the run's own processes, to LLM hosts, and nowhere else. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, exchangeBytes } from '../support/client.js';
import { runLimit, startGateway, type TestGateway } from '../support/gateway.js';
import { startRaw, jsonBytes, COMPLETION, type RawUpstream } from '../support/raw.js';

let upstream: RawUpstream;
let gateway: TestGateway;

beforeEach(async () => {
  upstream = await startRaw((socket) => socket.write(jsonBytes(COMPLETION)));
  gateway = await startGateway({ origin: upstream.origin, headMs: 600, limits: [runLimit('calls', 1000)] });
});
afterEach(async () => {
  expect(gateway.failures).toEqual([]);
  await gateway.close();
  upstream.close();
});

const BODY = JSON.stringify({ model: 'gpt-4o', messages: [], max_tokens: 5 });
const call = (target = '/v1/chat/completions', headers = '') =>
  `POST ${target} HTTP/1.1\r\nHost: api.openai.com\r\n${headers}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
const END = /\r\n\r\n/;
const statusOf = (text: string) => Number(text.split(' ')[1]);

/** A request that the gateway takes; others must not have harmed it. */
async function expectServing(): Promise<void> {
  const seen = upstream.requests.length;
  expect((await gateway.post('/v1/chat/completions', BODY)).status).toBe(200);
  expect(upstream.requests).toHaveLength(seen + 1);
}

describe('a stranger', () => {
  it.each([
    ['no secret', ''],
    ['a wrong secret', `TB1 ${'0'.repeat(64)} https api.openai.com:443\r\n`],
    ['half a secret', `TB1 ${'0'.repeat(32)} https api.openai.com:443\r\n`],
    ['no host', `TB1 ${'0'.repeat(64)}\r\n`],
    ['an endless route line', `TB1 ${'0'.repeat(5000)}`],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('with %s is turned away', async (_, preamble) => {
    const text = await exchangeBytes(gateway.port, [preamble + call()], END);
    expect([400, 401]).toContain(statusOf(text));
    expect(upstream.connections()).toBe(0);
    expect(gateway.entries).toEqual([]);
    await expectServing();
  });

  it('with the secret in other words is turned away', async () => {
    const words = (line: string) => line.replace(/\r\n$/, '');
    const line = words(gateway.preamble());
    const wrong = [line.toUpperCase(), line.toLowerCase(), ` ${line}`, `${line} `, line.replace('TB1', 'TB2')];
    for (const header of [...wrong, `${line}, ${line}`, line.slice(0, -1), line.replace(':443', '')]) {
      const route = { host: 'api.openai.com', 'x-token-budget-route': header };
      const asked = { method: 'POST', path: '/v1/chat/completions', body: BODY, headers: route, port: gateway.port };
      // Spaces around a header's value are no part of it.
      if (header.trim() === line) continue;
      const answered = await ask(asked);
      expect(answered.status, header).not.toBe(200);
    }
    expect(upstream.connections()).toBe(0);
  });

  it('from a web page is turned away in spite of the secret', async () => {
    const answered = await gateway.post('/v1/chat/completions', BODY, { origin: 'http://evil.example' });
    expect(answered.status).toBe(401);
    expect(upstream.connections()).toBe(0);
  });

  it('that asks for a web socket is turned away, and one of the run is refused', async () => {
    const upgrade =
      'GET /v1/realtime HTTP/1.1\r\nHost: api.openai.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(statusOf(await exchangeBytes(gateway.port, [upgrade]))).toBe(401);
    expect(gateway.entries).toEqual([]);
    const refusal = await exchangeBytes(gateway.port, [gateway.preamble() + upgrade]);
    expect(refusal).toMatch(/^HTTP\/1\.1 402 [^]*x-should-retry: false/);
    expect(gateway.refused()).toMatchObject([{ reason: 'unmetered', host: 'api.openai.com' }]);
    expect(upstream.connections()).toBe(0);
  });
});

describe('a foreign host', () => {
  const addresses = [
    '169.254.169.254',
    '127.0.0.1',
    'localhost',
    '[::1]',
    '0.0.0.0',
    '10.0.0.1',
    '2130706433',
    '0x7f.1',
  ];
  const tricks = [
    'evil.example',
    'api.openai.com.evil.example',
    'evil-api.openai.com.evil.example',
    'xapi.openai.com',
    'api.openai.com.',
    'api-openai.com',
    'api.openai.com@evil.example',
    'evil.example#.api.openai.com',
    'evil.example?.api.openai.com',
    'evil.example/.api.openai.com',
    'evil.example\\.api.openai.com',
    'evil.example%2f.api.openai.com',
    'evil.example%00.api.openai.com',
    'evil.example;.api.openai.com',
    'api%2eopenai%2ecom',
    'user:pass@api.openai.com',
    'metadata.google.internal',
  ];
  const ports = [443, 80, 22, 8443, 0, 65536, 99999];
  const routes = [...addresses, ...tricks].flatMap((host) => ports.map((port) => [host, port] as const));
  const schemes = ['https', 'http'] as const;
  const hostile = [
    ...routes.flatMap(([host, port]) => schemes.map((scheme) => [host, scheme, port] as const)),
    ['api.openai.com', 'https', 22] as const,
    ['api.openai.com', 'https', 8443] as const,
  ];

  it(`is never forwarded to (${hostile.length} routes)`, async () => {
    expect(hostile.length).toBeGreaterThan(200);
    for (const [host, scheme, port] of hostile) {
      const text = await exchangeBytes(gateway.port, [gateway.preamble(host, scheme, port) + call()], END);
      expect([401, 403], `${scheme} ${host} ${port}: ${text}`).toContain(statusOf(text));
    }
    expect(upstream.connections()).toBe(0);
    expect(gateway.entries).toEqual([]);
    await expectServing();
  });

  it.each([
    'http://169.254.169.254/v1/chat/completions',
    'https://api.openai.com/v1/chat/completions',
    'evil.example/v1/chat/completions',
    '*',
    '@evil.example/v1/chat/completions',
    ':80/v1/chat/completions',
  ])('in the request target is turned down: %s', async (target) => {
    const text = await exchangeBytes(gateway.port, [gateway.preamble() + call(target)], END);
    expect(statusOf(text)).toBe(400);
    expect(upstream.connections()).toBe(0);
  });

  it('cannot be reached by CONNECT', async () => {
    for (const target of ['evil.example:443', 'api.openai.com:443', '/v1/chat/completions']) {
      const text = await exchangeBytes(gateway.port, [
        `${gateway.preamble()}CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`,
      ]);
      expect(statusOf(text)).not.toBe(200);
    }
    expect(upstream.connections()).toBe(0);
  });

  it('is no way around the built-in hosts by their Host header', async () => {
    const plain = await startGateway();
    const head = 'POST /v1/chat/completions HTTP/1.1\r\n';
    for (const host of ['evil.example', 'api.openai.com.evil.example', 'api.openai.com:8443', '']) {
      const text = await exchangeBytes(
        plain.port,
        [`${plain.preamble()}${head}Host: ${host}\r\nContent-Length: 2\r\n\r\n{}`],
        END,
      );
      expect(statusOf(text)).toBe(403);
    }
    await plain.close();
  });
});

describe('a request hidden behind another', () => {
  it.each(['GET', 'DELETE', 'OPTIONS', 'HEAD'])('%s stays inside its body', async (method) => {
    const hidden = call();
    const chunks = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
    const head = `${method} /v1/models HTTP/1.1\r\nHost: api.openai.com\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const text = await exchangeBytes(gateway.port, [gateway.preamble() + head + chunks], END);
    expect(statusOf(text)).toBe(200);
    expect(upstream.requests).toHaveLength(1);
    expect(upstream.requests[0]).toMatch(/transfer-encoding: chunked/i);
  });

  it('of two lengths is turned down', async () => {
    const both = call('/v1/models', 'Transfer-Encoding: chunked\r\n');
    expect(statusOf(await exchangeBytes(gateway.port, [gateway.preamble() + both], END))).toBe(400);
    expect(upstream.connections()).toBe(0);
  });

  it('in a pipeline is metered too', async () => {
    await exchangeBytes(gateway.port, [gateway.preamble() + call() + call()], /(HTTP\/1\.1 200[^]*){2}/);
    expect(gateway.settled()).toHaveLength(2);
  });
});

describe('the secret', () => {
  it('appears in no answer and in no request upstream', async () => {
    const headers = { host: 'api.openai.com', ...gateway.routeHeader() };
    const base = { port: gateway.port, method: 'POST', body: BODY, headers };
    const answers = await Promise.all([
      ask({ ...base, path: '/v1/chat/completions' }),
      ask({ ...base, path: '/v1/batches' }),
      ask({ ...base, path: '/v1/files' }),
      ask({ ...base, path: '/v1/chat/completions', headers: gateway.routeHeader('evil.example') }),
      ask({ ...base, path: '/v1/chat/completions', headers: gateway.routeHeader('api.x.ai.evil') }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 402, 200, 403, 403]);
    const all = answers.map(({ rawHeaders, text }) => rawHeaders.join() + text).join();
    expect(all + upstream.requests.join() + JSON.stringify(gateway.entries)).not.toContain(gateway.secret.slice(0, 16));
    expect(upstream.requests.join()).not.toMatch(/token-budget|TB1/i);
  });
});
