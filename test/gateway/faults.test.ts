/** Whatever an upstream does, every admitted call ends once: at what it cost, at its hold, or at nothing. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';
import { COMPLETION, jsonBytes, startRaw, type Script } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 100 };
const STREAM = { ...CHAT, stream: true, stream_options: { include_usage: true } };
const PATH = '/v1/chat/completions';

async function before(script: Script, options: TestGatewayOptions = {}) {
  const upstream = await startRaw(script);
  const gateway = await gatewayTo(upstream.origin, options);
  open.push(upstream);
  return { upstream, gateway };
}

async function gatewayTo(origin: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gateway = await startGateway({ origin, limits: [runLimit('tokens', 1e6)], ...options });
  open.push(gateway);
  return gateway;
}

function expectHeld(gateway: TestGateway): void {
  const [held] = gateway.reserved();
  expect(gateway.settled()).toMatchObject([{ source: 'held', usage: { input: held?.hold.input, output: 100 } }]);
  expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, held: { tokens: 0 } });
  expect(gateway.failures).toEqual([]);
}

function expectVoid(gateway: TestGateway): void {
  expect(gateway.voided()).toMatchObject([{ status: 0 }]);
  expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, held: { tokens: 0 }, settled: { tokens: 0 } });
  expect(gateway.failures).toEqual([]);
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('an upstream that cannot be reached costs nothing, and the answer names it', () => {
  async function expectUnreachable(origin: string, reason: RegExp): Promise<void> {
    const gateway = await gatewayTo(origin);
    const answered = await gateway.post(PATH, CHAT);
    expect(answered.status).toBe(502);
    expect(answered.text).toMatch(/api\.openai\.com/);
    expect(answered.text).toMatch(reason);
    expectVoid(gateway);
  }

  it('where it refuses the connection', async () => {
    const server = net.createServer();
    const port = await portOf(server);
    server.close();
    await expectUnreachable(`http://127.0.0.1:${port}`, /ECONNREFUSED/);
  });

  it('where its name is unknown', async () => {
    await expectUnreachable('https://no-such-host.invalid', /no-such-host\.invalid/);
  });

  it('where its certificate is not trusted', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'certificate-'));
    const files = { key: join(directory, 'key.pem'), cert: join(directory, 'cert.pem') };
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
    execFileSync('openssl', [...request, '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
    let requests = 0;
    const identity = { key: readFileSync(files.key), cert: readFileSync(files.cert) };
    const server = https.createServer(identity, () => (requests += 1));
    open.push(server);
    const port = await portOf(server);
    await expectUnreachable(`https://localhost:${port}`, /self-signed/);
    expect(requests).toBe(0);
    rmSync(directory, { recursive: true });
  });

  it('where it speaks no TLS', async () => {
    const server = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    open.push(server);
    await expectUnreachable(`https://localhost:${await portOf(server)}`, /./);
  });
});

describe('an upstream that breaks off before its answer costs the hold', () => {
  it.each<[string, Script]>([
    ['resets', (socket) => socket.resetAndDestroy()],
    ['ends', (socket) => socket.end()],
    ['sends no HTTP', (socket) => socket.end('what?\r\n\r\n')],
    ['ends within its head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-')],
    ['sends a status that is none', (socket) => socket.write('HTTP/1.1 999999 OK\r\n\r\n')],
    [
      'switches protocols unasked',
      (socket) => socket.write('HTTP/1.1 101 Hm\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    ],
    [
      'sends a head without end',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n${`x: ${'y'.repeat(9000)}\r\n`.repeat(40)}`),
    ],
  ])('where it %s', async (_, script) => {
    const { upstream, gateway } = await before(script);
    const answered = await gateway.post(PATH, CHAT);
    expect(answered.status).toBe(502);
    expect(upstream.requests).toHaveLength(1);
    expectHeld(gateway);
  });
});

describe('an answer that breaks off costs the hold, and its client sees the break', () => {
  const half = JSON.stringify(COMPLETION).slice(0, 80);
  const event = `data: ${JSON.stringify({ model: 'gpt-4o', choices: [{ delta: { content: 'a' } }] })}\n\n`;
  const length = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n';
  const chunked = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

  it.each<[string, Script]>([
    ['reset within JSON', (socket) => socket.write(length + half, () => socket.resetAndDestroy())],
    ['ended within JSON', (socket) => socket.end(length + half)],
    [
      'reset within a stream',
      (socket) =>
        socket.write(`${chunked}${event.length.toString(16)}\r\n${event}\r\n`, () => socket.resetAndDestroy()),
    ],
    ['ended within a stream', (socket) => socket.end(`${chunked}${event.length.toString(16)}\r\n${event}\r\n`)],
    ['ended within a chunk', (socket) => socket.end(`${chunked}ff\r\n${event}`)],
    ['chunks of no length', (socket) => socket.end(`${chunked}zz\r\n${event}\r\n`)],
  ])('%s', async (_, script) => {
    const { gateway } = await before(script);
    for (const body of [CHAT]) {
      const outcome = await gateway.post(PATH, { ...body, ...STREAM }).catch(() => ({ complete: false }));
      expect(outcome.complete).toBe(false);
    }
    await gateway.idle();
    expectHeld(gateway);
  });
});

describe('an upstream that tries our patience', () => {
  const chunked = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const pieces = eventsOf({ choices: [{ index: 0, delta: { content: 'a' } }] });
  const counted = eventsOf({ choices: [], usage: COMPLETION.usage });

  it('by silence before its answer is given up, at the cost of the hold', async () => {
    const { gateway } = await before(() => undefined, { patience: { idleMs: 100, totalMs: 60_000 } });
    const answered = await gateway.post(PATH, CHAT);
    expect(answered.status).toBe(502);
    expect(answered.text).toMatch(/was silent for too long/);
    expectHeld(gateway);
  });

  it.each<[string, string, { idleMs: number; totalMs: number }]>([
    ['by silence', '', { idleMs: 100, totalMs: 60_000 }],
    ['by a stream that never ends', chunk(': still here\n\n'), { idleMs: 60_000, totalMs: 200 }],
  ])('%s amid its answer is given up, its client sees a break, and usage that it had stated counts', async (...row) => {
    const [, again, patience] = row;
    for (const [text, source] of [
      [pieces, 'held'],
      [pieces + counted, 'held'],
      [`${pieces}${counted}data: [DONE]\n\n`, 'reported'],
    ] as const) {
      const { gateway } = await before(
        (socket) => {
          socket.write(chunked + chunk(text));
          const timer = setInterval(() => again && socket.write(again), 20);
          socket.on('close', () => {
            clearInterval(timer);
          });
        },
        { patience },
      );
      const answered = await gateway.post(PATH, STREAM);
      expect(answered.complete).toBe(false);
      await gateway.idle();
      expect(gateway.settled().map((entry) => entry.source)).toEqual([source]);
      expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, held: { tokens: 0 } });
      expect(gateway.failures).toEqual([]);
    }
  });

  it('no longer than it takes: a kept connection is not given up for a silence between calls', async () => {
    const { upstream, gateway } = await before((socket) => socket.write(jsonBytes(COMPLETION)), {
      patience: { idleMs: 60_000, totalMs: 150 },
    });
    for (let call = 0; call < 4; call += 1) {
      expect((await gateway.post(PATH, CHAT)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(upstream.connections()).toBe(1);
  });
});

/** Events of a stream, each with one of these. */
function eventsOf(...data: readonly object[]): string {
  return data.map((each) => `data: ${JSON.stringify({ model: 'gpt-4o', ...each })}\n\n`).join('');
}

