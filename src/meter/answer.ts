import { after, type Eventually } from '../lib/eventually.js';
import { decoderFor, type Decoder } from './content-encoding.js';
import type { Dialect, Headers, Reported, StreamReader } from './dialects/dialect.js';
import { SERVER_SENT_EVENTS, type Framing, type Splitter } from './framing.js';
import { parseObject, type JsonObject } from '../lib/json.js';
import { readOutline } from './json-without-long-strings.js';
import { betterOf, plausible } from './plausible.js';
import { sizeOf, textIn, withoutMark } from '../lib/byte-chunks.js';

/** Most decoded bytes of an answer that are read for its usage, and of one chunk of a stream. */
const READ_CAP = 64 * 1024 * 1024;

/**
 * Reads an answer as it passes: takes its bytes, gives back those to pass on. What cannot be read leaves `reported`
 * undefined and passes all the same; only a stream to be stripped fails, with UnreadableStream, where it cannot be
 * decoded: nothing of what follows could be passed on.
 */
export interface AnswerMeter {
  /** Bytes to pass on now. What the answer consumed may be known only with them, so read `done` before sending. */
  push(chunk: Buffer): Eventually<Buffer[]>;
  /** Bytes kept back until the end; after this `reported` is final. */
  end(): Eventually<Buffer[]>;
  /** Bytes passed on so far end with a whole event; never so before the end of an answer that is not a stream. */
  readonly between: boolean;
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

/** A stream that had to be decoded to strip it is not in its encoding. */
export class UnreadableStream extends Error {
  override readonly name = 'UnreadableStream';
}

/**
 * @param encoding value of Content-Encoding, lower case
 * @param headers of the answer: some formats state usage there
 */
export function jsonAnswer(dialect: Dialect, encoding: string, headers: Headers = {}): AnswerMeter {
  return new JsonAnswer(dialect, decoderFor(encoding, READ_CAP), headers);
}

/**
 * @param strip the usage chunk was asked for on the client's behalf and must not reach it; the answer is then passed
 * on decoded
 */
export function streamAnswer(
  dialect: Dialect,
  encoding: string,
  strip: boolean,
  framing: Framing = SERVER_SENT_EVENTS,
  headers: Headers = {},
): AnswerMeter {
  const stripped = strip ? (dialect.stripUsage ?? asIs) : undefined;
  return new StreamAnswer(dialect.stream(headers), decoderFor(encoding, READ_CAP), stripped, framing);
}

/** Makes of a block of a stream what of it the client gets. */
type Strip = (block: Buffer, data: string) => Buffer[];

const asIs: Strip = (block) => [block];

/** Keeps the last chunk back, so that the ledger knows the cost before the client has the whole answer. */
class JsonAnswer implements AnswerMeter {
  readonly #dialect: Dialect;
  readonly #decoder: Decoder;
  readonly #headers: Headers;
  #decoded: Buffer[] = [];
  #size = 0;
  #last: Buffer | undefined;
  #final = false;
  #broken = false;
  readonly between = false;
  done = false;
  reported: Reported | undefined;
  disproved = false;
  object: JsonObject | undefined;
  runsOn: string | undefined;

  constructor(dialect: Dialect, decoder: Decoder, headers: Headers) {
    this.#dialect = dialect;
    this.#decoder = decoder;
    this.#headers = headers;
  }

  push(chunk: Buffer): Eventually<Buffer[]> {
    return after(
      this.#read(() => this.#decoder.push(chunk)),
      () => {
        const previous = this.#last;
        this.#last = chunk;
        return previous ? [previous] : [];
      },
    );
  }

