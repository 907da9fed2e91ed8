/**
 * Cuts a server-sent event stream into its blocks without changing a byte, so that a block can be read, passed on or
 * left out. A block ends with its blank line; line ends may be LF, CRLF or CR (WHATWG HTML, section 9.2.5).
 */
export class SseSplitter {
  /** What came since the last block's end. Joined once, with the end in sight, so that a long block costs no more. */
  #pending: Buffer[] = [];
  #size = 0;
  readonly #maxBlock: number;

  /** @param maxBlock longest block to hold, in bytes; a longer one is handed on in pieces that cannot be read */
  constructor(maxBlock = 32 * 1024 * 1024) {
    this.#maxBlock = maxBlock;
  }

  /** The blocks that this chunk completes, each with its end. */
  push(chunk: Buffer): Buffer[] {
    // A line end can be split between chunks, so the search starts a little before the new bytes.
    const before = lastBytes(this.#pending, LONGEST_END);
    const seen = before.length;
    const data = seen === 0 ? chunk : Buffer.concat([before, chunk]);
    const blocks: Buffer[] = [];
    let start = 0;
    for (let end = blockEnd(data, 0); end !== -1; end = blockEnd(data, end)) {
      this.#hold(chunk.subarray(start, end - seen));
      blocks.push(this.rest());
      start = end - seen;
    }
    this.#hold(chunk.subarray(start));
    if (this.#size > this.#maxBlock) blocks.push(this.rest());
    return blocks;
  }

  /** What is left when the stream ends: an unfinished block, or nothing. */
  rest(): Buffer {
    const [first] = this.#pending;
    const rest = this.#pending.length === 1 && first ? first : Buffer.concat(this.#pending);
    this.#pending = [];
    this.#size = 0;
    return rest;
  }

  #hold(piece: Buffer): void {
    if (piece.length > 0) this.#pending.push(piece);
    this.#size += piece.length;
  }
}

const LF = 10;
const CR = 13;
/** Bytes before a chunk that a blank line ending in it can have: all of CRLF CRLF but the last. */
const LONGEST_END = 3;

function lastBytes(pieces: readonly Buffer[], count: number): Buffer {
  let tail: Buffer = Buffer.alloc(0);
  for (let i = pieces.length - 1; i >= 0 && tail.length < count; i -= 1) {
    const piece = pieces[i] ?? tail;
    tail = Buffer.concat([piece.subarray(Math.max(0, piece.length - count + tail.length)), tail]);
  }
  return tail;
}

/** The index after the first blank line at or after `from`, or −1. */
function blockEnd(data: Buffer, from: number): number {
  for (let i = from; i < data.length - 1; i += 1) {
    const byte = data[i];
    if (byte !== LF && byte !== CR) continue;
    const next = data[i + 1];
    if (byte === next) return i + 2;
    // CRLF CRLF, or LF CRLF; a lone CRLF is one line end.
    if (byte === LF && next === CR && i + 2 < data.length) return data[i + 2] === LF ? i + 3 : i + 2;
  }
  return -1;
}

/** The data of a block: its `data` lines joined by LF; empty for comments and pings. */
export function sseData(block: Buffer): string {
  const text = block.toString('utf8');
  if (!text.includes('data')) return '';
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const data = lines.filter((line) => line === 'data' || line.startsWith('data:'));
  return data.map((line) => line.slice(5).replace(/^ /, '')).join('\n');
}
