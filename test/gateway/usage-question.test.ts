/** The wish for usage, which the gateway adds to a stream's request, is taken back wherever a server refuses it. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream, type Seen } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const STREAM = { model: 'm', messages: [{ role: 'user', content: 'hi' }], max_tokens: 100, stream: true };
const PATH = '/v1/chat/completions';
const asked = ({ body }: Seen) => 'stream_options' in body;

type Refuse = (seen: Seen, to: ServerResponse) => boolean;

async function before(refuse: Refuse, host = 'llm.example', options: TestGatewayOptions = {}) {
  const upstream = await startUpstream({ intercept: refuse });
  const upstreams = [{ host, forwardTo: new URL(upstream.origin) }];
  const gateway = await startGateway({ upstreams, limits: [runLimit('tokens', 1e6)], ...options });
  open.push(gateway, upstream);
  return { upstream, gateway, ask: (more: object = {}) => gateway.post(PATH, { ...STREAM, ...more }, {}, host) };
}

/** Answers every request with the question in this way. */
const refusing =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Refuse =>
  (seen, to) => {
    if (!asked(seen)) return false;
    to.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    return true;
  };

describe('a question that is refused', () => {
  it.each<[string, number, string | Buffer, Record<string, string>?]>([
    ['by its name', 400, '{"error":{"message":"Unknown parameter: \'stream_options\'"}}'],
    [
      'by its member',
      400,
      '{"error_code":"BAD_REQUEST","message":"Stream option \\"include_usage\\" is not supported"}',
    ],
    ['by a validator', 422, '{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"]}]}'],
    ['in other words', 400, '{"error":{"message":"Ungültige Anfrage"}}'],
    ['without a word', 400, ''],
    ['by a page', 400, '<html>Bad Request</html>', { 'content-type': 'text/html' }],
    ['in a compressed answer', 400, gzipSync('{"error":"stream_options"}'), { 'content-encoding': 'gzip' }],
    ['by a firewall', 403, 'blocked'],
    ['as not found', 404, '{"detail":"Not Found"}'],
    ['as not allowed', 405, ''],
    ['as of no known media', 415, ''],
    ['as not implemented', 501, '{"error":"not implemented"}'],
    ['by name in a server error', 500, '{"error":"unexpected keyword argument stream_options"}'],
    ['by name in a bad gateway', 502, '{"error":"upstream: unknown field stream_options"}'],
    ['by name in a success', 200, '{"error":{"message":"stream_options is not supported"}}'],
  ])('%s is taken back, once for a model, and costs nothing', async (_, status, body, headers = {}) => {
    const { upstream, gateway, ask } = await before(refusing(status, body, headers));
    for (let round = 0; round < 3; round += 1) {
      const answered = await ask();
      expect(answered.status).toBe(200);
      expect(answered.text).toContain('[DONE]');
    }
    expect(upstream.seen.map(asked)).toEqual([true, false, false, false]);
    expect(upstream.seen[1]?.body).toEqual(STREAM);
    expect(gateway.reserved()).toHaveLength(3);
    expect(gateway.settled().map(({ source }) => source)).toEqual(['estimated', 'estimated', 'estimated']);
    await ask({ model: 'another' });
    expect(upstream.seen.slice(4).map(asked)).toEqual([true, false]);
    expect(gateway.failures).toEqual([]);
  });

  it('by an error that may come after work costs that call its hold, and the second is a call of its own', async () => {
    const { upstream, gateway, ask } = await before(refusing(500, '{"error":"internal"}'));
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(200);
    expect(upstream.seen.map(asked)).toEqual([true, false, false]);
    expect(gateway.reserved()).toHaveLength(3);
    expect(gateway.settled().map(({ source }) => source)).toEqual(['held', 'estimated', 'estimated']);
    expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, held: { tokens: 0 } });
  });

  it('by such an error is not tried again where no room is left, and its client has the error', async () => {
    const limits = [runLimit('tokens', 1_500)];
    const { upstream, gateway, ask } = await before(refusing(500, '{"error":"internal"}'), undefined, {
      limits,
      waitMs: 10,
    });
    const answered = await ask();
    expect({ status: answered.status, text: answered.text }).toEqual({ status: 500, text: '{"error":"internal"}' });
    expect(upstream.seen).toHaveLength(1);
    expect(gateway.settled()).toMatchObject([{ source: 'held' }]);
    expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0, held: { tokens: 0 } });
  });
});

describe('an error that is not about the question', () => {
  it.each([401, 402, 408, 429, 499, 502, 503, 504, 524])('is passed on at once: %i', async (status) => {
    const { upstream, ask } = await before((_, to) => {
      to.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"no"}');
      return true;
    });
    const answered = await ask();
    expect({ status: answered.status, text: answered.text }).toEqual({ status, text: '{"error":"no"}' });
    expect(upstream.seen).toHaveLength(1);
  });

  it('is the second answer’s to tell where it might have been', async () => {
    const { upstream, gateway, ask } = await before((seen, to) => {
      to.writeHead(400, { 'content-type': 'application/json' }).end(`{"error":"${asked(seen) ? 'first' : 'second'}"}`);
      return true;
    });
    for (let round = 0; round < 2; round += 1) expect((await ask()).text).toBe('{"error":"second"}');
    // Nothing was learned of the question.
    expect(upstream.seen.map(asked)).toEqual([true, false, true, false]);
    expect(gateway.voided()).toHaveLength(2);
  });

  it('is passed on at once where the model has answered the question before', async () => {
    let fails = false;
    const { upstream, ask } = await before((_, to) => {
      if (fails) to.writeHead(400).end('no');
      return fails;
    });
    expect((await ask()).status).toBe(200);
    fails = true;
    expect((await ask()).status).toBe(400);
    expect(upstream.seen).toHaveLength(2);
  });

  it('is no error where an answer that is JSON speaks of it', async () => {
    const answer = { model: 'm', choices: [{ message: { content: 'Set stream_options.' } }], error: null };
    const { upstream, ask } = await before((_, to) => {
      to.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      return true;
    });
    expect(JSON.parse((await ask()).text)).toEqual(answer);
    expect(upstream.seen).toHaveLength(1);
  });
});

describe('who is known to refuse the question', () => {
  it.each([
    'adb-1.2.azuredatabricks.net',
    'dbc-1.cloud.databricks.com',
    'api.eu.mistral.ai',
    'api.groq.com',
    'openrouter.ai',
  ])('is not asked: %s', async (host) => {
    const { upstream, ask } = await before(() => false, host, { unpriced: 'warn' });
    await ask();
    expect(upstream.seen.map(asked)).toEqual([false]);
  });

  it('is not asked beside data sources of Azure’s, nor of Mistral’s models at hosts of many', async () => {
    const { upstream, ask } = await before(() => false, 'acme.openai.azure.com');
    await ask({ data_sources: [{ type: 'azure_search' }] });
    await ask({ model: 'Mistral-Large-2411' });
    await ask({ model: 'gpt-4o' });
    expect(upstream.seen.map(asked)).toEqual([false, false, true]);
  });
});
