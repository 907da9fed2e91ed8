/**
 * What a request's JSON holds that can make more tokens of it than it has bytes. One pass over the bytes as they were sent,
 * cut anywhere: a prompt is neither decoded nor parsed for it.
 */
import { sizeOf, type Pieces } from '../lib/byte-chunks.js';
import type { Added } from './text-machine.js';
import { CLASS_BITS, machine } from './text-table.js';

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
  const bytes = sizeOf(pieces);
  const count = counted(pieces);
  const rest = Math.max(0, bytes - LOOKED_AT);
  return {
    bytes,
    marks: count('marks') + rest * MOST_MARKS,
    capitals: count('capitals'),
    capitalized: count('capitalized'),
    exponents: {
      inside: count('exponentsInside') + Math.ceil(rest / SHORTEST_EXPONENT),
      outside: count('exponentsOutside'),
    },
    separators: { inside: count('separatorsInside') + rest, outside: count('separatorsOutside') },
  };
}

/** Marks that a byte adds at most, and bytes of the shortest number with an exponent: `1e5`. */
const MOST_MARKS = 2;
const SHORTEST_EXPONENT = 3;

/** Runs the machine over the first bytes, and returns how much of each they have. */
function counted(pieces: Pieces): (what: keyof Added) => number {
  const { added } = machine();
  const times = new Uint32Array(added.length);
  let left = LOOKED_AT;
  let at = 0;
  for (const piece of pieces) {
    at = run(piece.subarray(0, left), at, times);
    left = Math.max(0, left - piece.length);
  }
  return (what) => added.reduce((sum, each, number) => sum + each[what] * (times[number] ?? 0), 0);
}

/**
 * One loop without calls, and without a branch but for what adds something: a prompt may have megabytes.
 * @param entry the machine's last; its next is returned
 * @param times how often each of what can be added was
 */
function run(piece: Buffer, entry: number, times: Uint32Array): number {
  const { pairs, singles, classes } = machine();
  const whole = piece.length & ~1;
  let last = entry;
  for (let at = 0; at < whole; at += 2) {
    const read = ((classes[piece[at] ?? 0] ?? 0) << CLASS_BITS) | (classes[piece[at + 1] ?? 0] ?? 0);
    last = pairs[(last >>> 16) | read] ?? 0;
    const added = last & 0xffff;
    if (added !== 0) times[added] = (times[added] ?? 0) + 1;
  }
  if (whole === piece.length) return last;
  last = singles[(last >>> 16) | (classes[piece[whole] ?? 0] ?? 0)] ?? 0;
  times[last & 0xffff] = (times[last & 0xffff] ?? 0) + 1;
  return last;
}
