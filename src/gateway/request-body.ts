import { decoderFor } from '../meter/content-encoding.js';
import { formBoundary, readForm } from '../meter/multipart.js';
import { parseObject, type JsonObject } from '../lib/json.js';
import { LONG, outlineOf } from '../meter/json-without-long-strings.js';
import { sizeOf, textIn, withoutMark, type Pieces } from '../lib/byte-chunks.js';
import type { Incoming } from './message.js';

/** Most bytes of a request body, as sent and as decoded. */
const BODY_CAP = 128 * 1024 * 1024;

/** A request's body: its bytes as sent, and what they say. Of a form that is its fields, and of its files the size. */
export class RequestBody {
  /** As sent. */
  readonly raw: Pieces;
  readonly #decoded: Pieces;
  #text: string | undefined;
  #outline: string | undefined;
  #json: { readonly value: JsonObject | undefined } | undefined;
  #whole: JsonObject | undefined;

  constructor(raw: Pieces, decoded = raw) {
    this.raw = raw;
    this.#decoded = decoded;
  }

  /** Size of the decoded text in bytes. */
  get bytes(): number {
    return sizeOf(this.#decoded);
  }

  /** The decoded bytes. */
  get decoded(): Pieces {
    return this.#decoded;
  }

  /** The decoded text. */
  get text(): string {
    return (this.#text ??= textIn(this.#decoded));
  }

  /** The decoded text with strings of more than 16 KB empty. */
  get outline(): string {
    return (this.#outline ??= outlineOf(this.#decoded));
  }

  /** Undefined where it is not a JSON object. Strings of more than 16 KB are empty in it. */
  get json(): JsonObject | undefined {
    return (this.#json ??= { value: parseObject(this.outline) }).value;
  }

  /** With its long strings: for what counts them, or writes a member anew that may hold one. */
  get whole(): JsonObject | undefined {
    if (this.bytes <= LONG) return this.json;
    // What is wrong inside a long string shows only here, and its upstream will say so.
    return (this.#whole ??= parseObject(withoutMark(this.text)) ?? this.json);
  }

  /**
   * Lets go of the text and what was read of it; both are made anew where they are asked for. An answer may take minutes,
   * and what lives so long in the heap makes the collector grow it: the bytes do not lie there.
   */
  forget(): void {
    this.#text = undefined;
    this.#outline = undefined;
    this.#json = undefined;
    this.#whole = undefined;
  }
}

/** A body that is a JSON object. */
export type ReadableBody = RequestBody & { readonly json: JsonObject; readonly whole: JsonObject };

/** Whether a body can be read as JSON, which every metered format is made of. */
export function isReadable(body: RequestBody): body is ReadableBody {
  return body.json !== undefined;
}

/** The body was larger than the gateway takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * Reads a request's body whole. Rejects with BodyTooLarge past 128 MiB, and where the client gives up.
 * @param forms a form is read as one; else it is not JSON, whatever it says
 */
export async function readBody(request: Incoming, forms: boolean): Promise<RequestBody> {
  const raw = await readAll(request);
  const boundary = forms ? formBoundary(request.headers['content-type'] ?? '') : undefined;
  if (boundary !== undefined) return formBody(raw, boundary);
  const encoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
  return encoding === '' ? new RequestBody(raw) : new RequestBody(raw, await decoded(raw, encoding));
}

function formBody(raw: Pieces, boundary: string): RequestBody {
  const fields = readForm(Buffer.concat(raw), boundary);
  return new RequestBody(raw, [Buffer.from(fields ? JSON.stringify(fields) : '')]);
}

function readAll(request: Incoming): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_CAP) return void chunks.push(chunk);
      // The rest is read and dropped: a client takes an answer only when it has sent everything.
      chunks.length = 0;
      reject(new BodyTooLarge('the request body is larger than 128 MiB'));
    });
    let ended = false;
    request.on('end', () => {
      ended = true;
      resolve(chunks);
    });
    request.on('error', reject);
    request.on('close', () => {
      // An error of which nobody hears takes as long to make as a call to decide.
      if (!ended) reject(new Error('the client closed the connection'));
    });
  });
}

async function decoded(raw: Pieces, encoding: string): Promise<Buffer[]> {
  const decoder = decoderFor(encoding, BODY_CAP);
  try {
    return [await decoder.push(Buffer.concat(raw)), await decoder.end()];
  } catch {
    return [];
  }
}
