import { crc32 } from 'node:zlib';

/** Type of a header's value that is text (Smithy, "Amazon event stream specification"). */
const TEXT = 7;

/**
 * One message of Amazon's event streams that its clients raise as an error.
 * @param type the exception's name, as the service's model has it
 */
export function exceptionFrame(type: string, message: string): Buffer {
  const headers = Buffer.concat([
    textHeader(':exception-type', type),
    textHeader(':content-type', 'application/json'),
    textHeader(':message-type', 'exception'),
  ]);
  const payload = Buffer.from(JSON.stringify({ message }));
  const lengths = Buffer.concat([uint32(16 + headers.length + payload.length), uint32(headers.length)]);
  const unsealed = Buffer.concat([lengths, uint32(crc32(lengths)), headers, payload]);
  return Buffer.concat([unsealed, uint32(crc32(unsealed))]);
}

function textHeader(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([TEXT, 0, value.length]),
    Buffer.from(value),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
