import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayStandIn } from './gateway.js';
import { runnerFor } from './program.js';

const gateway = new GatewayStandIn();
const runner = runnerFor(() => gateway.hook());

beforeAll(async () => {
  await gateway.listen();
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.forget();
});

const ROUTE = 'https api.openai.com:443';
/** Sends one request over a socket and prints the status of what comes back. */
const TALK = `const talk = (s) => { s.end('GET /x HTTP/1.1\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'); s.on('error', (e) => console.log(e.code));
  let t = ''; s.on('data', (c) => (t += c)); s.on('end', () => console.log(t.slice(9, 12))); };`;

describe('every form of tls.connect is redirected', () => {
  it.each([
    ['(options, cb)', `tls.connect({ host: 'api.openai.com', port: 443 }, ready)`, ROUTE],
    [
      '(options), then an event',
      `tls.connect({ host: 'api.openai.com', port: '443' }).once('secureConnect', ready)`,
      ROUTE,
    ],
    ['(port, host, cb)', `tls.connect(443, 'api.openai.com', ready)`, ROUTE],
    ['(port, host, options, cb)', `tls.connect(443, 'api.openai.com', { ALPNProtocols: ['http/1.1'] }, ready)`, ROUTE],
    ['(port, options, cb)', `tls.connect(443, { host: 'api.openai.com' }, ready)`, ROUTE],
    ['no port', `tls.connect({ host: 'api.openai.com' }, ready)`, ROUTE],
    [
      'an address with the name as servername',
      `tls.connect({ host: '192.0.2.1', port: 443, servername: 'api.openai.com' }, ready)`,
      ROUTE,
    ],
    ['odd case and a final dot', `tls.connect({ host: 'API.OpenAI.com.', port: 443 }, ready)`, ROUTE],
    [
      'a pattern with a star',
      `tls.connect({ host: 'eu.openai.azure.com', port: 443 }, ready)`,
      'https eu.openai.azure.com:443',
    ],
    [
      'a port of its own',
      `tls.connect({ host: 'llm.corp.example', port: 8443 }, ready)`,
      'https llm.corp.example:8443',
    ],
  ])('%s', async (_form, connect, route) => {
    const program = `import tls from 'node:tls'; ${TALK} function ready() { talk(this); } ${connect};`;
    expect(await runner.run(program)).toEqual({ status: 0, stdout: '200', stderr: '' });
    expect(gateway.routes).toEqual([route]);
  });

  it('by a name imported before the program could see it', async () => {
    const program = `import { connect } from 'tls'; ${TALK} talk(connect(443, 'api.openai.com'));`;
    expect(await runner.run(program)).toMatchObject({ stdout: '200' });
    expect(gateway.routes).toEqual([ROUTE]);
  });

  it('and so is its original, taken before the hook was loaded', async () => {
    const early = join(mkdtempSync(join(tmpdir(), 'early-')), 'early.cjs');
    writeFileSync(early, `globalThis.taken = require('tls').connect;`);
    const env = { NODE_OPTIONS: `--require "${early}" --require "${runner.preload}"` };
    expect(await runner.run(`${TALK} talk(taken(443, 'api.openai.com'));`, { env })).toMatchObject({ stdout: '200' });
    expect(gateway.routes).toEqual([ROUTE]);
  });

  it.each([
    ['dialled by hand', `const s = new tls.TLSSocket().connect({ host: 'api.openai.com', port: 443 });`],
    [
      'put by hand upon a connected socket',
      `const server = net.createServer().listen(0, '127.0.0.1').unref(); await once(server, 'listening');
       const raw = net.connect(server.address().port, '127.0.0.1'); await once(raw, 'connect');
       const s = new tls.TLSSocket(raw); s.setServername('api.openai.com'); s._start();`,
    ],
    [
      'put upon a stream that is no socket',
      `const stream = new Duplex({ read() {}, write(chunk, encoding, done) { console.log('leaked'); done(); } });
       const s = tls.connect({ socket: stream, servername: 'api.openai.com' });`,
    ],
  ])('and so is a TLS socket %s', async (_name, make) => {
    const program = `import tls from 'node:tls'; import net from 'node:net'; import { once } from 'node:events';
      import { Duplex } from 'node:stream'; ${TALK} net.connect(1, '127.0.0.1').on('error', () => {}); ${make} talk(s);`;
    expect(await runner.run(program)).toMatchObject({ stdout: '200' });
    expect(gateway.routes).toEqual([ROUTE]);
  });
});

