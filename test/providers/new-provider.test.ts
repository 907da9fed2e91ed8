/**
 * A provider and a wire format of which the code knows nothing are each added as one value, and nothing else is touched:
 * calls to them are routed, bounded, metered, priced and settled, their errors are judged, their keys are held.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usageOf } from '../../src/domain/usage.js';
import { heldKeys } from '../../src/gateway/held-keys.js';
import { objectAt, parseObject, reportedCount, textOf, type JsonObject } from '../../src/lib/json.js';
import type { Dialect } from '../../src/meter/dialects/dialect.js';
import { formatsOf } from '../../src/meter/dialects/formats.js';
import { DIALECTS, FORMATS } from '../../src/meter/dialects/index.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { providersOf } from '../../src/providers/lookup.js';
import type { Provider } from '../../src/providers/provider.js';
import { runLimit, startGateway, type TestGateway } from '../support/gateway.js';

const HOST = 'api.nimbus.example';
const KEY = 'nb-0123456789abcdef';

/** The one row of a new provider. */
const nimbus: Provider = {
  name: 'nimbus',
  hosts: [HOST],
  keys: { variables: ['NIMBUS_API_KEY'], prefix: 'nb-', places: ['x-api-key'] },
  dialect: 'nimbus-say',
  maker: 'mistral',
  statuses: [
    {
      statuses: [500],
      own: true,
      billed: false,
      basis: 'stated',
      why: 'errors are not billed',
      source: 'https://nimbus.example/billing',
      date: '2026-11-28',
    },
  ],
  tiers: [{ models: 'cirrus-1', factors: { fast: 3_000_000 }, source: 'nimbus.example/fast, 2026-11-28' }],
  prices: [
    {
      models: 'cirrus-1',
      rates: { input: 1_000_000, output: 2_000_000, cacheRead: 0, cacheWrite: 1_000_000, cacheWrite1h: 1_000_000 },
      source: 'nimbus.example/prices, 2026-11-28',
    },
  ],
};

/** The one value of a new wire format. */
const say: Dialect = {
  name: 'nimbus-say',
  by: 'nimbus',
  suffixes: ['/say'],
  free: [/\/weigh$/],
  lowers: ['most_words'],
  serviceWords: ({ hurry }) => ({ tiers: [hurry === true ? 'fast' : ''] }),
  read: (body) => ({
    model: textOf(body.voice) ?? '',
    stream: body.flow === true,
    outputBound: reportedCount(body.most_words),
    answers: 1,
  }),
  bound: (tokens) => ({ most_words: tokens }),
  askForUsage: (body) => (body.flow === true && body.tell !== true ? { tell: true } : undefined),
  namesUsageWish: /\btell\b/,
  stripUsage: (block, data) => (parseObject(data)?.words === undefined ? [block] : []),
  reported: reportedIn,
  isFinal: (answer) => textOf(answer.said) !== undefined,
  stream: () => {
    let reported = reportedIn({});
    return {
      event(data) {
        reported = reportedIn(parseObject(data) ?? {}) ?? reported;
        return reported !== undefined;
      },
      get reported() {
        return reported;
      },
    };
  },
  refusal: (message) => ({ silence: message }),
};

function reportedIn(answer: JsonObject) {
  const { read, said } = objectAt(answer, 'words');
  const [input, output] = [reportedCount(read), reportedCount(said)];
  return input === undefined || output === undefined ? undefined : { usage: usageOf({ input, output }) };
}

const providers = providersOf(PROVIDERS.all, nimbus);
const formats = formatsOf([], [DIALECTS['openai-chat'], ...Object.values(DIALECTS), say], FORMATS.endpoints);

interface Seen {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: JsonObject;
}

let seen: Seen[];
let upstream: http.Server;
let gateway: TestGateway;
const held = heldKeys({ keys: 'gateway', upstreams: [] }, { NIMBUS_API_KEY: KEY }, providers);
const placeholder = held[0]?.placeholder ?? '';

