/** Bedrock on loopback: TLS by HTTP/2 or HTTP/1, as its clients ask, and every signature is checked as AWS would. */
import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import http2, { type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkOf, encodeMessage, type Message } from './event-stream.js';

export const ACCESS_KEY = 'AKIDEXAMPLE';
export const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

export interface SeenCall {
  readonly version: string;
  readonly method: string;
  /** Byte for byte. */
  readonly path: string;
  readonly authority: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Undefined where it carried none. */
  readonly signature: 'valid' | 'invalid' | undefined;
}

export type Answering = (call: SeenCall, request: Http2ServerRequest, response: Http2ServerResponse) => boolean;

export interface Bedrock {
  readonly port: number;
  readonly seen: readonly SeenCall[];
  /** All sessions of HTTP/2 that it was given. */
  readonly sessions: readonly ServerHttp2Session[];
  close(): void;
}

export interface Identity {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Where the certificate is that signed it. */
  readonly caFile: string;
}

/** A certificate for `localhost` and `up.test`, by an authority of its own. */
export function newIdentity(): Identity {
  const cwd = mkdtempSync(join(tmpdir(), 'identity-'));
  const openssl = (args: string) => execFileSync('openssl', args.split(' '), { stdio: 'ignore', cwd });
  const name = '-addext subjectAltName=DNS:up.test,DNS:localhost';
  openssl('req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=Test-CA -keyout ca.key -out ca.pem');
  openssl(`req -newkey rsa:2048 -nodes -subj /CN=localhost ${name} -keyout up.key -out up.csr`);
  openssl('x509 -req -in up.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -copy_extensions copy -out up.pem');
  const read = (file: string) => readFileSync(join(cwd, file));
  return { key: read('up.key'), cert: read('up.pem'), caFile: join(cwd, 'ca.pem') };
}

/**
 * @param answer answers a call itself; false leaves it to the ordinary answer
 * @param only1 speaks HTTP/1 alone
 */
export async function startBedrock(identity: Identity, answer?: Answering, only1 = false): Promise<Bedrock> {
  const seen: SeenCall[] = [];
  const sessions: ServerHttp2Session[] = [];
  const serve = async (request: Http2ServerRequest, response: Http2ServerResponse) => {
    const call = await readCall(request);
    seen.push(call);
    if (call.signature === 'invalid') send(response, 403, INVALID_SIGNATURE);
    else if (answer?.(call, request, response) !== true) answerTo(call, response);
  };
  const serve1 = async (request: IncomingMessage, response: ServerResponse) => {
    const call = await readCall(request);
    seen.push(call);
    answerTo(call, response);
  };
  const options = { key: identity.key, cert: identity.cert };
  const server = only1
    ? https.createServer(options, (request, response) => void serve1(request, response))
    : http2.createSecureServer({ ...options, allowHTTP1: true }, (request, response) => void serve(request, response));
  server.on('session', (session: ServerHttp2Session) => {
    session.on('error', () => undefined);
    sessions.push(session);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    sessions,
    close: () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

async function readCall(request: Http2ServerRequest | IncomingMessage): Promise<SeenCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { httpVersion: version, method = '', url: path = '', headers } = request;
  const authority = String(headers[':authority'] ?? headers.host);
  const call = { version, method, path, authority, headers, body: Buffer.concat(chunks).toString() };
  return { ...call, signature: signatureOf(call) };
}

const ANSWER = { output: { message: { role: 'assistant', content: [{ text: 'four' }] } }, stopReason: 'end_turn' };
/** What each call uses: 30 uncached and 1,500 cached tokens in, 12 out. */
const USAGE = { inputTokens: 30, outputTokens: 12, totalTokens: 1542, cacheReadInputTokens: 1500 };
const METRICS = { inputTokenCount: 30, outputTokenCount: 12, cacheReadInputTokenCount: 1500 };
const COUNTS = {
  'x-amzn-bedrock-input-token-count': '30',
  'x-amzn-bedrock-output-token-count': '12',
  'x-amzn-bedrock-cache-read-input-token-count': '1500',
};
const INVALID_SIGNATURE = {
  'content-type': 'application/json',
  'x-amzn-errortype': 'InvalidSignatureException',
  body: JSON.stringify({ message: 'The request signature we calculated does not match.' }),
};
const CONVERSE_EVENTS: readonly Message[] = [
  { event: 'messageStart', payload: { role: 'assistant' } },
  { event: 'contentBlockDelta', payload: { contentBlockIndex: 0, delta: { text: 'fo' } } },
  { event: 'contentBlockDelta', payload: { contentBlockIndex: 0, delta: { text: 'ur' } } },
  { event: 'contentBlockStop', payload: { contentBlockIndex: 0 } },
  { event: 'messageStop', payload: { stopReason: 'end_turn' } },
  { event: 'metadata', payload: { usage: USAGE, metrics: { latencyMs: 5 } } },
];
const INVOKE_EVENTS: readonly Message[] = [
  chunkOf({ contentBlockDelta: { delta: { text: 'four' } } }),
  chunkOf({ messageStop: {}, 'amazon-bedrock-invocationMetrics': METRICS }),
];

/** What both versions' responses take. */
interface Answerable {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string | Buffer): unknown;
}

function answerTo({ path }: SeenCall, response: Answerable): void {
  const json = { 'content-type': 'application/json' };
  const stream = { 'content-type': 'application/vnd.amazon.eventstream' };
  if (path.endsWith('/converse')) {
    send(response, 200, { ...json, body: JSON.stringify({ ...ANSWER, usage: USAGE, metrics: { latencyMs: 5 } }) });
  } else if (path.endsWith('/invoke')) {
    send(response, 200, { ...json, ...COUNTS, body: JSON.stringify(ANSWER) });
  } else if (path.endsWith('/converse-stream')) {
    send(response, 200, { ...stream, body: Buffer.concat(CONVERSE_EVENTS.map(encodeMessage)) });
  } else if (path.endsWith('/invoke-with-response-stream')) {
    send(response, 200, { ...stream, body: Buffer.concat(INVOKE_EVENTS.map(encodeMessage)) });
  } else send(response, 404, { ...json, body: '{"message":"no such operation"}' });
}

function send(
  response: Answerable,
  status: number,
  { body, ...headers }: Record<string, string> | { body: Buffer },
): void {
  response.writeHead(status, headers);
  response.end(body);
}

/** Signature Version 4 over what was received, after AWS's description of it; the path is escaped once more than sent. */
function signatureOf(call: Omit<SeenCall, 'signature'>): SeenCall['signature'] {
  const form = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, key, scope = '', names = '', signature] = form.exec(String(call.headers.authorization ?? '')) ?? [];
  if (signature === undefined) return undefined;
  const fields = names.split(';').map((name) => `${name}:${String(call.headers[name] ?? '').trim()}\n`);
  const path = encodeURIComponent(call.path)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, percent);
  const canonical = [call.method, path, '', fields.join(''), names, sha256(call.body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', String(call.headers['x-amz-date']), scope, sha256(canonical)].join('\n');
  const derived = scope.split('/').reduce<string | Buffer>((with_, part) => hmac(with_, part), `AWS4${SECRET_KEY}`);
  return key === ACCESS_KEY && hmac(derived, toSign).toString('hex') === signature ? 'valid' : 'invalid';
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
