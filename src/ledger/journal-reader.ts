/**
 * A journal's bytes as entries. It may be long and there may be little memory for it, so that it is read in pieces:
 * neither its bytes nor its text are ever there as a whole.
 */
import type { Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { crc32 } from 'node:zlib';
import type { Entry } from '../domain/entry.js';

const PIECE_BYTES = 65_536;

/** `s`, since JSON leaves U+2028 and U+2029 as they are and a plain dot stops there. */
const SEALED = /^(\{.*),"crc":"([0-9a-f]{8})"\}$/s;

/**
 * The first `length` bytes of a file in pieces, all in the same memory: each is gone when the next is asked for.
 * @param digest is told of all bytes that were read
 */
export function* piecesOf(fd: number, length = Infinity, digest?: Hash): Generator<Uint8Array> {
  const piece = Buffer.alloc(PIECE_BYTES);
  for (let read = -1, done = 0; read !== 0; done += read) {
    read = readSync(fd, piece, 0, Math.min(piece.length, length - done), done);
    digest?.update(piece.subarray(0, read));
    yield piece.subarray(0, read);
  }
}

/**
 * The entries of a journal up to the first line that is not whole or not in its place: a crash can cut the last one,
 * and what follows a damaged line cannot be trusted.
 * @param pieces its bytes, cut anywhere
 */
export function decodeJournal(pieces: Iterable<Uint8Array>): Entry[] {
  const entries: Entry[] = [];
  let seal = 0;
  for (const line of linesOf(pieces)) {
    const [, members, crc = ''] = SEALED.exec(line) ?? [];
    if (members === undefined) break;
    const json = `${members}}`;
    seal = crc32(json, seal);
    const entry = Number.parseInt(crc, 16) === seal ? parsed(json) : undefined;
    if (!entry) break;
    entries.push(entry);
  }
  return entries;
}

/** The lines that have an end. A character may lie in two pieces, and a line in any number. */
function* linesOf(pieces: Iterable<Uint8Array>): Generator<string> {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  for (const piece of pieces) {
    const lines = decoder.write(piece).split('\n');
    lines[0] = begun + (lines[0] ?? '');
    begun = lines.pop() ?? '';
    yield* lines;
  }
}

function parsed(json: string): Entry | undefined {
  try {
    return JSON.parse(json) as Entry;
  } catch {
    return undefined;
  }
}