describe('a redirected connection', () => {
  it('looks like a verified TLS connection to code that checks', async () => {
    const program = `import tls from 'node:tls';
      const s = tls.connect({ host: 'api.openai.com', ALPNProtocols: ['h2', 'http/1.1'] });
      const before = [s.connecting, s.secureConnecting, s.authorized, s.encrypted];
      s.once('secureConnect', () => {
        const cert = s.getPeerCertificate(true);
        s.setServername('other'); s.disableRenegotiation(); s.renegotiate({}, () => {});
        console.log(JSON.stringify([before, s instanceof tls.TLSSocket, s.connecting, s.secureConnecting, s.authorized,
          s.authorizationError, s.alpnProtocol, s.getProtocol(), s.getCipher().version, s.isSessionReused(),
          s.getSession() ?? null, tls.checkServerIdentity('api.openai.com', cert) ?? null, s.servername]));
        s.destroy();
      });`;
    const { stdout } = await runner.run(program);
    const before = [true, true, false, true];
    const after = [
      true,
      false,
      false,
      true,
      null,
      'http/1.1',
      'TLSv1.3',
      'TLSv1.3',
      false,
      null,
      null,
      'api.openai.com',
    ];
    expect(JSON.parse(stdout)).toEqual([before, ...after]);
  });

  it('carries HTTP/2 for a caller that offers nothing else', async () => {
    const program = `import http2 from 'node:http2';
      const session = http2.connect('https://api.openai.com');
      const stream = session.request({ ':path': '/v1/x' });
      let text = ''; stream.setEncoding('utf8').on('data', (c) => (text += c));
      stream.on('end', () => { console.log(JSON.parse(text).answer, session.alpnProtocol, session.encrypted); session.close(); });`;
    expect(await runner.run(program)).toEqual({ status: 0, stdout: 'four h2 true', stderr: '' });
    expect(gateway.arrivals).toMatchObject([{ route: ROUTE, host: 'api.openai.com:443' }]);
  });

  it('is kept alive and used again, with one preamble for all its requests', async () => {
    const program = `import https from 'node:https';
      const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
      const call = () => new Promise((resolve, reject) => https.get('https://api.openai.com/x', { agent }, (r) => r.resume().on('end', () => resolve(r.statusCode))).on('error', reject));
      console.log(await call(), await call(), await call()); agent.destroy();`;
    expect(await runner.run(program)).toMatchObject({ stdout: '200 200 200' });
    expect([gateway.routes.length, gateway.arrivals.length]).toEqual([1, 3]);
  });

  it('stays whole among a hundred at once, each with a large body', async () => {
    const program = `const body = 'x'.repeat(200_000);
      const call = async () => (await fetch('https://api.openai.com/x', { method: 'POST', body })).json();
      const all = await Promise.all(Array.from({ length: 100 }, call));
      console.log(all.filter((one) => one.answer === 'four').length);`;
    expect(await runner.run(program)).toMatchObject({ stdout: '100' });
    expect(gateway.arrivals.filter(({ body }) => body.length === 200_000)).toHaveLength(100);
    expect(gateway.strangers).toEqual([]);
  });

  it.each([
    ['destroyed before it stands', `s.destroy();`, 'close false'],
    ['destroyed with an error', `s.destroy(new Error('mine'));`, 'mine,close true'],
    ['aborted by a signal', `controller.abort();`, 'The operation was aborted,close true'],
    ['ended at once', `s.end(); s.resume();`, 'close false'],
  ])('ends as any other when it is %s', async (_name, act, expected) => {
    const program = `import tls from 'node:tls'; const controller = new AbortController(); const seen = [];
      const s = tls.connect({ host: 'api.openai.com', signal: controller.signal });
      s.on('error', (e) => seen.push(e.message)).on('close', (had) => { seen.push('close ' + had); console.log(seen.join()); });
      ${act}`;
    expect(await runner.run(program)).toEqual({ status: 0, stdout: expected, stderr: '' });
  });

  it('reports its time-out', async () => {
    const program = `import tls from 'node:tls';
      tls.connect({ host: 'api.openai.com', timeout: 50 }).on('timeout', function () { console.log('timeout'); this.destroy(); });`;
    expect(await runner.run(program)).toMatchObject({ stdout: 'timeout' });
  });
});

describe('the hook fails closed', () => {
  it.each(['fetch', 'tls.connect'])('when the gateway is gone: %s gets the connection error', async (how) => {
    const hook = JSON.stringify({ ...(JSON.parse(gateway.hook()) as object), port: 9 });
    const program =
      how === 'fetch'
        ? `await fetch('https://api.openai.com').catch((e) => console.log(e.cause.code))`
        : `import tls from 'node:tls'; tls.connect(443, 'api.openai.com').on('error', (e) => console.log(e.code))`;
    expect(await runner.run(program, { env: { TOKEN_BUDGET_HOOK: hook } })).toMatchObject({ stdout: 'ECONNREFUSED' });
  });

  it.each([
    ['no JSON', 'port 1'],
    ['nothing', ''],
    ['another secret', '{"port":1,"secret":"x","tls":[],"plain":[]}'],
    ['no hosts', `{"port":1,"secret":"${'ab'.repeat(32)}"}`],
    ['no port', `{"port":0,"secret":"${'ab'.repeat(32)}","tls":[],"plain":[]}`],
  ])('when its configuration is %s: status 4 and one line, and nothing runs', async (_name, text) => {
    const outcome = await runner.run(`console.log('ran')`, { env: { TOKEN_BUDGET_HOOK: text } });
    expect(outcome).toMatchObject({ status: 4, stdout: '' });
    expect(outcome.stderr).toMatch(/^token-budget: the budget cannot be enforced in this process: [^\n]+$/);
  });

  it('yet does nothing at all without a configuration', async () => {
    const program = `import tls from 'node:tls'; import net from 'node:net'; import { ChildProcess } from 'node:child_process';
      const own = [tls.connect, net.Socket.prototype.connect, ChildProcess.prototype.spawn].map(String);
      console.log(own.every((source) => source.includes('options')), Object.keys(globalThis).length);`;
    const without = await runner.run(program, { env: { TOKEN_BUDGET_HOOK: undefined, NODE_OPTIONS: undefined } });
    expect(await runner.run(program, { env: { TOKEN_BUDGET_HOOK: undefined } })).toEqual(without);
  });
});