async function start(limit = runLimit('tokens', 100_000)): Promise<void> {
  seen = [];
  upstream = http.createServer(answer);
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  const upstreams = [{ host: HOST, forwardTo: new URL(`http://127.0.0.1:${port}`) }];
  gateway = await startGateway({ providers, formats, held, upstreams, limits: [limit], outputTokens: 500 });
}

/** An upstream that speaks the new format. */
function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = parseObject(Buffer.concat(chunks).toString()) ?? {};
    seen.push({ path: request.url ?? '', key: textOf(request.headers['x-api-key']), body });
    if (body.fail === true) {
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}');
      return;
    }
    const words = { read: 20, said: 30 };
    if (body.flow === true) {
      const usage = body.tell === true ? `data: ${JSON.stringify({ words })}\n\n` : '';
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: {"part":"hi"}\n\n${usage}`);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ said: 'hi', words }));
  });
}

const ask = (more: object = {}, path = '/v1/say', headers = {}) =>
  gateway.post(path, { voice: 'cirrus-1', text: 'hello', ...more }, headers, HOST);

afterEach(async () => {
  expect(gateway.failures).toEqual([]);
  await gateway.close();
  upstream.close();
});

describe('a provider and a wire format that are added as one value each', () => {
  beforeEach(() => start());

  it('are routed, bounded, metered, priced and settled', async () => {
    expect((await ask()).status).toBe(200);
    expect(seen[0]?.body).toMatchObject({ text: 'hello', most_words: 500 });
    expect(gateway.reserved()[0]).toMatchObject({
      ...{ provider: 'nimbus', host: HOST, model: 'cirrus-1', dialect: 'nimbus-say', rate: 'table' },
      hold: { output: 500 },
    });
    // The input is bounded by the bytes and the rule of the row's maker.
    expect(gateway.reserved()[0]?.hold.input).toBeGreaterThan(64);
    // 20 at $1 and 30 at $2 per million, in nano-USD.
    expect(gateway.settled()[0]).toMatchObject({ source: 'reported', usage: { input: 20, output: 30 }, cost: 80_000 });
  });

  it('hold their dearer tier by the format’s word and the row’s factor', async () => {
    await ask({ most_words: 100, text: 'hullo' });
    await ask({ most_words: 100, hurry: true });
    const [plain, hurried] = gateway.reserved();
    expect(hurried?.hold.cost).toBeGreaterThan(2.9 * (plain?.hold.cost ?? Infinity));
  });

  it('are asked for the usage of a stream, which the client does not see', async () => {
    const answered = await ask({ flow: true });
    expect(seen[0]?.body.tell).toBe(true);
    expect(answered.text).toBe('data: {"part":"hi"}\n\n');
    expect(gateway.settled()[0]).toMatchObject({ source: 'reported', cost: 80_000 });
  });

  it('have their errors judged by the row', async () => {
    expect((await ask({ fail: true })).status).toBe(500);
    expect(gateway.voided()).toHaveLength(1);
  });

  it('have their free paths passed on, and all others refused in their own words', async () => {
    expect((await ask({}, '/v1/weigh')).status).toBe(200);
    expect(gateway.reserved()).toEqual([]);
    const refused = await ask({}, '/v1/shout');
    expect(refused.status).toBe(402);
    expect(JSON.parse(refused.text)).toHaveProperty('silence');
  });

  it('get their key at their own host, and nowhere else', async () => {
    expect(placeholder).toMatch(/^nb-[0-9a-f]{64}$/);
    await ask({}, '/v1/say', { 'x-api-key': placeholder });
    expect(seen[0]?.key).toBe(KEY);
    const astray = await gateway.post('/v1/messages', {}, { 'x-api-key': placeholder }, 'api.anthropic.com');
    expect(astray.status).toBe(403);
  });
});

it('is refused where its worst case does not fit', async () => {
  await start(runLimit('cost_usd', 1_000));
  const refused = await ask();
  expect(refused.status).toBe(402);
  expect(seen).toEqual([]);
  expect(gateway.refused()[0]).toMatchObject({ provider: 'nimbus', reason: 'call_too_large' });
});
