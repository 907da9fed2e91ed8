import type { Readable } from 'node:stream';
import type { AnswerHead } from './message.js';
import type { Route } from './route.js';

/** A request as it goes upstream. */
export interface Outgoing {
  readonly origin: Route;
  readonly method: string;
  /** Request target, byte for byte as the client sent it. */
  readonly path: string;
  /** Name, value, name, value, … in the client's order and spelling. */
  readonly headers: readonly string[];
  readonly body: Buffer | Readable | undefined;
  /** Its client speaks HTTP/2, and so is the upstream to be spoken to where it can. */
  readonly http2: boolean;
}

/** The upstream's answer, or why there is none. */
export type Forwarded =
  | { readonly answer: { readonly head: AnswerHead; readonly body: Readable } }
  | { readonly error: Error; /** Bytes may have reached the upstream, so it may bill. */ readonly sent: boolean };
