/** A client that speaks HTTP/2 reaches an upstream by HTTP/2, and what goes wrong on either side costs what it should. */
import http2, { constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newIdentity, startBedrock, type Answering, type Identity } from '../support/bedrock.js';
import { encodeMessage } from '../support/event-stream.js';
import { dial } from '../support/client.js';
import { runLimit, startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';

let identity: Identity;
const open: { close(): unknown }[] = [];

beforeAll(() => {
  identity = newIdentity();
  // Read at each connection, unlike the certificates to trust; that those are checked is shown below.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
});
afterAll(() => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

interface Setting extends TestGatewayOptions {
  readonly answer?: Answering;
  readonly only1?: boolean;
  readonly host?: string;
}

async function setUp({ answer, only1 = false, host = 'localhost', ...options }: Setting = {}) {
  const upstream = await startBedrock(identity, answer, only1);
  const name = `${host}:${upstream.port}`;
  const upstreams = [{ host: name, provider: 'aws' }];
  const gateway = await startGateway({ upstreams, limits: [runLimit('tokens', 1e6)], ...options });
  const session = connect(gateway, host, upstream.port);
  open.push(upstream, gateway, session);
  return { upstream, gateway, session, name };
}

function connect(gateway: TestGateway, host: string, port: number): ClientHttp2Session {
  const socket = dial(gateway.port, gateway.preamble(host, 'https', port));
  const session = http2.connect(`http://${host}:${port}`, { createConnection: () => socket });
  session.on('error', () => undefined);
  return session;
}

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** How the stream ended, as HTTP/2 codes it: 0 in good order. */
  readonly code: number;
}

const PATH = '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.amazon.nova-lite-v1%3A0';
const BODY = JSON.stringify({
  messages: [{ role: 'user', content: [{ text: 'x' }] }],
  inferenceConfig: { maxTokens: 50 },
});

function post(session: ClientHttp2Session, operation = 'converse', body = BODY): Promise<Told> {
  const stream = session.request({
    ':method': 'POST',
    ':path': `${PATH}/${operation}`,
    'content-type': 'application/json',
  });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.on('response', (each: IncomingHttpHeaders) => {
      headers = each;
    });
    stream.on('trailers', (each: IncomingHttpHeaders) => {
      trailers = each;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
    stream.on('close', () => {
      resolve({ headers, trailers, body: Buffer.concat(chunks), code: stream.rstCode });
    });
    stream.end(body);
  });
}

describe('a call by HTTP/2', () => {
  it('reaches the upstream by HTTP/2 with its path, authority and body as they were', async () => {
    const { upstream, gateway, session, name } = await setUp();
    const { headers, body, code } = await post(session);
    expect({ status: headers[':status'], code }).toEqual({ status: 200, code: 0 });
    expect(body.toString()).toContain('four');
    expect(upstream.seen).toMatchObject([{ version: '2.0', path: `${PATH}/converse`, authority: name, body: BODY }]);
    expect(gateway.settled()).toMatchObject([
      { source: 'reported', usage: { input: 1530, cacheRead: 1500, output: 12 }, status: 200 },
    ]);
    expect(gateway.reserved()).toMatchObject([{ dialect: 'bedrock-converse', hold: { output: 50 } }]);
    expect(gateway.failures).toEqual([]);
  });

  it('reaches an upstream that speaks HTTP/1 alone by that', async () => {
    const { upstream, gateway, session, name } = await setUp({ only1: true });
    expect((await post(session)).headers[':status']).toBe(200);
    expect((await post(session, 'converse-stream')).code).toBe(0);
    expect(upstream.seen).toMatchObject([{ version: '1.1', authority: name }, { version: '1.1' }]);
    expect(gateway.settled()).toMatchObject([{ source: 'reported' }, { source: 'reported' }]);
  });

  it('shares a session with a hundred others, and so does the way to the upstream', async () => {
    const { upstream, gateway, session } = await setUp();
    const kinds = ['converse', 'converse-stream', 'invoke', 'invoke-with-response-stream'];
    const told = await Promise.all(Array.from({ length: 100 }, (_, i) => post(session, kinds[i % 4])));
    expect(told.filter(({ headers, code }) => Number(headers[':status']) === 200 && code === 0)).toHaveLength(100);
    expect(upstream.sessions).toHaveLength(1);
    expect(gateway.settled().map(({ usage }) => usage.input + usage.output)).toEqual(told.map(() => 1542));
  });

  it('brings trailers to the client', async () => {
    const { session } = await setUp({
      answer: (_, __, response) => {
        response.writeHead(200, { 'content-type': 'application/json', trailer: 'x-sum' });
        response.addTrailers({ 'x-sum': '7' });
        response.end('{}');
        return true;
      },
    });
    expect(await post(session)).toMatchObject({ trailers: { 'x-sum': '7' }, code: 0 });
  });

  it('that is refused is one error of AWS, and sends nothing', async () => {
    const { upstream, gateway, session } = await setUp({ limits: [runLimit('tokens', 10)] });
    const { headers, body } = await post(session);
    expect(headers).toMatchObject({ ':status': 402, 'x-amzn-errortype': 'ServiceQuotaExceededException' });
    expect(JSON.parse(body.toString())).toEqual({ message: expect.stringContaining('token-budget') as string });
    expect(upstream.seen).toEqual([]);
    expect(gateway.refused()).toMatchObject([{ reason: 'call_too_large' }]);
  });

  it('of a kind that cannot be metered is refused in the same form', async () => {
    const { session, gateway } = await setUp();
    expect((await post(session, 'invoke-with-bidirectional-stream')).headers[':status']).toBe(402);
    expect(gateway.refused()).toMatchObject([{ reason: 'unmetered' }]);
  });

  it('that is free passes, its body too', async () => {
    const { session, upstream, gateway } = await setUp();
    expect((await post(session, 'count-tokens', '{"input":{}}')).headers[':status']).toBe(404);
    expect(upstream.seen).toMatchObject([{ body: '{"input":{}}' }]);
    expect(gateway.entries).toEqual([]);
  });

  it('to an upstream whose certificate is not trusted costs nothing', async () => {
    const { session, gateway } = await setUp();
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    try {
      expect((await post(session)).headers[':status']).toBe(502);
    } finally {
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    }
    expect(gateway.voided()).toHaveLength(1);
    expect((await post(session)).headers[':status']).toBe(200);
  });

  it('goes through the proxy of the environment, by HTTP/2 still', async () => {
    const asked: string[] = [];
    const proxy = net.createServer((socket) => {
      socket.once('data', (head) => {
        const [, target = ''] = head.toString('latin1').split(' ');
        asked.push(target);
        const way = net.connect(Number(target.split(':')[1]), 'localhost', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          socket.pipe(way).pipe(socket);
        });
        way.on('error', () => socket.destroy());
        socket.on('error', () => way.destroy());
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const { session, upstream, name } = await setUp({ host: 'up.test' });
      expect((await post(session)).headers[':status']).toBe(200);
      expect(asked).toEqual([name]);
      expect(upstream.seen).toMatchObject([{ version: '2.0', authority: name }]);
    } finally {
      delete process.env.HTTPS_PROXY;
      proxy.close();
    }
  });

  it('to a host that the policy sends elsewhere names that', async () => {
    const upstream = await startBedrock(identity);
    const forwardTo = new URL(`https://localhost:${upstream.port}`);
    const host = 'bedrock-runtime.us-east-1.amazonaws.com';
    const gateway = await startGateway({ upstreams: [{ host, forwardTo, provider: 'aws' }] });
    const session = connect(gateway, host, 443);
    open.push(upstream, gateway, session);
    expect((await post(session)).headers[':status']).toBe(200);
    expect(upstream.seen).toMatchObject([{ authority: `localhost:${upstream.port}`, version: '2.0' }]);
  });
});

describe('a client that resets its stream', () => {
  it('is charged what the upstream then states', async () => {
    const { gateway, session } = await setUp({
      answer: (_, __, response) => {
        setTimeout(() => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end('{"usage":{"inputTokens":5,"outputTokens":6}}');
        }, 150);
        return true;
      },
    });
    const stream = session.request({ ':method': 'POST', ':path': `${PATH}/converse` });
    stream.on('error', () => undefined).end(BODY);
    while (gateway.ledger.snapshot().inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stream.close(constants.NGHTTP2_CANCEL);
    await gateway.idle();
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 5, output: 6 } }]);
    expect((await post(session)).code).toBe(0);
    expect(gateway.failures).toEqual([]);
  });
});

