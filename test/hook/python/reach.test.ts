/** What the hook must never do: let a call go direct, or touch a host that is not under the budget. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HookConfig } from '../../../src/hook/config.js';
import { SECRET, standIn, type StandIn } from './gateway.js';
import { program, resultOf } from './python.js';
import { venvPython } from './venv.js';

const TLS_HANDSHAKE = 0x16;

/** A server that notes the first byte of each connection and hangs up. */
const firstBytes: number[] = [];
let provider: Server;
let gateway: StandIn;
let python = '';

beforeAll(async () => {
  python = await venvPython('newest');
  gateway = await standIn();
  provider = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (bytes) => {
      firstBytes.push(bytes[0] ?? -1);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  firstBytes.length = 0;
  gateway.forget();
});
afterAll(async () => {
  provider.close();
  await gateway.close();
});

const CLIENTS: readonly (readonly [string, string])[] = [
  ['requests_post', 'requests.ConnectionError'],
  ['httpx_sync', 'httpx.ConnectError'],
  ['httpx_async', 'httpx.ConnectError'],
  ['aiohttp_post', 'aiohttp.ClientConnectorError'],
  ['urllib_request', 'urllib.URLError'],
  ['http_client', 'builtins.ConnectionRefusedError'],
];

describe('when nothing listens on the gateway’s port', () => {
  it.each(CLIENTS)('%s raises its own connection error (%s) and nothing goes direct', async (kind, error) => {
    const port = portOf(provider);
    const told = await call(kind, await deadConfig([`localhost:${port}`]), `https://localhost:${port}`);
    expect((told as { kinds: string[] }).kinds).toContain(error);
    expect(firstBytes).toEqual([]);
  });

  it.each([
    ['openai_sync', 'openai.APIConnectionError'],
    ['openai_async', 'openai.APIConnectionError'],
    ['anthropic_sync', 'anthropic.APIConnectionError'],
    ['anthropic_async', 'anthropic.APIConnectionError'],
  ])('%s raises %s', async (kind, error) => {
    const told = await call(kind, await deadConfig(['api.openai.com', 'api.anthropic.com']));
    expect((told as { kinds: string[] }).kinds).toContain(error);
  });
});

describe('a host that is not under the budget', () => {
  it.each(CLIENTS)('gets a TLS handshake of %s’s own', async (kind) => {
    const told = await call(kind, gateway.config({}), `https://localhost:${portOf(provider)}`);
    expect(told).toHaveProperty('error');
    expect(new Set(firstBytes)).toEqual(new Set([TLS_HANDSHAKE]));
    expect(gateway.connections).toEqual([]);
  });

  it.each(CLIENTS)('is told of once, where it is watched, and gets a TLS handshake of %s’s own', async (kind) => {
    const host = `localhost:${portOf(provider)}`;
    const told = await call(kind, { ...gateway.config({}), watch: [host] }, `https://${host}`);
    expect(told).toHaveProperty('error');
    expect(new Set(firstBytes)).toEqual(new Set([TLS_HANDSHAKE]));
    expect(gateway.connections).toEqual([`seen ${host}`]);
    expect(gateway.strangers).toEqual([]);
  });

  it.each(CLIENTS)('gets plain http of %s’s own', async (kind) => {
    const server = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => response.end(JSON.stringify({ target: request.url, body })));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://localhost:${portOf(server)}/echo`;
    // aiohttp reads the answer as JSON by its type; the others do not look.
    server.prependListener('request', (_request, response) => response.setHeader('content-type', 'application/json'));
    expect(await call(kind, gateway.config({ plain: ['llm.internal:8123'] }), url)).toMatchObject({ target: '/echo' });
    expect(gateway.connections).toEqual([]);
    server.close();
    server.closeAllConnections();
  });
});

describe('a client that the hook does not know', () => {
  it.each(['websocket', 'raw_tls'])('is refused TLS to a host under the budget (%s)', async (kind) => {
    const port = portOf(provider);
    const told = await call(kind, gateway.config({ tls: [`localhost:${port}`] }), `https://localhost:${port}`);
    expect((told as { error: string }).error).toContain('Token Budget refused this connection');
    expect(firstBytes).toEqual([]);
  });

  it.each(['websocket', 'raw_tls'])('is left alone on another port of that host (%s)', async (kind) => {
    const url = `https://localhost:${portOf(provider)}`;
    const told = await call(kind, gateway.config({ tls: ['localhost', 'localhost:1'] }), url);
    expect((told as { error: string }).error).not.toContain('Token Budget');
    expect(firstBytes).toEqual([TLS_HANDSHAKE]);
  });
});

function call(kind: string, hook: HookConfig, ...args: string[]): Promise<unknown> {
  return resultOf({ python, args: [program('calls.py'), kind, ...args], hook });
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}

/** A configuration whose port was free a moment ago. */
async function deadConfig(tls: readonly string[]): Promise<HookConfig> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return { port, secret: SECRET, tls, plain: [] };
}
