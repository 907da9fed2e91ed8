/** Bodies that inflate to a gigabyte: what is read of them stays bounded, and the gateway goes on serving. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runLimit, startGateway } from '../support/gateway.js';
import { COMPLETION, jsonBytes, startRaw } from '../support/raw.js';

const MIB = 1024 * 1024;
let bomb: Buffer;

beforeAll(async () => {
  const block = Buffer.alloc(MIB, 0x20);
  const chunks: Buffer[] = [];
  const spaces = Readable.from(Array.from({ length: 1024 }, () => block));
  await pipeline(spaces, createGzip({ level: 1 }), async (zipped) => {
    for await (const chunk of zipped) chunks.push(chunk as Buffer);
  });
  bomb = Buffer.concat(chunks);
}, 120_000);
afterAll(() => {
  bomb = Buffer.alloc(0);
});

const CALL = { model: 'gpt-4o', messages: [], max_tokens: 5 };

/** The most memory in use while something runs, in MiB above what it was. */
async function peakOf(run: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  await run();
  clearInterval(timer);
  return (peak - before) / MIB;
}

test('a request that inflates to 1 GiB is refused, and no byte of it leaves', async () => {
  expect(bomb.length).toBeLessThan(8 * MIB);
  const upstream = await startRaw((socket) => socket.write(jsonBytes(COMPLETION)));
  const gateway = await startGateway({ origin: upstream.origin, limits: [runLimit('calls', 9)] });
  const peak = await peakOf(async () => {
    const answered = await gateway.post('/v1/chat/completions', bomb, { 'content-encoding': 'gzip' });
    expect(answered.status).toBe(402);
  });
  expect(peak).toBeLessThan(512);
  expect(upstream.connections()).toBe(0);
  expect(
    (await gateway.post('/v1/chat/completions', gzipSync(JSON.stringify(CALL)), { 'content-encoding': 'gzip' })).status,
  ).toBe(200);
  expect(gateway.failures).toEqual([]);
  await gateway.close();
  upstream.close();
}, 60_000);

test('an answer that inflates to 1 GiB reaches the client byte for byte and costs its hold', async () => {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
  const upstream = await startRaw((socket) => {
    socket.write(head);
    socket.write(bomb);
  });
  const gateway = await startGateway({ origin: upstream.origin, limits: [runLimit('tokens', 100_000)] });
  const peak = await peakOf(async () => {
    const answered = await gateway.post('/v1/chat/completions', CALL);
    expect(answered.body.equals(bomb)).toBe(true);
  });
  expect(peak).toBeLessThan(512);
  const [reserved] = gateway.reserved();
  expect(gateway.settled()).toMatchObject([{ usage: { output: reserved?.hold.output } }]);
  expect(gateway.failures).toEqual([]);
  await gateway.close();
  upstream.close();
}, 60_000);
