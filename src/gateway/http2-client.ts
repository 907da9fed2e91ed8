/** HTTP/2 to upstreams, for clients that speak it: a signature of theirs may cover `:authority`, which HTTP/1 has not. */
import http2, { constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { isIP } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { Signal } from '../lib/one-shot-signal.js';
import { sendBody } from './body-stream.js';
import { fieldsByName, fieldsOf, SESSION_MB } from './http2-server.js';
import type { AnswerHead, Forwarded, Outgoing } from './message.js';
import { endAfter, PATIENCE } from './upstream-timeouts.js';
import { proxyFor, tunnel } from './proxy.js';
import { hostName, type Origin } from './origin.js';

/**
 * How long a session without traffic takes new requests, in ms. One that crosses with its end costs nothing: the
 * upstream says which it has read (GOAWAY).
 */
const KEEP_MS = 30_000;

/** One session to each origin at a time, opened when it is needed. */
export class Http2Sessions {
  readonly #sessions = new Map<string, Promise<ClientHttp2Session | undefined>>();
  readonly #open = new Set<ClientHttp2Session>();

  /** The session to an https origin; undefined where that speaks HTTP/1 only. Rejects where it cannot be reached. */
  to(origin: Origin): Promise<ClientHttp2Session | undefined> {
    const key = hostName(origin);
    const known = this.#sessions.get(key);
    if (known) return known;
    const retire = () => {
      if (this.#sessions.get(key) === opening) this.#sessions.delete(key);
    };
    const opening = connect(origin).then((socket) => this.#start(origin, socket, retire));
    this.#sessions.set(key, opening);
    opening.catch(retire);
    return opening;
  }

  /** Ends all sessions, those in use too. */
  close(): void {
    for (const session of this.#open) session.destroy();
  }

  #start(origin: Origin, socket: TLSSocket, retire: () => void): ClientHttp2Session | undefined {
    if (socket.alpnProtocol !== 'h2') {
      socket.destroy();
      return undefined;
    }
    const options = { createConnection: () => socket, maxSessionMemory: SESSION_MB, settings: { enablePush: false } };
    const session = http2.connect(`https://${hostName(origin)}`, options);
    this.#open.add(session);
    session.on('close', () => this.#open.delete(session));
    for (const end of ['close', 'goaway', 'error']) session.on(end, retire);
    // Requests under way go on to their end.
    session.setTimeout(KEEP_MS, () => {
      retire();
      session.close();
    });
    return session;
  }
}

async function connect(origin: Origin): Promise<TLSSocket> {
  const { host, port } = origin;
  const proxy = proxyFor(origin);
  const way = proxy ? { socket: await tunnel(proxy, origin) } : { host, port };
  const name = isIP(host) ? {} : { servername: host };
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ ...way, ...name, host, ALPNProtocols: ['h2', 'http/1.1'] });
    socket.once('secureConnect', () => {
      socket.off('error', reject).setNoDelay(true);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** Sends a request over a session. Throws where the session takes none any more, so that no byte of it has left. */
export function exchangeHttp2(session: ClientHttp2Session, outgoing: Outgoing, abort: Signal): Promise<Forwarded> {
  const { body } = outgoing;
  const cancel = new AbortController();
  abort.on(() => {
    cancel.abort();
  });
  if (abort.fired) cancel.abort();
  const stream = session.request(fieldsFor(outgoing), { endStream: body === undefined, signal: cancel.signal });
  endAfter(stream, PATIENCE.totalMs);
  stream.setTimeout(PATIENCE.idleMs, () => stream.destroy(new Error('the upstream was silent for too long')));
  return new Promise((resolve) => {
    stream.on('response', (headers, _flags, raw?: string[]) => {
      resolve({ answer: { head: headOf(stream, headers, raw ?? []), body: stream } });
    });
    const fail = (error: Error) => {
      resolve({ error, sent: mayHaveBeenRead(stream) });
    };
    stream.on('error', fail);
    stream.on('close', () => {
      fail(new Error('the upstream ended the request'));
    });
    if (body !== undefined) sendBody(stream, body);
  });
}

/** A request that was never written, or that the upstream says it has not looked at (RFC 9113, 8.7), costs nothing. */
function mayHaveBeenRead(stream: ClientHttp2Stream): boolean {
  return !stream.pending && stream.rstCode !== constants.NGHTTP2_REFUSED_STREAM;
}

function fieldsFor({ method, path, headers, origin }: Outgoing): http2.OutgoingHttpHeaders {
  const fields = fieldsOf(headers);
  const authority = fields.find(([name]) => name === 'host')?.[1] ?? hostName(origin);
  const own = { ':method': method, ':authority': authority, ':scheme': 'https', ':path': path };
  // The length of a body needs no framing of its own here.
  return { ...own, ...fieldsByName(fields.filter(([name]) => name !== 'host' && name !== 'transfer-encoding')) };
}

function headOf(stream: ClientHttp2Stream, headers: http2.IncomingHttpHeaders, raw: readonly string[]): AnswerHead {
  const rawTrailers: string[] = [];
  stream.on('trailers', (_headers, _flags, fields?: string[]) => rawTrailers.push(...fieldsOf(fields ?? []).flat()));
  const { ':status': status, ...fields } = headers as http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;
  return {
    httpVersionMajor: 2,
    statusCode: status,
    headers: fields,
    rawHeaders: fieldsOf(raw).flat(),
    rawTrailers,
    // Node ends a stream in good order, yet by another code, where its connection is gone.
    get complete() {
      return stream.rstCode === constants.NGHTTP2_NO_ERROR;
    },
  };
}
