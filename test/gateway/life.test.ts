/** A gateway's life apart from its requests: who waits for its calls, its replies and its end is told by events. */
import net from 'node:net';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dial } from '../support/client.js';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream, type Seen } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 100 };
const PATH = '/v1/chat/completions';
const HEADERS = 'host: api.openai.com\r\ncontent-type: application/json';
const chunk = (rest: object) =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: 'gpt-4o', ...rest })}\n\n`;
const USAGE = chunk({ choices: [], usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 } });

/** A gateway before an upstream whose streams state their usage, and end when `release` is called. */
async function heldOpen(options: TestGatewayOptions = {}, stream = `${USAGE}data: [DONE]\n\n`) {
  const held: ServerResponse[] = [];
  const intercept = (_: Seen, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(stream);
    held.push(response);
    return true;
  };
  const upstream = await startUpstream({ intercept });
  const gateway = await startGateway({ origin: upstream.origin, limits: [runLimit('tokens', 1e6)], ...options });
  open.push(gateway, upstream);
  const post = () => gateway.post(PATH, { ...CHAT, stream: true, stream_options: { include_usage: true } });
  const release = () => {
    for (const each of held) each.end();
  };
  return { gateway, post, held, release };
}

async function plain(options: TestGatewayOptions = {}) {
  const upstream = await startUpstream();
  const gateway = await startGateway({ origin: upstream.origin, ...options });
  open.push(gateway, upstream);
  return gateway;
}

describe('waiting for the calls under way', () => {
  it('ends when the last one is settled, though its answer goes on', async () => {
    const { gateway, post, held, release } = await heldOpen();
    const answered = post();
    await vi.waitFor(() => {
      expect(held).toHaveLength(1);
    });
    expect(await gateway.gateway.idle(10_000)).toBe(true);
    expect(gateway.settled()).toMatchObject([{ source: 'reported' }]);
    expect(gateway.replied).toEqual([]);
    release();
    expect((await answered).complete).toBe(true);
  });

  it('ends with the time for it, where a call does not', async () => {
    const { gateway, post, held, release } = await heldOpen({}, chunk({ choices: [] }));
    const answered = post();
    await vi.waitFor(() => {
      expect(held).toHaveLength(1);
    });
    expect(await gateway.gateway.idle(20)).toBe(false);
    const idle = gateway.gateway.idle(10_000);
    release();
    expect(await idle).toBe(true);
    await answered;
    expect(gateway.ledger.snapshot().inFlight).toBe(0);
  });
});

describe('a reply', () => {
  it('is told of when the refusal has been written', async () => {
    const gateway = await plain({ limits: [runLimit('tokens', 10)] });
    const [one, two] = await Promise.all([gateway.post(PATH, CHAT), gateway.post(PATH, CHAT)]);
    expect([one.status, two.status]).toEqual([402, 402]);
    await vi.waitFor(() => {
      expect([...gateway.replied].sort()).toEqual(gateway.refused().map(({ id }) => id));
    });
  });

  it('is told of when the answer has been passed on whole, and not before', async () => {
    const { gateway, post, held, release } = await heldOpen();
    const answered = post();
    await vi.waitFor(() => {
      expect(gateway.settled()).toHaveLength(1);
    });
    expect(held).toHaveLength(1);
    expect(gateway.replied).toEqual([]);
    release();
    await answered;
    await vi.waitFor(() => {
      expect(gateway.replied).toEqual([gateway.settled()[0]?.id]);
    });
  });

  it.each([
    ['a request that cannot be metered', `POST /v1/batches HTTP/1.1\r\n${HEADERS}\r\ncontent-length: 2\r\n\r\n{}`],
    ['a web socket', `GET /v1/realtime HTTP/1.1\r\n${HEADERS}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`],
  ])('is told of where %s was refused', async (_, request) => {
    const gateway = await plain();
    const socket = dial(gateway.port, gateway.preamble());
    socket.write(request);
    const [first] = await new Promise<[Buffer]>((resolve) =>
      socket.once('data', (...data: [Buffer]) => {
        resolve(data);
      }),
    );
    expect(first.toString()).toMatch(/^HTTP\/1.1 402 /);
    await vi.waitFor(() => {
      expect(gateway.replied).toEqual(gateway.refused().map(({ id }) => id));
    });
    expect(gateway.replied).toHaveLength(1);
    socket.destroy();
  });

  it('is told of where its client has left', async () => {
    const { gateway, held, release } = await heldOpen();
    const body = JSON.stringify({ ...CHAT, stream: true });
    const socket = dial(gateway.port, gateway.preamble());
    socket.write(`POST ${PATH} HTTP/1.1\r\n${HEADERS}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    await vi.waitFor(() => {
      expect(held).toHaveLength(1);
    });
    expect(gateway.replied).toEqual([]);
    socket.destroy();
    await vi.waitFor(() => {
      expect(gateway.replied).toEqual(gateway.reserved().map(({ id }) => id));
    });
    release();
  });
});

describe('the end of a gateway', () => {
  it('is reached when all its connections are closed, and nobody can open another', async () => {
    const gateway = await plain();
    const socket = dial(gateway.port, gateway.preamble());
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await gateway.close();
    await closed;
    const late = net.connect(gateway.port, '127.0.0.1');
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => late.once('error', resolve));
    expect(error.code).toBe('ECONNREFUSED');
  });
});
