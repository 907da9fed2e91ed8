import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/domain/entry.js';
import { decodeJournal, piecesOf } from '../../src/ledger/journal-reader.js';
import { linesOf, SAMPLE as sample, sealedText } from './entries.js';

const root = mkdtempSync(join(tmpdir(), 'decode-'));

afterAll(() => {
  rmSync(root, { recursive: true });
});

const decoded = (text: string) => decodeJournal([Buffer.from(text)]);

describe('What is recovered', () => {
  test('from any part of a journal, cut at any byte, is the entries whose lines are whole', () => {
    const lines = linesOf(sample).map((line) => Buffer.from(line));
    const bytes = Buffer.concat(lines);
    const ends = lines.map((_, at) => Buffer.concat(lines.slice(0, at + 1)).length);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const whole = ends.filter((end) => end <= cut).length;
      expect(decodeJournal([bytes.subarray(0, cut)])).toEqual(sample.slice(0, whole));
    }
  });

  test('after any single bit flipped is the entries before its line, and no other', () => {
    const lines = linesOf(sample).map((line) => Buffer.from(line));
    const bytes = Buffer.concat(lines);
    let before = 0;
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      if (at - start >= (lines[before]?.length ?? 0)) {
        start = at;
        before += 1;
      }
      for (let bit = 0; bit < 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const entries = decodeJournal([flipped]);
        if (JSON.stringify(entries) !== JSON.stringify(sample.slice(0, before))) {
          throw new Error(`bit ${bit} of byte ${at} gives ${entries.length} entries, not ${before}`);
        }
      }
    }
    expect(before).toBe(lines.length - 1);
  });

  test('after lines were swapped, dropped or repeated is the entries before them', () => {
    const lines = linesOf(sample);
    for (let at = 0; at + 1 < lines.length; at += 1) {
      const [head, one, two, tail] = [lines.slice(0, at), lines[at] ?? '', lines[at + 1] ?? '', lines.slice(at + 2)];
      const entries = (...middle: string[]) => decoded([...head, ...middle, ...tail].join(''));
      expect(entries(two, one)).toEqual(sample.slice(0, at));
      expect(entries(two)).toEqual(sample.slice(0, at));
      expect(entries(one, one, two)).toEqual(sample.slice(0, at + 1));
    }
  });

  test('from bytes that are no journal is nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeJournal([bytes])).toEqual([]);
      }),
    );
  });
});

/** Characters of one to four bytes, and those that end a line in some languages but in no journal. */
const NAMES: Entry[] = ['gpt', 'é', '€', '𝄞', 'a\u2028b\u2029c\u0085d', '\ufeffbom', 'two\nlines'].map((text) => ({
  event: 'notice',
  ms: 1,
  code: 'unmetered',
  text,
}));

describe('A journal that comes in pieces', () => {
  const bytes = Buffer.from(linesOf(NAMES).join(''));

  test('is the same wherever it is cut in two', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(decodeJournal([bytes.subarray(0, cut), bytes.subarray(cut)]), `cut at ${cut}`).toEqual(NAMES);
    }
  });

  test.each([1, 2, 3, 5, 64, 1000, 100_000])('is the same in pieces of %i bytes', (size) => {
    expect(decodeJournal(inPieces(bytes, size))).toEqual(NAMES);
  });

  test('may have them all in the same memory', () => {
    const memory = Buffer.alloc(7);
    const reused = function* () {
      for (const piece of inPieces(bytes, memory.length)) {
        memory.set(piece);
        yield memory.subarray(0, piece.length);
      }
    };
    expect(decodeJournal(reused())).toEqual(NAMES);
  });

  test('is cut short where any of its bytes is missing, whatever piece it was in', () => {
    const ends = linesOf(NAMES).map((_, at, lines) => Buffer.byteLength(lines.slice(0, at + 1).join('')));
    for (let gone = 0; gone < bytes.length; gone += 1) {
      const whole = ends.filter((end) => end <= gone).length;
      const pieces = [bytes.subarray(0, gone), bytes.subarray(gone + 1)];
      expect(decodeJournal(pieces), `without byte ${gone}`).toEqual(NAMES.slice(0, whole));
    }
  });

  test.each(['', '\n', '{', '{}\n', '\n\n'])('of the text %j is nothing', (text) => {
    expect(decodeJournal([])).toEqual([]);
    expect(decoded(text)).toEqual([]);
  });

  test('ends before a line that is no JSON, though its checksum is right', () => {
    expect(decoded(sealedText('{"event":"void","id":1,"ms":2,"status":0'))).toHaveLength(1);
    expect(decoded(sealedText('{"event":'))).toEqual([]);
  });
});

describe('A file in pieces', () => {
  const file = join(root, 'file');
  const read = (length?: number) => {
    const fd = openSync(file, 'r');
    const digest = createHash('sha256');
    try {
      const bytes = Buffer.concat(Array.from(piecesOf(fd, length, digest), (piece) => Buffer.from(piece)));
      expect(digest.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
      return bytes;
    } finally {
      closeSync(fd);
    }
  };

  test.each([0, 1, 65_535, 65_536, 65_537, 200_000])('of %i bytes is all of it', (size) => {
    const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, at) => at % 251));
    writeFileSync(file, bytes);
    expect(read().equals(bytes)).toBe(true);
    for (const length of [0, 1, 65_536, 70_000]) {
      expect(read(length).equals(bytes.subarray(0, length)), `the first ${length} bytes`).toBe(true);
    }
  });
});

function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
