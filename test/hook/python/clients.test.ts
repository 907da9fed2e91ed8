import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { standIn, type StandIn } from './gateway.js';
import { converse, program, type Conversation } from './python.js';
import { venvPython, type VenvName } from './venv.js';

const OPENAI = { route: 'https api.openai.com:443', host: 'api.openai.com' };
const ECHO = 'https://api.openai.com/v1/echo?q=%C3%A9&r=a%26b';
const ECHO_TARGET = '/v1/echo?q=%C3%A9&r=a%26b';
const LOCAL = 'http://llm.internal:8123/v1/echo?q=%C3%A9';
const RAW = ['requests_post', 'httpx_sync', 'httpx_async', 'aiohttp_post', 'urllib_request', 'http_client'];
const PROXIES = {
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  ALL_PROXY: 'http://127.0.0.1:9',
};

let gateway: StandIn;
beforeAll(async () => {
  gateway = await standIn();
});
beforeEach(() => {
  gateway.forget();
});
/** A process for each library and environment: loading a library takes longer than its calls. */
const processes = new Map<string, Conversation>();
afterAll(() => {
  for (const each of processes.values()) each.end();
  return gateway.close();
});

function call(python: string, name: string, env: Record<string, string> = {}, url?: string): Promise<unknown> {
  const [library = ''] = name.split('_');
  const key = JSON.stringify([python, library, env]);
  const hook = gateway.config({ plain: ['llm.internal:8123'] });
  const process = processes.get(key) ?? converse({ python, args: [program('calls.py')], hook, env });
  processes.set(key, process);
  return process.ask([name, url ?? null]);
}

describe.each<VenvName>(['newest', 'older'])('with the %s libraries', (name) => {
  let python = '';
  beforeAll(async () => {
    python = await venvPython(name);
  });

  it.each(['openai_sync', 'openai_async', 'anthropic_sync', 'anthropic_async'])(
    '%s reaches the gateway and reads the answer with its usage',
    async (kind) => {
      expect(await call(python, kind)).toEqual({ text: 'hello', tokens: 5 });
      expect(gateway.requests).toEqual([routeOf(kind)]);
    },
  );

  it.each(['openai_stream', 'openai_async_stream', 'anthropic_stream', 'anthropic_async_stream'])(
    '%s reads a stream through the gateway to its end',
    async (kind) => {
      expect(await call(python, kind)).toEqual({ text: 'hello' });
      expect(gateway.requests).toEqual([routeOf(kind)]);
    },
  );

  it.each(RAW)('%s reaches the gateway with its target, host, body and final URL unchanged', async (kind) => {
    expect(await call(python, kind)).toMatchObject({ target: ECHO_TARGET, url: ECHO, body: { model: 'gpt-4o-mini' } });
    expect(gateway.requests[0]).toEqual({ ...OPENAI, method: 'POST', target: ECHO_TARGET });
  });

  it.each(RAW)('%s to a plain-http host under the budget reaches the gateway too', async (kind) => {
    expect(await call(python, kind, {}, LOCAL)).toMatchObject({ target: '/v1/echo?q=%C3%A9', url: LOCAL });
    expect(gateway.requests[0]).toMatchObject({ route: 'http llm.internal:8123', host: 'llm.internal:8123' });
  });

  it.each([...RAW, 'openai_sync', 'anthropic_async'])('%s passes the user’s proxies by', async (kind) => {
    expect(await call(python, kind, PROXIES)).not.toHaveProperty('error');
    expect(gateway.requests[0]).toMatchObject({ route: expect.stringMatching(/^https api\./) as string });
  });

  it.each(['requests_post', 'httpx_sync', 'httpx_async', 'aiohttp_post', 'urllib_request', 'urllib3_proxy'])(
    '%s over plain http passes the user’s proxies by and keeps the origin form',
    async (kind) => {
      expect(await call(python, kind, PROXIES, LOCAL)).toMatchObject({ target: '/v1/echo?q=%C3%A9' });
      expect(gateway.requests[0]).toMatchObject({ route: 'http llm.internal:8123', target: '/v1/echo?q=%C3%A9' });
    },
  );

  it('a requests session follows redirects and keeps its connection', async () => {
    const told = { url: 'https://api.openai.com/echo', history: [307], again: 200 };
    expect(await call(python, 'requests_session')).toEqual(told);
    expect(gateway.requests.map((request) => request.target)).toEqual(['/redirect', '/echo', ECHO_TARGET]);
    expect(gateway.connections).toEqual([OPENAI.route]);
  });

  it('an aiohttp session keeps its connection', async () => {
    await call(python, 'aiohttp_post');
    expect(gateway.requests).toHaveLength(2);
    expect(gateway.connections).toEqual([OPENAI.route]);
  });

  it('200 calls of one client in 50 threads all arrive', async () => {
    expect(await call(python, 'openai_threads')).toEqual({ texts: Array.from({ length: 200 }, () => 'hello') });
    expect(gateway.requests).toHaveLength(200);
    expect(gateway.strangers).toEqual([]);
  });
});

it('greenlets call through the gateway before and after a fork', async () => {
  const told = await call(await venvPython('newest'), 'gevent_fork');
  expect(told).toEqual({ before: [200, 200, 200, 200, 200], after: [200, 200, 200, 200, 200] });
  expect(gateway.requests).toHaveLength(10);
});

function routeOf(kind: string): object {
  if (kind.startsWith('openai')) return { ...OPENAI, method: 'POST', target: '/v1/chat/completions' };
  return { route: 'https api.anthropic.com:443', host: 'api.anthropic.com', method: 'POST', target: '/v1/messages' };
}
