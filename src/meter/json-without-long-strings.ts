import { parseObject, type JsonObject } from '../lib/json.js';
import { sizeOf, textIn, withoutMark, type Pieces } from '../lib/byte-chunks.js';

/** Longest string that is read, in bytes as sent: what a format states is shorter, what people and models write is not. */
export const LONG = 16 * 1024;

/** How many bytes are looked at one by one before the next quote is searched for, which costs as much as so many. */
const NEAR = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads a JSON object in which strings of more than 16 KB are empty: a prompt, a file or a picture is then neither copied
 * nor parsed, however large it is. Undefined where it is not an object.
 * @param pieces of its text, cut anywhere; a mark in front is not part of it
 */
export function readOutline(pieces: Pieces): JsonObject | undefined {
  return parseObject(outlineOf(pieces));
}

/** The text that an outline is read from. */
export function outlineOf(pieces: Pieces): string {
  return withoutMark(textIn(withoutLongStrings(pieces)));
}

function withoutLongStrings(pieces: Pieces): Pieces {
  if (sizeOf(pieces) <= LONG) return pieces;
  const cutter = new StringCutter();
  for (const piece of pieces) cutter.push(piece);
  return cutter.kept();
}

/** Goes through a JSON text and keeps all but the insides of its long strings. */
class StringCutter {
  readonly #kept: Buffer[] = [];
  /** What earlier pieces had of the string that is open: it is kept if that turns out to be short. */
  #open: Buffer[] = [];
  #inString = false;
  /** The next byte belongs to an escape that began in the piece before. */
  #escaped = false;

  push(piece: Buffer): void {
    let from = 0;
    let start = 0;
    let inString = this.#inString;
    for (;;) {
      const quote = inString ? this.#endOfString(piece, start) : quoteIn(piece, start);
      if (quote === -1) break;
      if (inString && (quote - start > LONG || this.#open.length > 0)) from = this.#close(piece, from, start, quote);
      inString = !inString;
      start = quote + 1;
    }
    this.#inString = inString;
    this.#kept.push(piece.subarray(from, inString ? start : piece.length));
    if (inString) this.#open.push(piece.subarray(start));
  }

  kept(): Pieces {
    return [...this.#kept, ...this.#open];
  }

  /** Ends a string, and returns from where on the piece is still to be kept. */
  #close(piece: Buffer, from: number, start: number, end: number): number {
    const cut = sizeOf(this.#open) + end - start > LONG;
    if (cut) this.#kept.push(piece.subarray(from, start));
    else this.#kept.push(...this.#open);
    this.#open = [];
    return cut ? end : from;
  }

  /** Where the string that is open ends; -1 where not in this piece. */
  #endOfString(piece: Buffer, from: number): number {
    let at = from;
    if (this.#escaped) at += 1;
    this.#escaped = false;
    for (;;) {
      const near = Math.min(piece.length, at + NEAR);
      for (; at < near; at += 1) {
        const byte = piece[at];
        if (byte === QUOTE) return at;
        if (byte === BACKSLASH) at += 1;
      }
      if (at >= piece.length) break;
      at = beforeBackslashes(piece, at, piece.indexOf(QUOTE, at));
    }
    this.#escaped = at > piece.length;
    return -1;
  }
}

function quoteIn(piece: Buffer, from: number): number {
  const near = Math.min(piece.length, from + NEAR);
  for (let at = from; at < near; at += 1) if (piece[at] === QUOTE) return at;
  return piece.indexOf(QUOTE, near);
}

/** The first of the backslashes right before a quote, or before the end of the piece: whether they escape it shows there. */
function beforeBackslashes(piece: Buffer, from: number, quote: number): number {
  let at = quote === -1 ? piece.length : quote;
  while (at > from && piece[at - 1] === BACKSLASH) at -= 1;
  return at;
}
