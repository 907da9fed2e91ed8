/** Writes Amazon's event streams, after their specification; the reader under test is code of its own. */
import { crc32 } from 'node:zlib';

/** One message: an event or an exception of this name. */
export interface Message {
  readonly event?: string;
  readonly exception?: string;
  readonly payload: unknown;
}

export function encodeMessage({ event, exception, payload }: Message): Buffer {
  const kind = event === undefined ? 'exception' : 'event';
  const headers = Buffer.concat([
    textHeader(`:${kind}-type`, event ?? exception ?? ''),
    textHeader(':content-type', 'application/json'),
    textHeader(':message-type', kind),
  ]);
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(headers.length + body.length + 16, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const unsigned = Buffer.concat([prelude, uint32(crc32(prelude)), headers, body]);
  return Buffer.concat([unsigned, uint32(crc32(unsigned))]);
}

/** A message of InvokeModel's stream: a family's own JSON in base64, padded as Bedrock pads it. */
export function chunkOf(inner: unknown): Message {
  return { event: 'chunk', payload: { bytes: Buffer.from(JSON.stringify(inner)).toString('base64'), p: 'abcdefgh' } };
}

function textHeader(name: string, value: string): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), size, Buffer.from(value)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
