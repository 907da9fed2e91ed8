/** Reads the fields of an uploaded form (RFC 7578), so that a request with files tells its model and its options. */
import type { JsonObject } from '../lib/json.js';

/** The boundary that a Content-Type names; undefined where it is not a form's. */
export function formBoundary(contentType: string): string | undefined {
  if (!/^\s*multipart\/form-data\s*;/i.test(contentType)) return undefined;
  const match = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * A form's parts by their names: of a field its text, of a file `{ size }` in bytes, and of several by one name a list.
 * A name ends without the `[]` of lists. Undefined where it is not a form from its first delimiter to its last.
 */
export function readForm(raw: Buffer, boundary: string): JsonObject | undefined {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const opening = raw.indexOf(delimiter.subarray(2));
  if (opening === -1) return undefined;
  const fields = new Map<string, unknown[]>();
  let start = opening + delimiter.length - 2;
  while (!isLast(raw, start)) {
    const end = raw.indexOf(delimiter, start);
    if (end === -1) return undefined;
    const part = partOf(raw.subarray(start, end));
    if (part) fields.set(part.name, [...(fields.get(part.name) ?? []), part.value]);
    start = end + delimiter.length;
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

function isLast(raw: Buffer, at: number): boolean {
  return raw.toString('latin1', at, at + 2) === '--';
}

function partOf(part: Buffer): { readonly name: string; readonly value: unknown } | undefined {
  const end = part.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const head = part.toString('utf8', 0, end);
  const body = part.subarray(end + END_OF_HEAD.length);
  const name = /^content-disposition:[^\r\n]*?[;\s]name="([^"]*)"/im.exec(head)?.[1];
  if (name === undefined) return undefined;
  const isFile = /^content-disposition:[^\r\n]*?[;\s]filename\*?=/im.test(head);
  return { name: name.replace(/\[\]$/, ''), value: isFile ? { size: body.length } : body.toString('utf8') };
}
