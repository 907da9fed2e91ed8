/** Whose hosts get a key, where in a request it may stand, and that nothing else gets it. */
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Upstream as UpstreamHost } from '../../src/domain/policy.js';
import { heldKeys, keptCredentials, keyVariables, withoutKeys, type HeldKey } from '../../src/gateway/held-keys.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { startRaw, jsonBytes, COMPLETION, type RawUpstream } from '../support/raw.js';
import { startGateway, type TestGateway } from '../support/gateway.js';

const REAL = 'real-key-0123456789';
const served = keyVariables(PROVIDERS).filter((each) => each.served);
const hosted = PROVIDERS.all.filter(({ hosts }) => hosts.length > 0);
const ENV = Object.fromEntries(
  [...served.map(({ variable }) => variable), 'CORP_KEY'].map((variable) => [variable, `${REAL}-${variable}`]),
);
const CORP = 'llm.corp.example';

let upstream: RawUpstream;
let gateway: TestGateway;
let held: readonly HeldKey[];

beforeEach(async () => {
  upstream = await startRaw((socket) => socket.write(jsonBytes(COMPLETION)));
  const forwardTo = new URL(upstream.origin);
  // The price of a provider makes nobody its owner.
  const corp = { host: CORP, forwardTo, provider: 'openai', keyVariable: 'CORP_KEY' };
  const known: UpstreamHost[] = hosted.map(({ hosts }) => ({ host: hostIn(hosts[0]), forwardTo }));
  const upstreams = [...known, corp, { host: 'bare.example', forwardTo, provider: 'openai' }];
  held = heldKeys({ keys: 'gateway', upstreams }, ENV);
  gateway = await startGateway({ upstreams, held, onExceed: 'warn' });
});
afterEach(async () => {
  expect(gateway.failures).toEqual([]);
  await gateway.close();
  upstream.close();
});

const hostIn = (pattern = '') => pattern.replace('*', 'mine');
const hostOf = (provider: string) => hostIn(PROVIDERS.named(provider).hosts[0]);
const keyOf = (variable: string) => {
  const key = held.find((each) => each.variable === variable);
  if (!key) throw new Error(`no key of ${variable} is held`);
  return key;
};
const BODY = { model: 'gpt-4o', messages: [], max_tokens: 5 };
const call = (host: string, headers: Record<string, string>, path = '/v1/chat/completions') =>
  gateway.post(path, BODY, headers, host);

describe('a placeholder is swapped for its key', () => {
  it.each(served.map(({ variable, provider, places }) => [variable, provider, places] as const))(
    'of %s at %s, wherever its clients put it: %j',
    async (variable, provider, places) => {
      const { placeholder, key } = keyOf(variable);
      for (const place of places) {
        const seen = upstream.requests.length;
        const value = place === 'authorization' ? `Bearer ${placeholder}` : placeholder;
        const answered =
          place === '?key='
            ? await call(hostOf(provider), {}, `/v1/chat/completions?a=1&key=${placeholder}&b=2`)
            : await call(hostOf(provider), { [place]: value });
        expect(answered.status).toBe(200);
        expect(upstream.requests).toHaveLength(seen + 1);
        expect(upstream.requests.at(-1)).toContain(place === '?key=' ? `?a=1&key=${key}&b=2` : `${place}: `);
        expect(upstream.requests.at(-1)).toContain(key);
        expect(upstream.requests.at(-1)).not.toContain(placeholder);
      }
    },
  );

  it('at a host of the policy that names its variable, in any of the places', async () => {
    const { placeholder, key } = keyOf('CORP_KEY');
    for (const header of ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key']) {
      await call(CORP, { [header]: placeholder });
      expect(upstream.requests.at(-1)).toContain(`${header}: ${key}`);
    }
  });

  it('in requests that cost nothing too', async () => {
    const { placeholder, key } = keyOf('OPENAI_API_KEY');
    const answered = await gateway.request({ path: '/v1/models', headers: { authorization: `Bearer ${placeholder}` } });
    expect(answered.status).toBe(200);
    expect(upstream.requests.at(-1)).toContain(`authorization: Bearer ${key}`);
  });
});

