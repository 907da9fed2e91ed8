/** The gateway reaches upstreams as the command would have: by the environment's proxies and certificates. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type IncomingMessage, type Server } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMPLETION } from '../support/raw.js';

let directory: string;
let program: string;
let identity: { key: Buffer; cert: Buffer };
let caFile: string;
let secure: Server;
let plain: Server;
let proxy: Proxy;
/** Requests as the upstreams saw them: target and Host. */
let seen: string[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'proxies-'));
  const file = (name: string) => join(directory, name);
  program = file('calls.mjs');
  const banner = { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" };
  const entry = { entryPoints: ['test/gateway/programs/calls.ts'], outfile: program, banner };
  await build({ ...entry, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  const openssl = (args: string) => execFileSync('openssl', args.split(' '), { stdio: 'ignore', cwd: directory });
  openssl('req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=Test-CA -keyout ca.key -out ca.pem');
  openssl(
    'req -newkey rsa:2048 -nodes -subj /CN=up.test -addext subjectAltName=DNS:up.test,DNS:localhost -keyout up.key -out up.csr',
  );
  openssl('x509 -req -in up.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -copy_extensions copy -out up.pem');
  identity = { key: readFileSync(file('up.key')), cert: readFileSync(file('up.pem')) };
  caFile = file('ca.pem');
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  seen = [];
  const answer = (request: IncomingMessage, response: http.ServerResponse) => {
    seen.push(`${request.url ?? ''} ${request.headers.host ?? ''}`);
    request.resume().on('end', () => response.end(JSON.stringify(COMPLETION)));
  };
  secure = https.createServer(identity, answer);
  plain = http.createServer(answer);
  await Promise.all([listen(secure), listen(plain)]);
  proxy = await startProxy();
});
afterEach(() => {
  for (const server of [secure, plain, proxy.server]) {
    server.close();
    server.closeAllConnections();
  }
});

interface Result {
  readonly statuses: readonly number[];
  readonly text: string;
  readonly settled: readonly string[];
  readonly voided: number;
}

async function callsTo(origin: string, env: Record<string, string>): Promise<Result> {
  const { PATH = '' } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'llm.test', origin], {
    env: { PATH, ...env },
  });
  return JSON.parse(stdout) as Result;
}

const good = { statuses: [200, 200, 200], settled: ['reported', 'reported', 'reported'], voided: 0 };
const through = () => `http://user:p%40ss@127.0.0.1:${portOf(proxy.server)}`;
const PATH = '/v1/chat/completions';

describe('a certificate of a private authority', () => {
  it('is trusted by NODE_EXTRA_CA_CERTS', async () => {
    const origin = `https://localhost:${portOf(secure)}`;
    expect(await callsTo(origin, { NODE_EXTRA_CA_CERTS: caFile })).toMatchObject(good);
    expect(seen[0]).toBe(`${PATH} localhost:${portOf(secure)}`);
  });

  it('is refused without it, at no cost', async () => {
    const result = await callsTo(`https://localhost:${portOf(secure)}`, {});
    expect(result).toMatchObject({ statuses: [502, 502, 502], settled: [], voided: 3 });
    expect(seen).toEqual([]);
  });
});

describe('an https upstream behind HTTPS_PROXY', () => {
  it('is reached by one tunnel, with its credentials and the upstream checked', async () => {
    const env = { HTTPS_PROXY: through(), NODE_EXTRA_CA_CERTS: caFile };
    expect(await callsTo(`https://up.test:${portOf(secure)}`, env)).toMatchObject(good);
    expect(proxy.asked).toEqual([`CONNECT up.test:${portOf(secure)}`]);
    expect(proxy.credentials).toEqual(['user:p@ss']);
    expect(seen).toEqual(Array.from({ length: 3 }, () => `${PATH} up.test:${portOf(secure)}`));
  });

  it('whose certificate is not trusted costs nothing', async () => {
    const result = await callsTo(`https://up.test:${portOf(secure)}`, { https_proxy: through() });
    expect(result).toMatchObject({ statuses: [502, 502, 502], settled: [], voided: 3 });
    expect(seen).toEqual([]);
  });

  it('that the proxy will not reach costs nothing', async () => {
    const env = { HTTPS_PROXY: through(), NODE_EXTRA_CA_CERTS: caFile };
    const result = await callsTo('https://forbidden.test', env);
    expect(result).toMatchObject({ settled: [], voided: 3 });
    expect(result.text).not.toContain('p@ss');
  });
});

describe('an http upstream behind HTTP_PROXY', () => {
  it('is asked for by its whole URL, with the body and the credentials', async () => {
    const result = await callsTo(`http://up.test:${portOf(plain)}`, { HTTP_PROXY: through() });
    expect(result).toMatchObject(good);
    expect(proxy.asked).toEqual(Array.from({ length: 3 }, () => `POST http://up.test:${portOf(plain)}${PATH}`));
    expect(proxy.credentials).toEqual(Array.from({ length: 3 }, () => 'user:p@ss'));
    expect(seen[0]).toBe(`${PATH} up.test:${portOf(plain)}`);
  });
});

describe('no proxy', () => {
  it.each(['up.test', '.test', '*', 'localhost,up.test'])(
    'is asked for a host that NO_PROXY names: %s',
    async (names) => {
      const env = { HTTPS_PROXY: through(), HTTP_PROXY: through(), NO_PROXY: names };
      const result = await callsTo(`http://up.test:${portOf(plain)}`, env);
      expect(proxy.asked).toEqual([]);
      // Only the proxy knows this name.
      expect(result).toMatchObject({ statuses: [502, 502, 502], voided: 3 });
    },
  );

  it('is asked for this machine', async () => {
    const env = { HTTP_PROXY: through(), HTTPS_PROXY: through(), NODE_EXTRA_CA_CERTS: caFile };
    expect(await callsTo(`http://127.0.0.1:${portOf(plain)}`, env)).toMatchObject(good);
    expect(await callsTo(`https://localhost:${portOf(secure)}`, env)).toMatchObject(good);
    expect(proxy.asked).toEqual([]);
  });

  it.each(['socks5://127.0.0.1:1', 'http://', '::::'])('is made of %s, which is no http proxy', async (value) => {
    const result = await callsTo(`http://up.test:${portOf(plain)}`, { HTTP_PROXY: value });
    expect(result).toMatchObject({ statuses: [502, 502, 502], settled: [], voided: 3 });
    expect(result.text).toMatch(/proxy/);
  });
});

interface Proxy {
  readonly server: Server;
  readonly asked: string[];
  readonly credentials: string[];
}

/** A small proxy that takes every name for this machine, but one. */
async function startProxy(): Promise<Proxy> {
  const asked: string[] = [];
  const credentials: string[] = [];
  const note = ({ method = '', url = '', headers }: IncomingMessage) => {
    asked.push(`${method} ${url}`);
    const words = (headers['proxy-authorization'] ?? '').replace('Basic ', '');
    credentials.push(Buffer.from(words, 'base64').toString());
  };
  const server = http.createServer((request, response) => {
    note(request);
    const { port, pathname, host } = new URL(request.url ?? '');
    const headers = { ...request.headers, host };
    const onward = http.request(
      { host: '127.0.0.1', port, method: request.method, path: pathname, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    note(request);
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    if (hostname === 'forbidden.test') return socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    const onward = net.connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    return undefined;
  });
  await listen(server);
  return { server, asked, credentials };
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
