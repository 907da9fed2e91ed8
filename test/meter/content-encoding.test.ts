import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import zlib, { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { canDecode, decoderFor } from '../../src/meter/content-encoding.js';
import { cutAt } from './streams.js';

const ENCODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  identity: (bytes) => bytes,
  '': (bytes) => bytes,
};
const MIB = 1024 * 1024;

async function decode(encoding: string, chunks: readonly Buffer[], cap = 64 * MIB): Promise<Buffer> {
  const decoder = decoderFor(encoding, cap);
  const pieces: Buffer[] = [];
  for (const chunk of chunks) pieces.push(await decoder.push(chunk));
  return Buffer.concat([...pieces, await decoder.end()]);
}

/** How a step ends, in a word: a failing comparison must not print megabytes. */
async function outcome(step: () => Promise<Buffer> | Buffer): Promise<string> {
  try {
    await step();
    return 'decoded';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe.each(Object.keys(ENCODERS))('decoding %j', (encoding) => {
  const encode = ENCODERS[encoding] ?? gzipSync;

  it('gives back what was encoded, in any chunks', async () => {
    const bytes = fc.uint8Array({ maxLength: 5_000 }).map((array) => Buffer.from(array));
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(bytes, cuts, async (given, places) => {
        expect((await decode(encoding, cutAt(encode(given), places))).equals(given)).toBe(true);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('gives back more than a stream buffers at once', async () => {
    const bytes = Buffer.alloc(5 * MIB, 'the same again ');
    expect((await decode(encoding, cutAt(encode(bytes), [0.3, 0.6]))).equals(bytes)).toBe(true);
  });

  it('takes an empty body for one', async () => {
    expect((await decode(encoding, [])).length).toBe(0);
  });
});

describe('what cannot be decoded', () => {
  it.each(['gzip', 'deflate', 'br'])('rejects instead of waiting for ever: garbage as %s', async (encoding) => {
    const garbage = Buffer.from('this is not compressed at all, whatever the header says');
    await expect(decode(encoding, [garbage])).rejects.toThrow();
    await expect(decode(encoding, [garbage, garbage])).rejects.toThrow();
  });

  it.each(['gzip', 'deflate', 'br'])('rejects at its end where it breaks off: %s', async (encoding) => {
    const bytes = ENCODERS[encoding]?.(Buffer.alloc(100_000, 'abc')) ?? Buffer.alloc(0);
    await expect(decode(encoding, [bytes.subarray(0, -2)])).rejects.toThrow();
  });

  it.each(['gzip', 'deflate', 'br'])('stops a bomb at the cap: %s', async (encoding) => {
    const bomb = ENCODERS[encoding]?.(Buffer.alloc(8 * MIB)) ?? Buffer.alloc(0);
    const decoder = decoderFor(encoding, MIB);
    for (const next of [() => decoder.push(bomb), () => decoder.push(bomb), () => decoder.end()]) {
      expect(await outcome(next)).toBe('decoded to more than 1048576 bytes');
    }
  });
});

describe('odd encodings', () => {
  it('reads deflate without its header, as some servers send it', async () => {
    const bytes = Buffer.from('{"usage":{"prompt_tokens":1}}');
    for (const cut of [0, 0.5]) {
      expect((await decode('deflate', cutAt(deflateRawSync(bytes), [cut]))).equals(bytes)).toBe(true);
    }
  });

  it('leaves out what follows the end of the encoded data', async () => {
    const bytes = Buffer.from('whole');
    const chunks = [Buffer.concat([gzipSync(bytes), Buffer.alloc(512)])];
    expect((await decode('gzip', chunks)).toString()).toBe('whole');
  });

  it('hands on unread what it does not know, names of object members too', async () => {
    for (const encoding of ['compress', 'gzip, br', 'constructor', '__proto__', 'toString']) {
      expect(canDecode(encoding)).toBe(false);
      expect((await decode(encoding, [Buffer.from('as it is')])).toString()).toBe('as it is');
    }
  });

  it('reads zstd where this version of Node has it', () => {
    expect(canDecode('zstd')).toBe('createZstdDecompress' in zlib);
  });
});