describe('an answer out of the ordinary', () => {
  const usage = [{ source: 'reported', usage: { input: 100, output: 50 } }];

  it.each<[string, Script]>([
    ['after a long while', (socket) => setTimeout(() => socket.write(jsonBytes(COMPLETION)), 300)],
    ['byte by byte', (socket) => void drip(socket, jsonBytes(COMPLETION))],
    [
      'after informational answers',
      (socket) =>
        socket.write(
          `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${jsonBytes(COMPLETION)}`,
        ),
    ],
    [
      'by HTTP/1.0',
      (socket) =>
        socket.end(
          jsonBytes(COMPLETION)
            .replace('1.1', '1.0')
            .replace(/content-length: \d+\r\n/, ''),
        ),
    ],
    [
      'with 60 kB of headers',
      (socket) => socket.write(jsonBytes(COMPLETION, '200 OK', `x-a: ${'y'.repeat(60_000)}\r\n`)),
    ],
    ['and a second one unasked', (socket) => socket.write(jsonBytes(COMPLETION) + jsonBytes(COMPLETION))],
  ])('is passed on and metered: %s', async (_, script) => {
    const { gateway } = await before(script);
    // A client's own cap on heads would stand in the way of a long one.
    const answered = await fetchThrough(gateway);
    expect(answered).toBe(JSON.stringify(COMPLETION));
    expect(gateway.settled()).toMatchObject(usage);
    expect(gateway.failures).toEqual([]);
  });

  it('keeps its trailers', async () => {
    const body = JSON.stringify(COMPLETION);
    const { gateway } = await before((socket) =>
      socket.write(
        `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n`,
      ),
    );
    const answered = await gateway.post(PATH, CHAT);
    expect(answered.trailers).toEqual(['X-Sum', '1', 'x-sum', '2']);
    expect(gateway.settled()).toMatchObject(usage);
  });
});

async function drip(socket: net.Socket, text: string): Promise<void> {
  for (const byte of text) {
    socket.write(byte);
    await new Promise(setImmediate);
  }
}

function fetchThrough(gateway: TestGateway): Promise<string> {
  const body = JSON.stringify(CHAT);
  const options = { port: gateway.port, host: '127.0.0.1', method: 'POST', path: PATH, maxHeaderSize: 200_000 };
  const headers = { host: 'api.openai.com', ...gateway.routeHeader(), 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...options, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve(text);
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
