/** Many calls: none passes the limit, the budget is used, and nothing grows with them. */
import http from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, dial } from '../support/client.js';
import { runLimit, startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';
import { COMPLETION, jsonBytes, startRaw } from '../support/raw.js';
import { startUpstream } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
const warnings: Error[] = [];
const keepWarning = (warning: Error) => void warnings.push(warning);
beforeAll(() => process.on('warning', keepWarning));
afterAll(() => process.off('warning', keepWarning));
beforeEach(() => void warnings.splice(0));
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([]);
});

const PATH = '/v1/chat/completions';
const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 50 };

async function gatewayTo(origin: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gateway = await startGateway({ origin, ...options });
  open.push(gateway);
  return gateway;
}

describe('two hundred calls at once, under a limit worth fifty of them', () => {
  it.each([
    ['calls', 50],
    ['tokens', 50 * 150],
    ['output_tokens', 50 * 50],
  ] as const)(
    'of %s use it up, never pass it, and reach the upstream only where admitted',
    async (dimension, ceiling) => {
      const upstream = await startUpstream({ delayMs: 10 });
      open.push(upstream);
      const limits = [runLimit(dimension, ceiling)];
      const gateway = await gatewayTo(upstream.origin, { limits, waitMs: 10_000 });
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, gateway.ledger.snapshot().settled[dimension]);
      }, 1);
      // As large as what the upstream bills, so that the room is a matter of order and not of bounds.
      const content = 'x'.repeat(100 - JSON.stringify({ ...CHAT, messages: [{ role: 'user', content: '' }] }).length);
      const body = { ...CHAT, messages: [{ role: 'user', content }] };
      const answers = await Promise.all(Array.from({ length: 200 }, () => gateway.post(PATH, body)));
      clearInterval(watch);
      const admitted = answers.filter(({ status }) => status === 200).length;
      const used = gateway.ledger.snapshot().settled[dimension];
      expect(answers.filter(({ status }) => status === 402)).toHaveLength(200 - admitted);
      expect(upstream.billed.calls).toBe(admitted);
      expect(upstream.seen).toHaveLength(admitted);
      expect(Math.max(most, used)).toBeLessThanOrEqual(ceiling);
      expect(used).toBeGreaterThanOrEqual(ceiling * 0.95);
      expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, waiting: 0, held: { tokens: 0, calls: 0 } });
    },
  );
});

describe('ten thousand calls in a row', () => {
  it('leave no hold, socket or listener behind, and the heap as it was', { timeout: 240_000 }, async () => {
    const upstream = await startPlain();
    const gateway = await gatewayTo(upstream.origin, { limits: [runLimit('tokens', 1e9)] });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
    const headers = { host: 'api.openai.com', ...gateway.routeHeader() };
    const one = () =>
      ask({ port: gateway.port, method: 'POST', path: PATH, body: JSON.stringify(CHAT), headers, agent });
    const round = async (calls: number) => {
      for (let call = 0; call < calls; call += 4) await Promise.all([one(), one(), one(), one()]);
    };
    await round(2000);
    const before = heap();
    await round(8000);
    expect(gateway.settled()).toHaveLength(10_000);
    expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, held: { tokens: 0, calls: 0, cost_usd: 0 } });
    expect(upstream.connections()).toBeLessThanOrEqual(8);
    // The entries that this test keeps are its own growth: 16,000 of them, at most 1 kB each.
    expect(heap() - before).toBeLessThan(24 * 1024 * 1024);
    agent.destroy();
  });

  it('that are cut by their clients leave nothing behind either', async () => {
    const upstream = await startPlain();
    const gateway = await gatewayTo(upstream.origin, { limits: [runLimit('tokens', 1e9)], drainMs: 500 });
    const body = JSON.stringify(CHAT);
    const bytes = `${gateway.preamble()}POST ${PATH} HTTP/1.1\r\nHost: api.openai.com\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    for (let call = 0; call < 500; call += 1) {
      const socket = dial(gateway.port, bytes.slice(0, 1 + ((call * 7) % bytes.length)));
      socket.on('error', () => undefined);
      await new Promise(setImmediate);
      socket.destroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    await gateway.idle();
    expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, waiting: 0, held: { tokens: 0 } });
    expect(gateway.failures).toEqual([]);
  });
});

describe('a client that does not read', () => {
  it('of fifty megabytes makes the gateway keep a small part of them', { timeout: 60_000 }, async () => {
    const whole = 50 * 1024 * 1024;
    let sent = 0;
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': whole });
        const piece = Buffer.from(`: ${'x'.repeat(65_532)}\n\n`.slice(0, 65_536));
        const go = () => {
          while (sent < whole) {
            sent += piece.length;
            if (!response.write(piece)) return void response.once('drain', go);
          }
          response.end();
        };
        go();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(server);
    const { port } = server.address() as { port: number };
    const gateway = await gatewayTo(`http://127.0.0.1:${port}`);
    const before = process.memoryUsage().rss;
    const body = JSON.stringify({ ...CHAT, stream: true });
    const socket = dial(gateway.port, `${gateway.preamble()}POST ${PATH} HTTP/1.1\r\nHost: api.openai.com\r\n`);
    socket.write(`content-length: ${body.length}\r\n\r\n${body}`);
    socket.pause();
    for (let last = -1; sent !== last;) {
      last = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(whole / 2);
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
    let received = 0;
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        received += chunk.length;
        if (received >= whole) resolve();
      });
      socket.resume();
    });
    expect(sent).toBe(whole);
    socket.destroy();
  });
});

async function startPlain() {
  const upstream = await startRaw((socket) => socket.write(jsonBytes(COMPLETION)));
  open.push(upstream);
  return upstream;
}

/** Bytes in use after a collection of garbage. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
