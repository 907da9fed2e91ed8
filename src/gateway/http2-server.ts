/** Serves clients that speak HTTP/2: their streams become requests and replies like those of HTTP/1. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import http2, { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import type { Incoming, Reply } from './message.js';

/** How long a session without any traffic is kept, in ms, as for connections of HTTP/1. */
const IDLE_MS = 10 * 60_000;

/** Most memory that a session takes for what its client has not read yet, in MB: streams past it are turned away. */
export const SESSION_MB = 256;

/** Takes a connection whose client begins with HTTP/2's preface, which may have been read already and put back. */
export function serveHttp2(socket: Socket, serve: (request: Incoming, response: Reply) => void): void {
  const session = http2.performServerHandshake(socket, { maxSessionMemory: SESSION_MB });
  session.setTimeout(IDLE_MS, () => {
    session.close();
  });
  session.on('error', () => socket.destroy());
  session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: number, raw: string[]) => {
    if (headers.expect === '100-continue') stream.additionalHeaders({ ':status': 100 });
    serve(requestOf(stream, headers, raw), new Http2Reply(stream));
  });
}

/** The stream itself, with what HTTP/1 says of a request: the authority as its host, a body without a length as chunked. */
function requestOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]): Incoming {
  const { ':authority': authority, ':method': method, ':path': url, ...rest } = headers;
  const host = single(authority) ?? headers.host;
  const open = !stream.endAfterHeaders && headers['content-length'] === undefined;
  return Object.assign(stream, {
    httpVersionMajor: 2,
    method: single(method),
    url: single(url),
    headers: { ...rest, ...(host !== undefined && { host }), ...(open && { 'transfer-encoding': 'chunked' }) },
    rawHeaders: [
      ...(host === undefined ? [] : ['host', host]),
      ...fieldsOf(raw)
        .filter(([name]) => name !== 'host')
        .flat(),
    ],
  });
}

/** A field that comes once. */
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Names and values of a flat list, without HTTP/2's own fields. */
export function fieldsOf(raw: readonly string[]): [string, string][] {
  const pairs = raw.flatMap((name, i): [string, string][] => (i % 2 ? [] : [[name.toLowerCase(), raw[i + 1] ?? '']]));
  return pairs.filter(([name]) => !name.startsWith(':'));
}

/**
 * Fields that Node's HTTP/2 throws at where they come more than once, as they do where two servers in a row add the same
 * one (its `kSingleValueHeaders`, in lib/internal/http2/util.js of Node 24).
 */
const SINGLE = new Set(
  `access-control-allow-credentials access-control-max-age access-control-request-method age authorization
  content-encoding content-language content-length content-location content-md5 content-range content-type date dnt etag
  expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location
  max-forwards proxy-authorization range referer retry-after tk upgrade-insecure-requests user-agent
  x-content-type-options`.split(/\s+/),
);

/**
 * Fields by name, as Node's HTTP/2 takes them. One that comes several times has a list; where only one may stand, the
 * first does, as in what Node itself reads of such a message.
 */
export function fieldsByName(fields: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const byName: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of fields) {
    const before = byName[name];
    if (before === undefined) byName[name] = value;
    else if (!SINGLE.has(name)) byName[name] = [before, value].flat();
  }
  return byName;
}

/** A client that is gone takes everything, as a closed reply of HTTP/1 does. */
class Http2Reply extends Writable implements Reply {
  sendDate = true;
  headersSent = false;
  readonly #stream: ServerHttp2Stream;
  #trailers: readonly [string, string][] = [];

  constructor(stream: ServerHttp2Stream) {
    super();
    this.#stream = stream;
    stream.on('error', () => undefined);
    stream.once('close', () => this.destroy());
    stream.once('wantTrailers', () => {
      stream.sendTrailers(fieldsByName(this.#trailers));
    });
  }

  writeHead(status: number, headers: OutgoingHttpHeaders): void;
  writeHead(status: number, message: string | undefined, headers: string[]): void;
  writeHead(status: number, either: OutgoingHttpHeaders | string | undefined, raw: readonly string[] = []): void {
    this.headersSent = true;
    if (this.#stream.destroyed) return;
    const fields = typeof either === 'object' ? either : fieldsByName(fieldsOf(raw));
    // Node's types leave out what it takes for the date.
    const options = { waitForTrailers: true, sendDate: this.sendDate };
    this.#stream.respond({ ...fields, ':status': status }, options);
  }

  addTrailers(trailers: [string, string][]): void {
    this.#trailers = trailers;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) done();
    else
      this.#stream.write(chunk, () => {
        done();
      });
  }

  override _final(done: () => void): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) done();
    else
      this.#stream.end(() => {
        done();
      });
  }

  /** Ended before its time, it must not be taken for whole. */
  override _destroy(_: Error | null, done: () => void): void {
    if (!this.writableFinished) this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    done();
  }
}
