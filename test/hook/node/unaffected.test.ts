/** Everything the hook has no business with runs as if it were not there: same output with and without it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeBinaries, runnerFor } from './program.js';

const HOOK = JSON.stringify({
  port: 9,
  secret: 'ab'.repeat(32),
  tls: ['api.openai.com', '*.openai.azure.com'],
  plain: ['127.0.0.1:11434'],
});
const runner = runnerFor(() => HOOK);
const directory = mkdtempSync(join(tmpdir(), 'unaffected '));
const key = join(directory, 'key.pem');
const cert = join(directory, 'cert.pem');
const certifier = 'openssl';
execFileSync(
  certifier,
  [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-keyout',
    key,
    '-out',
    cert,
  ],
  { stdio: 'ignore' },
);

/** A TLS server in the same process as `port`, its options as `trust`, and what closes it all. */
const SERVER = `import tls from 'node:tls'; import https from 'node:https'; import http2 from 'node:http2'; import net from 'node:net';
  import { once } from 'node:events'; import { readFileSync } from 'node:fs';
  const [key, cert] = ${JSON.stringify([key, cert])}.map((file) => readFileSync(file));
  const server = http2.createSecureServer({ key, cert, allowHTTP1: true }, (q, s) => s.end(q.httpVersion + ' ' + (q.socket.servername ?? '')));
  server.listen(0, '127.0.0.1'); await once(server, 'listening');
  const { port } = server.address();
  const trust = { ca: cert, host: '127.0.0.1', port, servername: 'localhost', checkServerIdentity: () => undefined };
  const print = (...words) => console.log(...words.map(String));
  const get = (options) => new Promise((resolve) => https.get({ ...trust, ...options }, async (r) => {
    const facts = [r.socket.authorized, r.socket.getProtocol()];
    let text = ''; for await (const part of r) text += part;
    resolve([r.statusCode, text, ...facts].join());
  }).on('error', (error) => resolve(error.code)));
  const lookup = (name, options, done) => { seen.push(name); options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4); };
  const seen = [];
  `;

const PROGRAMS: [string, string, string][] = [
  ['https', `print(await get({}));`, '200,1.1 localhost,true,TLSv1.3'],
  ['a certificate nobody trusts', `print(await get({ ca: undefined }));`, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [
    'rejectUnauthorized: false',
    `print(await get({ ca: undefined, rejectUnauthorized: false }));`,
    '200,1.1 localhost,false,TLSv1.3',
  ],
  [
    'checkServerIdentity',
    `print(await get({ checkServerIdentity: () => Object.assign(new Error(), { code: 'MINE' }) }));`,
    'MINE',
  ],
  [
    'the name in the certificate',
    `print(await get({ servername: 'other.example', checkServerIdentity: tls.checkServerIdentity }));`,
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
  [
    'keep-alive',
    `let count = 0; const one = https.createServer({ key, cert }, (q, s) => s.end('x')).on('secureConnection', () => count++);
      one.listen(0, '127.0.0.1'); await once(one, 'listening'); const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
      delete trust.checkServerIdentity; const again = () => get({ agent, port: one.address().port }); await Promise.all([again(), again(), again()]); print(count);`,
    '1',
  ],
  ['lookup', `print(await get({ host: 'far.example', lookup }), seen);`, '200,1.1 localhost,true,TLSv1.3 far.example'],
  [
    'HTTP/2',
    `const c = http2.connect('https://127.0.0.1:' + port, { ...trust }); const s = c.request(); s.setEncoding('utf8');
    let text = ''; for await (const part of s) text += part; print(text, c.alpnProtocol, c.encrypted); c.close();`,
    '2.0 localhost h2 true',
  ],
  [
    'a connection refused',
    `const free = net.createServer().listen(0); await once(free, 'listening'); const gone = free.address().port; free.close();
    await once(free, 'close'); print(await get({ port: gone }));`,
    'ECONNREFUSED',
  ],
  [
    'a name without an address',
    `print(await get({ host: 'no.invalid', lookup: (n, o, done) => done(Object.assign(new Error(), { code: 'ENOTFOUND' })) }));`,
    'ENOTFOUND',
  ],
  [
    'tls.connect(port, host, options, cb)',
    `const s = tls.connect(port, '127.0.0.1', { ...trust, ALPNProtocols: ['http/1.1'] }, function () { print(this === s, s.authorized, s.alpnProtocol, s.getPeerCertificate().subject.CN); s.destroy(); }); await once(s, 'close');`,
    'true true http/1.1 localhost',
  ],
  [
    'TLS upon a socket of the caller',
    `const raw = net.connect(port, '127.0.0.1'); const s = tls.connect({ ...trust, socket: raw }); await once(s, 'secureConnect'); print(s.authorized, raw.destroyed); s.destroy();`,
    'true false',
  ],
  [
    'a signal',
    `const c = new AbortController(); const s = tls.connect({ ...trust, signal: c.signal }); c.abort(); const [e] = await once(s, 'error'); print(e.name);`,
    'AbortError',
  ],
  [
    'a time-out',
    `const quiet = net.createServer(() => {}).listen(0, '127.0.0.1'); await once(quiet, 'listening');
    const s = tls.connect({ ...trust, port: quiet.address().port, timeout: 20 }); await once(s, 'timeout'); print('timeout'); s.destroy(); quiet.close();`,
    'timeout',
  ],
  [
    'destroy before connect',
    `const s = tls.connect(trust); s.destroy(); await once(s, 'close'); print(s.destroyed);`,
    'true',
  ],
  [
    'no port at all',
    `try { tls.connect({ host: 'localhost' }); } catch (error) { print(error.code); }`,
    'ERR_MISSING_ARGS',
  ],
  [
    'plain net.connect, each form',
    `const echo = net.createServer((s) => s.pipe(s)).listen(0, '127.0.0.1'); await once(echo, 'listening'); const p = echo.address().port;
    for (const s of [net.connect(p), net.connect(p, '127.0.0.1'), net.connect({ port: p }), new net.Socket().connect(p)]) {
      s.end('hi'); const [chunk] = await once(s, 'data'); seen.push(chunk); await once(s, 'close'); } print(seen); echo.close();`,
    'hi,hi,hi,hi',
  ],
  [
    'a socket file',
    `const path = ${JSON.stringify(join(directory, 's'))} + process.pid; const echo = net.createServer((s) => s.end('hi')).listen(path); await once(echo, 'listening');
    const [chunk] = await once(net.connect(path), 'data'); print(chunk); echo.close();`,
    'hi',
  ],
  [
    'a hundred at once',
    `const all = await Promise.all(Array.from({ length: 100 }, () => get({}))); print(new Set(all).size, all[0]);`,
    '1 200,1.1 localhost,true,TLSv1.3',
  ],
];

describe.each(nodeBinaries())('on $name the hook leaves alone', ({ node }) => {
  it.each(PROGRAMS)('%s', async (_name, program, expected) => {
    const whole = `${SERVER} ${program} server.close(); server.closeAllConnections?.(); process.exit();`;
    const bare = await runner.run(whole, { node, env: { NODE_OPTIONS: undefined, TOKEN_BUDGET_HOOK: undefined } });
    expect(bare).toEqual({ status: 0, stdout: expected, stderr: '' });
    expect(await runner.run(whole, { node })).toEqual(bare);
  });
});
