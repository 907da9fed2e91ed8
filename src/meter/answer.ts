import type { Eventually } from '../lib/eventually.js';
import type { JsonObject } from '../lib/json.js';
import type { Reported } from './dialects/dialect.js';

/** Most decoded bytes of an answer that are read for its usage, and of one chunk of a stream. */
export const READ_CAP = 64 * 1024 * 1024;

/** What is known of an answer by what has been read of it. */
export interface AnswerReading {
  /** The answer is complete and its usage cannot change any more. */
  readonly done: boolean;
  /** What of its usage can be true. */
  readonly reported: Reported | undefined;
  /** It states a usage that cannot be true, of zeros: who says so knows nothing of what the call took. */
  readonly disproved: boolean;
  /** An answer that is one JSON object, once it is whole. */
  readonly object: JsonObject | undefined;
  /** The id under which the answer's work goes on at the provider, where it does. */
  readonly runsOn: string | undefined;
  /** JSON texts of the answer, to count where no usage was reported; undefined where it could not be read whole. */
  texts(): readonly string[] | undefined;
}

/**
 * Reads an answer as it passes: takes its bytes, gives back those to pass on. What cannot be read leaves `reported`
 * undefined and passes all the same; only a stream to be stripped fails, with UnreadableStream, where it cannot be
 * decoded: nothing of what follows could be passed on.
 */
export interface AnswerMeter extends AnswerReading {
  /** Bytes to pass on now. What the answer consumed may be known only with them, so read `done` before sending. */
  push(chunk: Buffer): Eventually<Buffer[]>;
  /** Bytes kept back until the end; after this `reported` is final. */
  end(): Eventually<Buffer[]>;
  /** Bytes passed on so far end with a whole event; never so before the end of an answer that is not a stream. */
  readonly between: boolean;
}

/** A stream that had to be decoded to strip it is not in its encoding. */
export class UnreadableStream extends Error {
  override readonly name = 'UnreadableStream';
}

/** What was decoded; undefined where the bytes are not in their encoding. */
export function decoded(decode: () => Eventually<Buffer>): Eventually<Buffer | undefined> {
  try {
    const piece = decode();
    return piece instanceof Promise ? piece.catch(() => undefined) : piece;
  } catch {
    return undefined;
  }
}