  end(): Eventually<Buffer[]> {
    return after(
      this.#read(() => this.#decoder.end()),
      () => {
        if (!this.#broken) this.#readWhole();
        const last = this.#last;
        this.#last = undefined;
        return last ? [last] : [];
      },
    );
  }

  #readWhole(): void {
    const answer = readOutline(this.#decoded);
    if (!answer) return;
    this.object = answer;
    const stated = this.#dialect.reported(answer, this.#headers);
    this.reported = plausible(stated);
    this.disproved = this.reported !== stated;
    this.runsOn = this.#dialect.runsOn?.(answer);
    this.#final = this.#dialect.isFinal(answer);
    this.done = this.#final || this.reported !== undefined;
  }

  texts(): readonly string[] | undefined {
    return this.#final ? [withoutMark(textIn(this.#decoded))] : undefined;
  }

  #read(decode: () => Eventually<Buffer>): Eventually<void> {
    if (this.#broken) return undefined;
    return after(decoded(decode), (piece) => {
      this.#size += piece?.length ?? 0;
      this.#broken = piece === undefined || this.#size > READ_CAP;
      if (piece) this.#decoded.push(piece);
      if (this.#broken) this.#decoded = [];
    });
  }
}

class StreamAnswer implements AnswerMeter {
  readonly #reader: StreamReader;
  readonly #decoder: Decoder;
  readonly #framing: Framing;
  readonly #splitter: Splitter;
  /** Undefined where the stream passes as it is. */
  readonly #strip: Strip | undefined;
  readonly #events: string[] = [];
  #size = 0;
  /** Decoded bytes that belong to a block which is not whole yet. */
  #open = 0;
  #broken = false;
  done = false;
  reported: Reported | undefined;
  readonly object = undefined;
  #zeros = false;

  constructor(reader: StreamReader, decoder: Decoder, strip: Strip | undefined, framing: Framing) {
    this.#reader = reader;
    this.#decoder = decoder;
    this.#framing = framing;
    this.#splitter = framing.splitter();
    this.#strip = strip;
  }

  get disproved(): boolean {
    return this.#zeros && (this.reported === undefined || this.reported.inputUnknown === true);
  }

  get runsOn(): string | undefined {
    return this.#reader.runsOn;
  }

  get between(): boolean {
    return !this.#broken && (this.#strip !== undefined || this.#open === 0);
  }

  push(chunk: Buffer): Eventually<Buffer[]> {
    return after(
      this.#blocks(() => this.#decoder.push(chunk)),
      (blocks) => {
        const kept = blocks.flatMap((block) => this.#take(block));
        return this.#strip ? kept : [chunk];
      },
    );
  }

  end(): Eventually<Buffer[]> {
    return after(
      this.#blocks(() => this.#decoder.end()),
      (blocks) => {
        const rest = this.#splitter.rest();
        const kept = [...blocks, ...(rest.length > 0 ? [rest] : [])].flatMap((block) => this.#take(block));
        if (!this.#broken && this.#reader.isWhole?.() === true) this.done = true;
        return this.#strip ? kept : [];
      },
    );
  }

  texts(): readonly string[] | undefined {
    const whole = this.done && !this.#broken && this.#size <= READ_CAP && this.#events.every(isReadable);
    return whole ? this.#events : undefined;
  }

  #blocks(decode: () => Eventually<Buffer>): Eventually<Buffer[]> {
    if (this.#broken) return [];
    return after(decoded(decode), (piece) => {
      if (!piece) return this.#giveUp();
      const blocks = this.#splitter.push(piece);
      this.#open += piece.length - sizeOf(blocks);
      return blocks;
    });
  }

  #giveUp(): Buffer[] {
    this.#broken = true;
    if (this.#strip) throw new UnreadableStream('the stream is not in its content encoding');
    return [];
  }

  /** Reads one block; gives back what of it the client gets. */
  #take(block: Buffer): Buffer[] {
    const data = this.#framing.data(block);
    if (data === '') return [block];
    if (this.#reader.event(data)) this.done = true;
    this.#note(this.#reader.reported);
    if (!this.reported?.usage.output) this.#keep(data);
    return this.#strip ? this.#strip(block, data) : [block];
  }

  #note(stated: Reported | undefined): void {
    if (!stated) return;
    const taken = plausible(stated);
    if (taken !== stated) this.#zeros = true;
    this.reported = betterOf(this.reported, taken);
  }

  /** Text is kept only while it may have to be counted. */
  #keep(data: string): void {
    this.#size += data.length;
    if (this.#size <= READ_CAP) this.#events.push(data);
  }
}

/** What was decoded; undefined where the bytes are not in their encoding. */
function decoded(decode: () => Eventually<Buffer>): Eventually<Buffer | undefined> {
  try {
    const piece = decode();
    return piece instanceof Promise ? piece.catch(() => undefined) : piece;
  } catch {
    return undefined;
  }
}

function isReadable(data: string): boolean {
  return data.trim() === '[DONE]' || parseObject(data) !== undefined;
}