describe('a placeholder that is sent anywhere else is refused, and no byte of the request leaves', () => {
  it('at every host that is not its own', async () => {
    let refused = 0;
    for (const { variable, provider, placeholder } of held) {
      for (const host of [...hosted.map(({ name }) => hostOf(name)), CORP, 'bare.example']) {
        if (host === (provider === undefined ? CORP : hostOf(provider))) continue;
        const answered = await call(host, { authorization: `Bearer ${placeholder}`, 'x-api-key': placeholder });
        expect(answered.status, `${variable} at ${host}`).toBe(403);
        expect(answered.text).toContain(variable);
        refused += 1;
      }
    }
    expect(refused).toBe(held.length * (hosted.length + 1));
    expect(upstream.connections()).toBe(0);
    expect(gateway.entries).toEqual([]);
    expect(gateway.notices).toContain(
      `keys: a request with the placeholder of OPENAI_API_KEY was not sent: it is not a key for ${CORP}`,
    );
    // The command cannot fill a report by it.
    expect(gateway.notices.length).toBeLessThanOrEqual(50);
  });

  const places: readonly (readonly [
    string,
    (placeholder: string) => { path?: string; headers?: Record<string, string> },
  ])[] = [
    ['another header', (text) => ({ headers: { 'user-agent': text } })],
    ['a header of another provider', (text) => ({ headers: { 'x-goog-api-key': text } })],
    ['a cookie', (text) => ({ headers: { cookie: `key=${text}` } })],
    ['the name of a header', (text) => ({ headers: { [`x-${text}`]: '1' } })],
    ['part of a header', (text) => ({ headers: { authorization: `Bearer ${text}x` } })],
    ['another scheme', (text) => ({ headers: { authorization: `Basic ${text}` } })],
    ['the path', (text) => ({ path: `/v1/${text}/chat/completions` })],
    ['the query', (text) => ({ path: `/v1/chat/completions?key=${text}` })],
    ['the right place and another', (text) => ({ headers: { authorization: `Bearer ${text}`, 'x-copy': text } })],
  ];
  it.each(places)('in %s', async (_, make) => {
    const { path, headers } = make(keyOf('OPENAI_API_KEY').placeholder);
    expect((await call('api.openai.com', headers ?? {}, path)).status).toBe(403);
    expect(upstream.connections()).toBe(0);
  });

  it('where the answer would be the request', async () => {
    const headers = { authorization: `Bearer ${keyOf('OPENAI_API_KEY').placeholder}` };
    expect((await gateway.request({ method: 'TRACE', path: '/v1/models', headers })).status).toBe(403);
    expect(upstream.connections()).toBe(0);
  });

  it('where the request names another host behind the same address', async () => {
    const { port } = upstream;
    const host = `127.0.0.1:${port}`;
    const own = await startGateway({ upstreams: [{ host, keyVariable: 'CORP_KEY' }], held });
    const { placeholder, key } = keyOf('CORP_KEY');
    const ask = (named: string) =>
      own.request({
        path: '/v1/models',
        headers: { host: named, 'api-key': placeholder, ...own.routeHeader('127.0.0.1', 'http', port) },
      });
    expect((await ask('evil.example')).status).toBe(403);
    expect(upstream.requests).toEqual([]);
    await own.close();
    expect(key).not.toBe(placeholder);
  });
});

it('a key that the command brought itself passes as it is', async () => {
  const own = 'sk-my-own-key-0123456789';
  expect((await call('api.openai.com', { authorization: `Bearer ${own}` })).status).toBe(200);
  expect(upstream.requests.at(-1)).toContain(`authorization: Bearer ${own}`);
});

it('neither keys nor placeholders appear in entries, notices and refusals', async () => {
  const { placeholder } = keyOf('GROQ_API_KEY');
  const answers = [
    await call('api.openai.com', { authorization: `Bearer ${placeholder}` }),
    await call('api.groq.com', { authorization: `Bearer ${placeholder}` }),
    await call('api.groq.com', { authorization: `Bearer ${placeholder}` }, '/v1/batches'),
  ];
  const told = JSON.stringify([
    gateway.entries,
    gateway.notices,
    answers.map(({ text, rawHeaders }) => [text, rawHeaders]),
  ]);
  expect(told).not.toContain(REAL);
  for (const key of held) expect(told).not.toContain(key.placeholder);
});

test('placeholders look like the keys of their providers, and no two are alike', () => {
  const both = [...held, ...heldKeys({ keys: 'gateway', upstreams: [] }, ENV)];
  expect(new Set(both.map(({ placeholder }) => placeholder)).size).toBe(both.length);
  expect(keyOf('OPENAI_API_KEY').placeholder).toMatch(/^sk-[0-9a-f]{64}$/);
  expect(keyOf('ANTHROPIC_API_KEY').placeholder).toMatch(/^sk-ant-api03-[0-9a-f]{64}$/);
});

test('under keys: command nothing is held', () => {
  expect(heldKeys({ keys: 'command', upstreams: [] }, ENV)).toEqual([]);
});

test('the environment has a placeholder for each key, whatever variable holds it, and all else as it was', () => {
  const env = { ...ENV, MY_COPY: `Bearer ${REAL}-OPENAI_API_KEY`, EMPTY: '', HOME: '/h', XAI_API_KEY: ' short ' };
  const keys = heldKeys({ keys: 'gateway', upstreams: [] }, env);
  const clean = withoutKeys(env, keys);
  expect(JSON.stringify(clean)).not.toContain(`${REAL}-OPENAI_API_KEY`);
  expect(clean).toMatchObject({ EMPTY: '', HOME: '/h', CORP_KEY: `${REAL}-CORP_KEY` });
  expect(clean.MY_COPY).toBe(`Bearer ${clean.OPENAI_API_KEY}`);
  expect(clean.XAI_API_KEY).toMatch(/^xai-[0-9a-f]{64}$/);
});

test('credentials that cannot be held are named, each with its reason', () => {
  const env = {
    AWS_SECRET_ACCESS_KEY: 'x',
    GOOGLE_APPLICATION_CREDENTIALS: '/k.json',
    AZURE_CLIENT_SECRET: 'y',
    AWS_REGION: 'r',
  };
  const kept = keptCredentials(heldKeys({ keys: 'gateway', upstreams: [] }, env), env);
  expect(kept.map((text) => text.split(' ')[0]).sort()).toEqual([
    'AWS_SECRET_ACCESS_KEY',
    'AZURE_CLIENT_SECRET',
    'GOOGLE_APPLICATION_CREDENTIALS',
  ]);
});
