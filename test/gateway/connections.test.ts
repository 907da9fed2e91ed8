/** A connection may bring its bytes in any pieces; one that brings too few or too many harms no other. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dial, exchangeBytes } from '../support/client.js';
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
const statusOf = (text: string) => Number(text.split(' ')[1]);

/** A request that the gateway takes; others must not have harmed it. */
async function expectServing(): Promise<void> {
  const seen = upstream.requests.length;
  expect((await gateway.post('/v1/chat/completions', BODY)).status).toBe(200);
  expect(upstream.requests).toHaveLength(seen + 1);
}

describe('a connection', () => {
  it('may bring its route line cut at any byte', async () => {
    const bytes = gateway.preamble() + call();
    const line = gateway.preamble().length;
    const cuts = Array.from({ length: line + 2 }, (_, i) => i + 1);
    const texts = await Promise.all(
      cuts.map((at) => exchangeBytes(gateway.port, [bytes.slice(0, at), bytes.slice(at)], /Paris/)),
    );
    expect(texts.map(statusOf)).toEqual(cuts.map(() => 200));
    expect(upstream.requests).toHaveLength(cuts.length);
  });

  it('may bring its bytes one by one', async () => {
    expect(statusOf(await exchangeBytes(gateway.port, (gateway.preamble() + call()).split(''), /Paris/))).toBe(200);
  });

  it.each(['T', 'TB1', 'TRACE / HTTP/1.1\r\n'])('of HTTP that begins like a route line is read: %j', async (start) => {
    const socket = dial(gateway.port, start);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined).resume();
    socket.end();
    await closed;
    await expectServing();
  });

  it.each([
    ['the route line', 'TB'],
    ['a header', 'POST / HTTP/1.1\r\nx: '],
  ])('that brings %s drop by drop is cut, and others are served meanwhile', async (_, start) => {
    const socket = dial(gateway.port, start);
    const drops = setInterval(() => socket.write('1'), 50);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined).resume();
    await expectServing();
    await closed;
    clearInterval(drops);
    await expectServing();
  });

  it("of the run's own that brings a header drop by drop is answered by 408, and others are served meanwhile", async () => {
    const socket = dial(
      gateway.port,
      `${gateway.preamble()}POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\nx: `,
    );
    const drops = setInterval(() => socket.write('1'), 50);
    let text = '';
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => (text += chunk.toString()));
    await expectServing();
    await closed;
    clearInterval(drops);
    expect(statusOf(text)).toBe(408);
    expect(upstream.requests).toHaveLength(1);
  });

  it('that brings headers without end is cut, by a 431 where that still reaches it', async () => {
    const huge =
      `POST / HTTP/1.1\r\n${'x: '.padEnd(1000, 'y')}\r\n`.repeat(1) + `${'x: '.padEnd(1000, 'y')}\r\n`.repeat(200);
    const text = await exchangeBytes(gateway.port, [gateway.preamble() + huge]);
    expect(text === '' ? 431 : statusOf(text)).toBe(431);
    expect(upstream.connections()).toBe(0);
    await expectServing();
  });
});
