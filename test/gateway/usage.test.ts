/** What processes of the run are told of the budget, and what calls say of themselves. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exchangeBytes } from '../support/client.js';
import { runLimit, startGateway, type TestGateway } from '../support/gateway.js';
import { startUpstream, type Upstream } from '../support/upstream.js';

const HOST = 'token-budget.internal';
const BODY = { model: 'gpt-4o', messages: [], max_tokens: 50 };
const PURPOSE = 'x-token-budget-context';

let upstream: Upstream;
let gateway: TestGateway;
beforeEach(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({
    origin: upstream.origin,
    limits: [runLimit('tokens', 480), runLimit('cost_usd', 1e9)],
  });
});
afterEach(async () => {
  expect(gateway.failures).toEqual([]);
  await gateway.close();
  upstream.close();
});

async function usage(query = '', line = gateway.preamble(HOST, 'http')): Promise<{ status: number; json: unknown }> {
  const request = `GET /v1/usage${query} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;
  const text = await exchangeBytes(gateway.port, [line + request]);
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  return { status: Number(text.split(' ')[1]), json: body === '' ? undefined : JSON.parse(body) };
}

const call = (purpose?: string) =>
  gateway.post('/v1/chat/completions', BODY, purpose === undefined ? {} : { [PURPOSE]: purpose });

describe('the budget, asked for by a process of the run', () => {
  it('is told in counts, with what one row has used, as soon as a call is answered', async () => {
    expect((await usage()).json).toEqual({
      on_exceed: 'raise',
      used: 0,
      input: 0,
      output: 0,
      calls: 0,
      refused: 0,
      cost_nano_usd: 0,
      limit: 480,
      remaining: 480,
      exceeded: false,
      limits: [
        { dimension: 'tokens', scope: 'run', ceiling: 480, settled: 0, held: 0 },
        { dimension: 'cost_usd', scope: 'run', ceiling: 1e9, settled: 0, held: 0 },
      ],
    });
    await call('predict row-1');
    await call('judge row-1');
    const cost = 100 * 2500 + 50 * 10_000;
    const { json } = await usage('?row=row-1');
    expect(json).toMatchObject({ used: 300, calls: 2, remaining: 180, exceeded: false, cost_nano_usd: 2 * cost });
    expect(json).toMatchObject({ row: { calls: 2, refused: 0, input: 200, output: 100, used: 300 } });
    expect((await call('predict row-2')).status).toBe(402);
    expect((await usage('?row=row-2')).json).toMatchObject({
      exceeded: true,
      refused: 1,
      row: { calls: 0, refused: 1, used: 0, cost_nano_usd: 0 },
    });
  });

  it('tells no remainder where the tokens of the run are not limited', async () => {
    const free = await startGateway({ limits: [runLimit('calls', 5)] });
    const request = `GET /v1/usage HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;
    const text = await exchangeBytes(free.port, [free.preamble(HOST, 'http') + request]);
    expect(text).toContain('"limit":null,"remaining":null');
    await free.close();
  });

  it('is told to nobody without the secret, nor to a web page', async () => {
    const line = `TB1 ${'0'.repeat(64)} http ${HOST}:80\r\n`;
    expect((await usage('', line)).status).toBe(401);
    const page = `GET /v1/usage HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n`;
    expect(await exchangeBytes(gateway.port, [gateway.preamble(HOST, 'http') + page])).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(['?row=', '?row=a%20b', '?row=../x', `?row=${'a'.repeat(65)}`, '/x', '?row=<script>'])(
    'has no other answer: %s',
    async (query) => {
      expect((await usage(query)).status).toBe(404);
    },
  );

  it.each(['POST /v1/usage', 'GET //evil.example/v1/usage', 'GET http://evil.example/', 'DELETE /'])(
    'takes no other request: %s',
    async (line) => {
      const request = `${line} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
      const text = await exchangeBytes(gateway.port, [gateway.preamble(HOST, 'http') + request]);
      expect(text).toMatch(/^HTTP\/1\.1 404 /);
      expect(upstream.seen).toEqual([]);
    },
  );

  it.each([
    ['https', 443],
    ['http', 8080],
  ] as const)('is no host to reach by %s on %i', async (scheme, port) => {
    expect((await usage('', gateway.preamble(HOST, scheme, port))).status).toBe(403);
  });
});

describe('what a call is for', () => {
  it('is kept in the journal and goes no further', async () => {
    await call('preflight');
    await call('predict 0f8c-11_A');
    expect(gateway.reserved().map(({ phase, row }) => [phase, row])).toEqual([
      ['preflight', undefined],
      ['predict', '0f8c-11_A'],
    ]);
    expect(upstream.seen.every(({ headers }) => headers[PURPOSE] === undefined)).toBe(true);
    expect((await call('judge 0f8c-11_A')).status).toBe(402);
    expect(gateway.refused()).toMatchObject([{ phase: 'judge', row: '0f8c-11_A' }]);
  });

  it.each(['other', 'judge a b', 'predict sk@secret', `judge ${'a'.repeat(65)}`, 'JUDGE a', 'predict é'])(
    'is not known where its header is of no known form: %s',
    async (header) => {
      await call(header);
      expect(gateway.reserved().map(({ phase, row }) => ({ phase, row }))).toEqual([{}]);
    },
  );
});
