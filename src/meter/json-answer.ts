import { textIn, withoutMark } from '../lib/byte-chunks.js';
import { after, type Eventually } from '../lib/eventually.js';
import type { JsonObject } from '../lib/json.js';
import { decoded, READ_CAP, type AnswerMeter } from './answer.js';
import { decoderFor, type Decoder } from './content-encoding.js';
import type { Dialect, Headers, Reported } from './dialects/dialect.js';
import { readOutline } from './json-without-long-strings.js';
import { plausible } from './plausible.js';

/**
 * Reads an answer that is one JSON value.
 * @param encoding value of Content-Encoding, lower case
 * @param headers of the answer: some formats state usage there
 */
export function jsonAnswer(dialect: Dialect, encoding: string, headers: Headers = {}): AnswerMeter {
  return new JsonAnswer(dialect, decoderFor(encoding, READ_CAP), headers);
}

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
