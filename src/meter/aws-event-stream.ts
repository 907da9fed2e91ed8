/**
 * Amazon's binary event streams (`application/vnd.amazon.eventstream`), read and never written. A message is its total
 * length, the length of its headers and a checksum of these two; headers; payload; a checksum of all before. Numbers are
 * big-endian, lengths in bytes (Smithy, "Amazon event stream specification").
 */
import { crc32 } from 'node:zlib';

const PRELUDE = 12;
const CHECKSUM = 4;

/** Longest message, in bytes: more than the 24 MB that the specification allows for a payload. */
const LONGEST = 32 * 1024 * 1024;

/** Cuts a stream into its messages. Where a length is not to be trusted no later one is: the rest passes in pieces. */
export class EventStreamSplitter {
  #pending: Buffer[] = [];
  #size = 0;
  #wanted = PRELUDE;
  #lost = false;

  push(chunk: Buffer): Buffer[] {
    if (chunk.length > 0) this.#pending.push(chunk);
    this.#size += chunk.length;
    if (this.#lost) return this.#size > 0 ? [this.rest()] : [];
    return this.#size < this.#wanted ? [] : this.#cut(this.rest());
  }

  rest(): Buffer {
    const [first] = this.#pending;
    const rest = this.#pending.length === 1 && first ? first : Buffer.concat(this.#pending);
    this.#pending = [];
    this.#size = 0;
    return rest;
  }

  #cut(bytes: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    let start = 0;
    for (;;) {
      this.#wanted = lengthOf(bytes.subarray(start));
      if (this.#wanted === 0) this.#lost = true;
      if (this.#lost || bytes.length - start < this.#wanted) break;
      messages.push(bytes.subarray(start, start + this.#wanted));
      start += this.#wanted;
    }
    return [...messages, ...this.push(bytes.subarray(start))];
  }
}

/** How many bytes a message has, as far as its beginning tells: at least a prelude; 0 where that is damaged. */
function lengthOf(bytes: Buffer): number {
  if (bytes.length < PRELUDE) return PRELUDE;
  const total = bytes.readUInt32BE(0);
  const sound = bytes.readUInt32BE(8) === crc32(bytes.subarray(0, 8));
  return sound && total >= PRELUDE + CHECKSUM && total <= LONGEST ? total : 0;
}

/** What stands for a message that cannot be read: no JSON, so that nobody takes the stream for one read whole. */
const UNREADABLE = '?';

/**
 * The JSON text of a message: one member, named as its event or exception, that has the payload. What is damaged or
 * no message of a kind that carries JSON is text that does not parse.
 */
export function eventStreamData(message: Buffer): string {
  const end = message.length - CHECKSUM;
  if (lengthOf(message) !== message.length) return UNREADABLE;
  if (message.readUInt32BE(end) !== crc32(message.subarray(0, end))) return UNREADABLE;
  const start = PRELUDE + message.readUInt32BE(4);
  if (start > end) return UNREADABLE;
  const headers = headersIn(message.subarray(PRELUDE, start));
  const name = [':event-type', ':exception-type', ':error-code'].map((each) => headers.get(each)).find(Boolean);
  const payload = message.toString('utf8', start, end);
  return name === undefined ? UNREADABLE : `{${JSON.stringify(name)}:${payload.trim() === '' ? '{}' : payload}}`;
}

/** Sizes of the values that have no length of their own, by type: two booleans, integers of 1, 2, 4, 8, time, UUID. */
const FIXED: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const TEXT = 7;

/** The headers that are text; where one is of no known type, those before it. */
function headersIn(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const type = at + 1 + (bytes[at] ?? 0);
    const fixed = FIXED[bytes[type] ?? -1];
    const value = fixed === undefined ? type + 3 : type + 1;
    if (value > bytes.length || (bytes[type] ?? 0) > 9) break;
    const end = value + (fixed ?? bytes.readUInt16BE(type + 1));
    if (bytes[type] === TEXT) headers.set(bytes.toString('utf8', at + 1, type), bytes.toString('utf8', value, end));
    at = end;
  }
  return headers;
}
