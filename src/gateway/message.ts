/** What the gateway needs of HTTP's messages, whichever version of HTTP brings them. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import type { Pieces } from '../lib/byte-chunks.js';
import type { Origin } from './origin.js';

/** A client's request. Its host stands in `host`, as HTTP/1 has it. */
export interface Incoming extends Readable {
  readonly httpVersionMajor: number;
  readonly method?: string | undefined;
  /** The request target, byte for byte. */
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value, … as they came. */
  readonly rawHeaders: readonly string[];
}

/** The head of a request as it may go upstream: with keys in the place of their placeholders. */
export interface RequestHead {
  /** The request target, byte for byte. */
  readonly url: string;
  /** Name, value, name, value, … in the client's order and spelling. */
  readonly rawHeaders: readonly string[];
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

/** An upstream's answer: its head, and its body where a part of that was read before. */
export interface Answer {
  readonly head: AnswerHead;
  readonly body: Readable;
}

/** A request as it goes upstream. */
export interface Outgoing {
  readonly origin: Origin;
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
  | { readonly answer: Answer }
  | { readonly error: Error; /** Bytes may have reached the upstream, so it may bill. */ readonly sent: boolean };

/** Whether an upstream did what it was asked for. */
export function succeeded({ statusCode = 0 }: Pick<AnswerHead, 'statusCode'>): boolean {
  return statusCode < 300;
}

/** Tells of a call, by its number on the ledger, once its reply has been written in full, or its client is gone. */
export function tellReplied(replied: (id: number) => void, response: Reply, id: number): void {
  if (response.destroyed) replied(id);
  else
    response.once('close', () => {
      replied(id);
    });
}
