/** Clients that go away and upstreams that close kept connections: no call is lost, and none is sent twice. */
import http from 'node:http';
import net, { type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { dial } from '../support/client.js';
import { runLimit, startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';
import { COMPLETION, jsonBytes, startRaw, type Script } from '../support/raw.js';
import { startUpstream } from '../support/upstream.js';

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

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a client that goes away', () => {
  it('is charged what the upstream then states', async () => {
    const upstream = await startUpstream({ delayMs: 150 });
    open.push(upstream);
    const gateway = await gatewayTo(upstream.origin);
    await leave(gateway, 50);
    expect(gateway.ledger.snapshot().inFlight).toBe(1);
    await gateway.idle();
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 100, output: 50 } }]);
  });

  it('is charged the hold where the upstream does not come to an end in time', async () => {
    const endless = setInterval(() => {
      for (const socket of sockets) socket.write('6\r\n: hi\n\n\r\n');
    }, 10);
    const sockets = new Set<net.Socket>();
    const { gateway } = await before(
      (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
      },
      { drainMs: 200 },
    );
    await leave(gateway, 100);
    await gateway.idle();
    expectHeld(gateway);
    while (sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    clearInterval(endless);
  });

  it('while it waits for room costs nothing and sends nothing', async () => {
    const upstream = await startUpstream({ delayMs: 400 });
    open.push(upstream);
    const gateway = await gatewayTo(upstream.origin, { limits: [runLimit('calls', 1)], waitMs: 5000 });
    const first = gateway.post(PATH, CHAT);
    while (upstream.seen.length === 0) await new Promise(setImmediate);
    await leave(gateway, 50);
    await first;
    await gateway.idle();
    expect(upstream.seen).toHaveLength(1);
    expect(gateway.ledger.snapshot()).toMatchObject({ waiting: 0, settled: { calls: 1 } });
  });

  it('within its request leaves nothing behind', async () => {
    const { upstream, gateway } = await before(() => undefined);
    const head = `POST ${PATH} HTTP/1.1\r\nHost: api.openai.com\r\ncontent-length: 500\r\n\r\n{"model"`;
    for (let round = 0; round < 20; round += 1) {
      const socket = dial(gateway.port, gateway.preamble() + head);
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.resetAndDestroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(upstream.connections()).toBe(0);
    expect(gateway.entries).toEqual([]);
    expect(gateway.failures).toEqual([]);
  });
});

describe('kept connections', () => {
  it.each([1, 3, 5])(
    'that an upstream closes after %i ms lose no call of 500',
    async (keepAliveTimeout) => {
      const answer = JSON.stringify(COMPLETION);
      const server = http.createServer({ keepAliveTimeout }, (request, response) => {
        request.resume().on('end', () => response.end(answer));
      });
      open.push(server);
      const gateway = await gatewayTo(`http://127.0.0.1:${await portOf(server)}`, { limits: [] });
      for (let call = 0; call < 500; call += 1) expect((await gateway.post(PATH, CHAT)).status).toBe(200);
      expect(gateway.settled().filter(({ source }) => source !== 'reported')).toEqual([]);
    },
    60_000,
  );

  it('are used again, without a second try where one fails', async () => {
    const { upstream, gateway } = await before((socket, _, number) =>
      number === 3 ? socket.destroy() : socket.write(jsonBytes(COMPLETION)),
    );
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await gateway.post(PATH, CHAT)).status);
    expect(statuses).toEqual([200, 200, 502, 200]);
    expect(upstream.requests).toHaveLength(4);
    expect(upstream.connections()).toBe(2);
    expect(gateway.settled().map(({ source }) => source)).toEqual(['reported', 'reported', 'held', 'reported']);
  });
});

/** Sends a call and goes away after some ms. */
async function leave(gateway: TestGateway, afterMs: number): Promise<void> {
  const body = JSON.stringify(STREAM);
  const head = `POST ${PATH} HTTP/1.1\r\nHost: api.openai.com\r\ncontent-length: ${body.length}\r\n\r\n`;
  const socket = dial(gateway.port, gateway.preamble() + head + body);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
