/**
 * What a request's JSON holds that can make more tokens of it than it has bytes. One pass over the bytes as they were sent,
 * cut anywhere: a prompt is neither decoded nor parsed for it.
 */
import { sizeOf, type Pieces } from './pieces.js';

/** Counts of a JSON text; each is 0 or more. */
export interface TextMeasure {
  /** Bytes as sent. */
  readonly bytes: number;
  /**
   * Tokens that Claude's tokenizers may make beyond one a byte, capitals apart: two more for each byte outside ASCII, one
   * for each border between punctuation and a blank, three for each `\uXXXX`.
   */
  readonly marks: number;
  /** Capitals of ASCII. */
  readonly capitals: number;
  /** Words of ASCII that older Claudes put a mark before: `Word` and `WORD`, but neither `W`, `WO` nor `WOR`. */
  readonly capitalized: number;
  /** Numbers with an exponent, which a server that writes JSON anew writes out; inside and outside of strings. */
  readonly exponents: { readonly inside: number; readonly outside: number };
  /** Commas, colons, braces and brackets, beside which such a server may put blanks. */
  readonly separators: { readonly inside: number; readonly outside: number };
}

/** Most bytes that are looked at: no model takes so much text, and what is longer carries media. */
const LOOKED_AT = 4 * 1024 * 1024;

/** Measures a JSON text. What lies behind its first 4 MiB counts as the worst that it may be. */
export function measureText(pieces: Pieces): TextMeasure {
  const scanner = new Scanner();
  let left = LOOKED_AT;
  for (const piece of pieces) {
    scanner.push(piece.subarray(0, left));
    left = Math.max(0, left - piece.length);
  }
  const bytes = sizeOf(pieces);
  const { marks, capitals, capitalized, exponents, separators } = scanner.found();
  const rest = Math.max(0, bytes - LOOKED_AT);
  const inside = exponents.inside + Math.ceil(rest / SHORTEST_EXPONENT);
  return {
    bytes,
    marks: marks + rest * MOST_MARKS,
    capitals,
    capitalized,
    exponents: { ...exponents, inside },
    separators: { ...separators, inside: separators.inside + rest },
  };
}

/** Marks that a byte adds at most, and bytes of the shortest number with an exponent: `1e5`. */
const MOST_MARKS = 2;
const SHORTEST_EXPONENT = 3;

/** Kinds of bytes. A character that an escape stands for may be of any kind, so it borders on all. */
const [WORD, BLANK, PUNCTUATION, ANY] = [0, 1, 2, 3];

/** In a byte's traits: its kind, what it adds to the marks, and whether it is a separator or a digit. Letters have none. */
const KIND = 0b11;
const MARKS = 2;
const MARKS_MASK = 0b11;
const SEPARATOR = 0b1_0000;
const DIGIT = 0b10_0000;
const CAPITAL = 0b100_0000;

const TRAITS = Uint8Array.from({ length: 256 }, (_, byte) => traitsOf(byte));

function traitsOf(byte: number): number {
  if (byte >= 0x80) return 2 << MARKS;
  const char = String.fromCharCode(byte);
  if (/[\s\0]/.test(char)) return BLANK;
  if (/[,:{}[\]]/.test(char)) return PUNCTUATION | SEPARATOR;
  if (/[!-/;-@\\^-`|~]/.test(char)) return PUNCTUATION;
  if (/\d/.test(char)) return DIGIT;
  return /[A-Z]/.test(char) ? CAPITAL : WORD;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What `\u` adds: a character of three bytes is worth nine at Claude's, and its escape has six. */
const ESCAPED_CHARACTER = 3;
const LOWER = 0x61;
/** As many capitals in a row are written as a word with a mark. */
const MARKED_ROW = 4;

/** Reads byte by byte, in one loop without calls but at escapes and digits: a prompt may have megabytes. */
class Scanner {
  #inString = false;
  /** The byte before was a backslash that escapes the next one. */
  #escaping = false;
  #kind = ANY;
  #marks = 0;
  #capitals = 0;
  #capitalized = 0;
  /** How many capitals stand in a row. */
  #row = 0;
  /** The last four bytes. */
  #last = 0;
  readonly #exponents = { inside: 0, outside: 0 };
  readonly #separators = { inside: 0, outside: 0 };

  push(piece: Buffer): void {
    let [inString, escaping, kind, marks, last] = [this.#inString, this.#escaping, this.#kind, this.#marks, this.#last];
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      let traits = TRAITS[byte] ?? 0;
      last = (last << 8) | byte;
      if (escaping) {
        traits = escaped(byte);
        last = 0;
      }
      if (inString && byte === BACKSLASH && !escaping) {
        escaping = true;
        continue;
      }
      if (byte === QUOTE && !escaping) inString = !inString;
      if (traits === WORD && kind === WORD) continue;
      escaping = false;
      const now = traits & KIND;
      if (now !== kind && now + kind >= BLANK + PUNCTUATION) marks += 1;
      kind = now;
      marks += (traits >> MARKS) & MARKS_MASK;
      if (traits & SEPARATOR) this.#separators[inString ? 'inside' : 'outside'] += 1;
      if (traits & CAPITAL) {
        this.#capitals += 1;
        this.#capitalize((last >>> 8) & 0xff, piece[at + 1]);
      }
      if (traits & DIGIT && startsExponent(last)) this.#exponents[inString ? 'inside' : 'outside'] += 1;
    }
    [this.#inString, this.#escaping, this.#kind, this.#marks, this.#last] = [inString, escaping, kind, marks, last];
  }

  /** @param after undefined where the piece ends, which may be anywhere in a word */
  #capitalize(before: number, after = LOWER): void {
    this.#row = isCapital(before) ? this.#row + 1 : 1;
    if (this.#row === MARKED_ROW || (!isLetter(before) && isLower(after))) this.#capitalized += 1;
  }

  found(): Omit<TextMeasure, 'bytes'> {
    return {
      marks: this.#marks,
      capitals: this.#capitals,
      capitalized: this.#capitalized,
      exponents: this.#exponents,
      separators: this.#separators,
    };
  }
}

/** The traits of what a backslash and this byte stand for. */
function escaped(byte: number): number {
  const letter = String.fromCharCode(byte);
  if (letter === 'u') return ANY | (ESCAPED_CHARACTER << MARKS);
  return 'bfnrt'.includes(letter) ? BLANK : PUNCTUATION;
}

/** Whether the last byte is the first digit of an exponent: behind a digit, an `e`, and perhaps a sign. */
function startsExponent(last: number): boolean {
  const [third, second, first] = [(last >>> 24) & 0xff, (last >>> 16) & 0xff, (last >>> 8) & 0xff];
  if (isE(first)) return isDigit(second);
  return (first === 0x2b || first === 0x2d) && isE(second) && isDigit(third);
}

function isLetter(byte: number): boolean {
  return isLower(byte | 0x20);
}

function isLower(byte: number): boolean {
  return byte >= LOWER && byte <= 0x7a;
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isE(byte: number): boolean {
  return byte === 0x65 || byte === 0x45;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
