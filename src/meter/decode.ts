import zlib from 'node:zlib';
import type { Transform } from 'node:stream';

/** Undoes a content encoding piece by piece, on a copy of the bytes. */
export interface Decoder {
  /** What this chunk decodes to so far; rejects where the bytes are not in the encoding, or inflate past the cap. */
  push(chunk: Buffer): Promise<Buffer> | Buffer;
  /** What was still inside at the end. */
  end(): Promise<Buffer> | Buffer;
}

/** Encodings that can be read on this version of Node; `zstd` came with 22.15. */
const STREAMS: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
  zstd: (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress,
};

/** Whether an encoding, as a Content-Encoding header names it, can be read. */
export function canDecode(encoding: string): boolean {
  return encoding === '' || encoding === 'identity' || STREAMS[encoding] !== undefined;
}

/**
 * @param encoding value of Content-Encoding, lower case; unknown ones are not decoded (see canDecode)
 * @param cap most decoded bytes, against decompression bombs
 */
export function decoderFor(encoding: string, cap: number): Decoder {
  const make = STREAMS[encoding];
  return make ? new ZlibDecoder(make(), cap) : { push: (chunk) => chunk, end: () => Buffer.alloc(0) };
}

class ZlibDecoder implements Decoder {
  readonly #stream: Transform;
  #out: Buffer[] = [];
  #error: Error | undefined;

  constructor(stream: Transform, cap: number) {
    this.#stream = stream;
    let size = 0;
    stream.on('error', (error) => (this.#error ??= error));
    stream.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > cap) stream.destroy(new Error(`decoded to more than ${cap} bytes`));
      else this.#out.push(piece);
    });
  }

  push(chunk: Buffer): Promise<Buffer> {
    return this.#after((done) => this.#stream.write(chunk, done));
  }

  end(): Promise<Buffer> {
    return this.#after((done) => this.#stream.end(done));
  }

  #after(act: (done: () => void) => void): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const done = () => {
        if (this.#error) reject(this.#error);
        else resolve(Buffer.concat(this.#out.splice(0)));
      };
      if (this.#error || this.#stream.destroyed) done();
      else act(done);
    });
  }
}
