/** What the gateway needs of HTTP's messages, whichever version of HTTP brings them. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import type { Pieces } from '../lib/byte-chunks.js';
import type { Route } from './route.js';

/** A client's request. Its host stands in `host`, as HTTP/1 has it. */
export interface Incoming extends Readable {
  readonly httpVersionMajor: number;
  readonly method?: string | undefined;
  /** The request target, byte for byte. */
  url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value, … as they came, but for keys that the gateway puts in for their placeholders. */
  rawHeaders: string[];
}

/** The way back to a client. */
export interface Reply extends Writable {
  readonly headersSent: boolean;
  sendDate: boolean;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  /** @param headers name, value, name, value, … */
  writeHead(status: number, message: string | undefined, headers: string[]): unknown;
  addTrailers(trailers: [string, string][]): void;
}

/** An upstream's answer before its body. */
export interface AnswerHead {
  readonly httpVersionMajor: number;
  readonly statusCode?: number | undefined;
  readonly statusMessage?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  /** Once the body has ended: whether that was all of it. */
  readonly complete: boolean;
  /** Known once the body has ended. */
  readonly rawTrailers: readonly string[];
}

/** A request as it goes upstream. */
export interface Outgoing {
  readonly origin: Route;
  readonly method: string;
  /** Request target, byte for byte as the client sent it. */
  readonly path: string;
  /** Name, value, name, value, … in the client's order and spelling. */
  readonly headers: readonly string[];
  /** In pieces where it was read. */
  readonly body: Pieces | Readable | undefined;
  /** Its client speaks HTTP/2, and so is the upstream to be spoken to where it can. */
  readonly http2: boolean;
}

/** The upstream's answer, or why there is none. */
export type Forwarded =
  | { readonly answer: { readonly head: AnswerHead; readonly body: Readable } }
  | { readonly error: Error; /** Bytes may have reached the upstream, so it may bill. */ readonly sent: boolean };
