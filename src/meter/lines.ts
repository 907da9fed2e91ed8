const LF = 10;

/** Cuts newline-delimited JSON into its lines, each with its end, without changing a byte. */
export class LineSplitter {
  #pending: Buffer[] = [];
  #size = 0;
  readonly #maxLine: number;

  /** @param maxLine longest line to hold, in bytes; a longer one is handed on in pieces that cannot be read */
  constructor(maxLine = 32 * 1024 * 1024) {
    this.#maxLine = maxLine;
  }

  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#hold(chunk.subarray(start, end + 1));
      lines.push(this.rest());
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
    if (this.#size > this.#maxLine) lines.push(this.rest());
    return lines;
  }

  rest(): Buffer {
    const rest = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#size = 0;
    return rest;
  }

  #hold(piece: Buffer): void {
    if (piece.length > 0) this.#pending.push(piece);
    this.#size += piece.length;
  }
}
