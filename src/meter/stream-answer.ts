import { sizeOf } from '../lib/byte-chunks.js';
import { after, type Eventually } from '../lib/eventually.js';
import { parseObject } from '../lib/json.js';
import { decoded, READ_CAP, UnreadableStream, type AnswerMeter } from './answer.js';
import { decoderFor, type Decoder } from './content-encoding.js';
import type { Dialect, Headers, Reported, StreamReader } from './dialects/dialect.js';
import { SERVER_SENT_EVENTS, type Framing, type Splitter } from './framing.js';
import { betterOf, plausible } from './plausible.js';

/**
 * Reads an answer that is a stream of events.
 * @param encoding value of Content-Encoding, lower case
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

function isReadable(data: string): boolean {
  return data.trim() === '[DONE]' || parseObject(data) !== undefined;
}
