/**
 * Cuts a server-sent event stream into its blocks without changing a byte, so that a block can be read, passed on or
 * left out. A block ends with its blank line; line ends may be LF, CRLF or CR (WHATWG HTML, section 9.2.5).
 */
export class SseSplitter {
  #pending: Buffer = Buffer.alloc(0);
  readonly #maxBlock: number;

  /** @param maxBlock longest block to hold, in bytes; a longer one is handed on unread */
  constructor(maxBlock = 32 * 1024 * 1024) {
    this.#maxBlock = maxBlock;
  }

  /** The blocks that this chunk completes, each with its end. */
  push(chunk: Buffer): Buffer[] {
    const data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const blocks: Buffer[] = [];
    let start = 0;
    // A line end can be split between chunks, so the search starts a little before the new bytes.
    let from = Math.max(0, this.#pending.length - 3);
    for (let end = blockEnd(data, from); end !== -1; end = blockEnd(data, from)) {
      blocks.push(data.subarray(start, end));
      start = end;
      from = end;
    }
    this.#pending = data.subarray(start);
    if (this.#pending.length > this.#maxBlock) blocks.push(this.rest());
    return blocks;
  }

  /** What is left when the stream ends: an unfinished block, or nothing. */
  rest(): Buffer {
    const rest = this.#pending;
    this.#pending = Buffer.alloc(0);
    return rest;
  }
}

const LF = 10;
const CR = 13;

/** The index after the first blank line at or after `from`, or −1. */
function blockEnd(data: Buffer, from: number): number {
  for (let i = from; i < data.length - 1; i += 1) {
    const byte = data[i];
    if (byte !== LF && byte !== CR) continue;
    const next = data[i + 1];
    if (byte === LF && next === LF) return i + 2;
    if (byte === CR && next === CR) return i + 2;
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
