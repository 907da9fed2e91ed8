/** A header that comes more than once passes by HTTP/2, whichever HTTP the upstream speaks. */
import http2, { type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newIdentity, type Identity } from '../support/bedrock.js';
import { dial } from '../support/client.js';
import { startGateway } from '../support/gateway.js';
import { startRaw } from '../support/raw.js';

let identity: Identity;
const open: { close(): unknown }[] = [];

beforeAll(() => {
  identity = newIdentity();
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
});
afterAll(() => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const BODY = '{"output":{},"usage":{"inputTokens":5,"outputTokens":6,"totalTokens":11}}';
/** What Node itself would not send more than once, and what it would. */
const FIELDS: readonly (readonly [string, string])[] = [
  ...(
    ['content-type', 'x-content-type-options', 'etag', 'retry-after', 'date', 'age', 'last-modified'] as const
  ).flatMap((name) => [
    [name, name === 'content-type' ? 'application/json' : 'first'] as const,
    [name, name === 'content-type' ? 'application/json' : 'second'] as const,
  ]),
  ...(['set-cookie', 'vary', 'via', 'cache-control', 'x-own'] as const).flatMap((name) => [
    [name, 'a'] as const,
    [name, 'b'] as const,
  ]),
];

/** A frame of HTTP/2 (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Literal fields without indexing (RFC 7541, 6.2.2), each shorter than 127 bytes. */
function literal([name, value]: readonly [string, string]): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

const [SETTINGS, HEADERS, DATA] = [4, 1, 0] as const;
const [ACK, END_HEADERS, END_STREAM] = [1, 4, 1] as const;

/** An upstream that answers each stream with these fields as they are, which no HTTP/2 of Node's would send. */
async function startFrames(): Promise<string> {
  const answer = (stream: number) => [
    frame(HEADERS, END_HEADERS, stream, Buffer.concat([[':status', '200'] as const, ...FIELDS].map(literal))),
    frame(DATA, END_STREAM, stream, Buffer.from(BODY)),
  ];
  const server = tls.createServer({ key: identity.key, cert: identity.cert, ALPNProtocols: ['h2'] }, (socket) => {
    let rest = Buffer.alloc(0);
    let skip = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length;
    socket.write(frame(SETTINGS, 0, 0, Buffer.alloc(0)));
    socket
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        if (skip > 0 && rest.length >= skip) [rest, skip] = [rest.subarray(skip), 0];
        while (skip === 0 && rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
          const [length, type, flags, stream] = [rest.readUIntBE(0, 3), rest[3], rest[4] ?? 0, rest.readUInt32BE(5)];
          rest = rest.subarray(9 + length);
          if (type === SETTINGS && (flags & ACK) === 0) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
          if (type === DATA && (flags & END_STREAM) !== 0) for (const each of answer(stream)) socket.write(each);
        }
      });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  open.push(server);
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

async function startText(): Promise<string> {
  const fields = FIELDS.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const upstream = await startRaw((socket) =>
    socket.write(`HTTP/1.1 200 OK\r\n${fields}content-length: ${BODY.length}\r\n\r\n${BODY}`),
  );
  open.push(upstream);
  return upstream.origin;
}

/** Asks by HTTP/2, and tells of the answer and of what it cost. */
async function ask(origin: string) {
  const host = 'bedrock-runtime.us-east-1.amazonaws.com';
  const gateway = await startGateway({ upstreams: [{ host, forwardTo: new URL(origin) }] });
  const socket = dial(gateway.port, gateway.preamble(host));
  const session = http2.connect(`http://${host}`, { createConnection: () => socket });
  open.push(gateway, session);
  const path = '/model/amazon.nova-lite-v1%3A0/converse';
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/json' });
  const told = await new Promise<{ headers: IncomingHttpHeaders; text: string; code: number }>((resolve) => {
    let headers: IncomingHttpHeaders = {};
    let text = '';
    stream.on('response', (each: IncomingHttpHeaders) => (headers = each)).on('error', () => undefined);
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    stream.on('close', () => {
      resolve({ headers, text, code: stream.rstCode });
    });
    stream.end('{"messages":[],"inferenceConfig":{"maxTokens":50}}');
  });
  return { gateway, ...told };
}

describe.each([
  ['HTTP/2', startFrames],
  ['HTTP/1', startText],
])('an answer by %s that has headers more than once', (_, start) => {
  it('passes with the first of those that may stand once, and with all of the others', async () => {
    const { gateway, headers, text, code } = await ask(await start());
    expect({ status: headers[':status'], text, code }).toEqual({ status: 200, text: BODY, code: 0 });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      etag: 'first',
      'x-content-type-options': 'first',
    });
    expect(headers).toMatchObject({ 'set-cookie': ['a', 'b'], vary: 'a, b', via: 'a, b', 'x-own': 'a, b' });
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 5, output: 6 } }]);
    expect(gateway.failures).toEqual([]);
  });
});

it('an answer that has headers more than once reaches a client of HTTP/1 as it is', async () => {
  const gateway = await startGateway({ origin: await startText() });
  open.push(gateway);
  const host = 'bedrock-runtime.us-east-1.amazonaws.com';
  const answered = await gateway.post('/model/amazon.nova-lite-v1%3A0/converse', { messages: [] }, {}, host);
  expect(answered).toMatchObject({ status: 200, text: BODY });
  expect(answered.headers).toMatchObject({ 'set-cookie': ['a', 'b'], vary: 'a, b' });
});
