import zlib from 'node:zlib';
import type { Transform } from 'node:stream';
import type { Eventually } from '../lib/eventually.js';

/** Undoes a content encoding piece by piece, on a copy of the bytes. */
export interface Decoder {
  /** What this chunk decodes to so far; rejects where the bytes are not in the encoding, or inflate past the cap. */
  push(chunk: Buffer): Eventually<Buffer>;
  /** What was still inside at the end; rejects where the encoding breaks off. */
  end(): Eventually<Buffer>;
}

type Make = (first: Buffer) => Transform;

/** Encodings that can be read on this version of Node; `zstd` came with 22.15. */
const STREAMS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['gzip', () => zlib.createGunzip()],
  ['x-gzip', () => zlib.createGunzip()],
  ['deflate', inflateFor],
  ['br', () => zlib.createBrotliDecompress()],
  ...zstd(),
]);

function zstd(): [string, Make][] {
  const make = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  return make ? [['zstd', () => make()]] : [];
}

/** `deflate` means zlib's format, yet some servers send it without the header; the first byte tells. */
function inflateFor(first: Buffer): Transform {
  return ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
}

/** Whether an encoding, as a Content-Encoding header names it, can be read. */
export function canDecode(encoding: string): boolean {
  return encoding === '' || encoding === 'identity' || STREAMS.has(encoding);
}

/**
 * @param encoding value of Content-Encoding, lower case; unknown ones are not decoded (see canDecode)
 * @param cap most bytes that one chunk may decode to, against decompression bombs
 */
export function decoderFor(encoding: string, cap: number): Decoder {
  const make = STREAMS.get(encoding);
  return make ? new ZlibDecoder(make, cap) : { push: (chunk) => chunk, end: () => Buffer.alloc(0) };
}

class ZlibDecoder implements Decoder {
  readonly #make: Make;
  readonly #cap: number;
  #stream: Transform | undefined;
  #out: Buffer[] = [];
  #size = 0;
  #error: Error | undefined;
  #ended = false;

  constructor(make: Make, cap: number) {
    this.#make = make;
    this.#cap = cap;
  }

  push(chunk: Buffer): Eventually<Buffer> {
    if (chunk.length === 0) return chunk;
    this.#stream ??= this.#open(chunk);
    // What follows the end of the encoded data is not part of it.
    if (this.#ended) return Buffer.alloc(0);
    const stream = this.#stream;
    return this.#after((done) => stream.write(chunk, done));
  }

  end(): Eventually<Buffer> {
    const stream = this.#stream;
    // An empty body in any encoding is an empty body.
    if (!stream) return Buffer.alloc(0);
    if (!this.#ended) stream.end();
    return this.#after((done) => {
      if (this.#ended) done();
    });
  }

  #open(first: Buffer): Transform {
    const stream = this.#make(first);
    stream.on('error', (error) => (this.#error ??= error));
    stream.on('end', () => (this.#ended = true));
    stream.on('data', (piece: Buffer) => {
      this.#size += piece.length;
      if (this.#size <= this.#cap) this.#out.push(piece);
      else stream.destroy((this.#error ??= new Error(`decoded to more than ${this.#cap} bytes`)));
    });
    return stream;
  }

  /** A stream that fails calls back no writer, and one that ends early no other: its own events settle those. */
  #after(act: (done: () => void) => void): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const stream = this.#stream;
      const done = () => {
        stream?.off('error', done).off('end', done).off('close', done);
        if (this.#error) reject(this.#error);
        else resolve(this.#taken());
      };
      stream?.on('error', done).on('end', done).on('close', done);
      if (this.#error || stream?.destroyed) done();
      else act(done);
    });
  }

  #taken(): Buffer {
    this.#size = 0;
    return Buffer.concat(this.#out.splice(0));
  }
}