describe('an upstream', () => {
  const START = encodeMessage({ event: 'messageStart', payload: { role: 'assistant' } });

  it('that resets a stream in mid-answer makes the client see that, and the call costs its hold', async () => {
    const { gateway, session } = await setUp({
      answer: (_, __, response) => {
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
        response.write(START);
        setTimeout(() => {
          response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        }, 50);
        return true;
      },
    });
    const { code, body } = await post(session, 'converse-stream');
    expect({ code, same: body.equals(START) }).toEqual({ code: constants.NGHTTP2_INTERNAL_ERROR, same: true });
    expect(gateway.settled()).toMatchObject([{ source: 'held', usage: { output: 50 } }]);
  });

  it('that ends its connection in mid-answer does too', async () => {
    const { gateway, session } = await setUp({
      answer: (_, request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"usage"');
        setTimeout(() => request.stream.session?.destroy(), 50);
        return true;
      },
    });
    expect((await post(session)).code).not.toBe(0);
    expect(gateway.settled()).toMatchObject([{ source: 'held' }]);
  });

  it('that says it did not look at a request is not paid for it', async () => {
    let first = true;
    const { gateway, session } = await setUp({
      answer: (_, __, response) => {
        if (first) response.stream.close(constants.NGHTTP2_REFUSED_STREAM);
        const refused = first;
        first = false;
        return refused;
      },
    });
    expect((await post(session)).headers[':status']).toBe(502);
    expect(gateway.voided()).toHaveLength(1);
    expect((await post(session)).headers[':status']).toBe(200);
  });

  it('that goes away (GOAWAY) finishes what it has, and the next call opens another session', async () => {
    const { upstream, gateway, session } = await setUp({
      answer: (_, request) => {
        request.stream.session?.goaway();
        return false;
      },
    });
    expect((await post(session)).headers[':status']).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await post(session)).headers[':status']).toBe(200);
    expect(upstream.sessions).toHaveLength(2);
    expect(gateway.settled()).toHaveLength(2);
  });

  it('is not read faster than its client reads', async () => {
    let written = 0;
    const piece = encodeMessage({ event: 'contentBlockDelta', payload: { delta: { text: 'x'.repeat(64 * 1024) } } });
    const { session } = await setUp({
      answer: (_, __, response) => {
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
        const more = () => {
          while (written < 64 * 1024 * 1024 && !response.stream.destroyed) {
            written += piece.length;
            if (!response.write(piece)) return void response.once('drain', more);
          }
          response.end();
        };
        more();
        return true;
      },
    });
    const stream = session.request({ ':method': 'POST', ':path': `${PATH}/converse-stream` });
    stream.on('error', () => undefined).end(BODY);
    await new Promise((resolve) => stream.once('response', resolve));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(written).toBeLessThan(4 * 1024 * 1024);
    stream.close(constants.NGHTTP2_CANCEL);
  });
});
