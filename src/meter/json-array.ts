const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const OPEN = new Set([LIST, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/**
 * Cuts a JSON array that is streamed piecemeal into its elements, each with the bracket or comma before it, without
 * changing a byte. It counts brackets outside strings and checks nothing else: what is not an array of objects or lists
 * comes out in one piece, or in pieces that cannot be parsed.
 */
export class JsonArraySplitter {
  #pending: Buffer[] = [];
  #size = 0;
  #depth = 0;
  /** The depth around an element; an object where the array should be is one by itself. */
  #around: number | undefined;
  #inString = false;
  #escaped = false;
  readonly #maxElement: number;

  /** @param maxElement longest element to hold, in bytes; a longer one is handed on in pieces that cannot be read */
  constructor(maxElement = 32 * 1024 * 1024) {
    this.#maxElement = maxElement;
  }

  push(chunk: Buffer): Buffer[] {
    const elements: Buffer[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (!this.#endsElement(chunk[at] ?? 0)) continue;
      this.#hold(chunk.subarray(start, at + 1));
      elements.push(this.rest());
      start = at + 1;
    }
    this.#hold(chunk.subarray(start));
    if (this.#size > this.#maxElement) elements.push(this.rest());
    return elements;
  }

  rest(): Buffer {
    const rest = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#size = 0;
    return rest;
  }

  /** Takes one byte; true where an element of the outermost array ends with it. All that counts is ASCII. */
  #endsElement(byte: number): boolean {
    if (this.#inString) {
      const escaped = this.#escaped;
      this.#escaped = byte === BACKSLASH && !escaped;
      this.#inString = byte !== QUOTE || escaped;
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    if (OPEN.has(byte)) this.#open(byte);
    if (!CLOSE.has(byte)) return false;
    this.#depth -= 1;
    return this.#depth === this.#around;
  }

  #open(byte: number): void {
    this.#around ??= byte === LIST ? 1 : 0;
    this.#depth += 1;
  }

  #hold(piece: Buffer): void {
    if (piece.length > 0) this.#pending.push(piece);
    this.#size += piece.length;
  }
}

/** The text of an element; empty for what stands around the elements. */
export function elementText(block: Buffer): string {
  const text = block
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  return text === ']' || text === '[]' ? '' : text.replace(/^[[,]\s*/, '');
}
