/** Bodies in the pieces in which they came: to join them would copy all of them once more. */
export type Pieces = readonly Buffer[];

/** Bytes of all pieces. */
export function sizeOf(pieces: Pieces): number {
  return pieces.reduce((size, piece) => size + piece.length, 0);
}

/** The text of UTF-8 that was cut anywhere. */
export function textIn(pieces: Pieces): string {
  const [first] = pieces;
  return (first && pieces.length === 1 ? first : Buffer.concat(pieces)).toString('utf8');
}

/** A text without the mark that some put in front of UTF-8, which is not JSON. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
