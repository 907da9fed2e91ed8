import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayStandIn } from './gateway.js';
import { CLIENTS, nodeBinaries, runnerFor } from './program.js';
import { ProxyStandIn } from './proxy.js';

const gateway = new GatewayStandIn();
const proxy = new ProxyStandIn();
const runner = runnerFor(() => gateway.hook(['127.0.0.1:11434', 'local.example']));

beforeAll(async () => {
  await gateway.listen();
  await proxy.listen();
});
afterAll(async () => {
  await gateway.close();
  await proxy.close();
});
beforeEach(() => {
  gateway.forget();
  proxy.tunnels.length = 0;
});

const ROUTE = 'https api.openai.com:443';
/** Sends one request over a socket and prints the status of what comes back. */
const TALK = `const talk = (s) => { s.end('GET /x HTTP/1.1\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'); s.on('error', (e) => console.log(e.code));
  let t = ''; s.on('data', (c) => (t += c)); s.on('end', () => console.log(t.slice(9, 12))); };`;

describe("a user's own proxy is left out of a redirected connection", () => {
  const PRINT = `(r) => { r.resume().on('end', () => { console.log(r.statusCode); agent?.destroy(); }); }`;
  it.each([
    [
      'https-proxy-agent',
      `import { HttpsProxyAgent } from 'https-proxy-agent'; import https from 'node:https';
      const agent = new HttpsProxyAgent(PROXY); https.get('https://api.openai.com/x', { agent }, ${PRINT});`,
    ],
    [
      'https-proxy-agent, at a port of its own',
      `import { HttpsProxyAgent } from 'https-proxy-agent'; import https from 'node:https';
      const agent = new HttpsProxyAgent(PROXY); https.get('https://llm.corp.example:8443/x', { agent }, ${PRINT});`,
    ],
    [
      "undici's ProxyAgent",
      `import { ProxyAgent, fetch } from 'undici'; const dispatcher = new ProxyAgent(PROXY);
      console.log((await fetch('https://api.openai.com/x', { dispatcher })).status);`,
    ],
    [
      'axios',
      `import axios from 'axios'; const { port } = new URL(PROXY);
      console.log((await axios.get('https://api.openai.com/x', { proxy: { host: '127.0.0.1', port } })).status);`,
    ],
  ])('%s', async (_name, program) => {
    const outcome = await runner.run(`const PROXY = '${proxy.url}'; ${program}`, { cwd: CLIENTS });
    expect(outcome).toEqual({ status: 0, stdout: '200', stderr: '' });
    expect(gateway.routes).toEqual([expect.stringMatching(/^https (api\.openai\.com:443|llm\.corp\.example:8443)$/)]);
    expect(proxy.tunnelled).toBe(0);
  });

  it.each(nodeBinaries().filter(({ major }) => major >= 24))('NODE_USE_ENV_PROXY on $name', async ({ node }) => {
    const env = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy.url };
    const program = `import https from 'node:https';
      console.log((await fetch('https://api.openai.com/x')).status);
      https.get('https://api.openai.com/x', (r) => r.resume().on('end', () => { console.log(r.statusCode); process.exit(); }));`;
    expect(await runner.run(program, { node, env })).toEqual({ status: 0, stdout: '200\n200', stderr: '' });
    expect(gateway.routes).toEqual([ROUTE, ROUTE]);
    expect(proxy.tunnelled).toBe(0);
  });
});

describe('plain connections', () => {
  it.each([
    ['global fetch', `console.log((await fetch('http://127.0.0.1:11434/x')).status);`],
    [
      'http.get',
      `import http from 'node:http'; http.get('http://127.0.0.1:11434/x', (r) => { console.log(r.statusCode); r.resume(); });`,
    ],
    [
      'an agent that keeps alive',
      `import http from 'node:http'; const agent = new http.Agent({ keepAlive: true });
      http.get('http://127.0.0.1:11434/x', { agent }, (r) => { console.log(r.statusCode); r.resume().on('end', () => agent.destroy()); });`,
    ],
    [
      'net.connect(options)',
      `import net from 'node:net'; ${TALK} talk(net.connect({ host: '127.0.0.1', port: 11434 }));`,
    ],
    [
      'net.createConnection(port, host, cb)',
      `import { createConnection } from 'node:net'; ${TALK}
      createConnection(11434, '127.0.0.1', function () { talk(this); });`,
    ],
    [
      'new net.Socket().connect',
      `import net from 'node:net'; ${TALK} talk(new net.Socket().connect(11434, '127.0.0.1'));`,
    ],
  ])('to a host that the policy names go to the gateway: %s', async (_name, program) => {
    expect(await runner.run(program)).toEqual({ status: 0, stdout: '200', stderr: '' });
    expect(gateway.routes).toEqual(['http 127.0.0.1:11434']);
  });

  it('stay mocked under nock and pass the rest on to the gateway', async () => {
    const program = `import nock from 'nock'; import http from 'node:http';
      nock('http://local.example', { allowUnmocked: true }).get('/mocked').reply(200, { answer: 'mocked' });
      const call = (path) => new Promise((resolve) => http.get('http://local.example' + path, async (r) => {
        let text = ''; for await (const part of r) text += part; resolve(JSON.parse(text).answer); }));
      console.log(await call('/mocked'), await call('/open'));`;
    const { node } = nodeBinaries().find(({ major }) => major >= 22) ?? { node: process.execPath };
    expect(await runner.run(program, { cwd: CLIENTS, node })).toMatchObject({ stdout: 'mocked four' });
    expect(gateway.routes).toEqual(['http local.example:80']);
  });

  it('straight to the gateway, or to another port, are left alone', async () => {
    const program = `import net from 'node:net';
      const s = net.connect(${gateway.port}, '127.0.0.1', () => s.end('hello\\r\\n there')).resume().on('close', () => console.log('done'));
      net.connect(11435, '127.0.0.1').on('error', (e) => console.log(e.port));`;
    const { stdout } = await runner.run(program);
    expect(stdout.split('\n').sort()).toEqual(['11435', 'done']);
    expect([gateway.routes, gateway.strangers]).toEqual([[], ['hello']]);
  });
});
