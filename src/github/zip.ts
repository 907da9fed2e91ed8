/**
 * Reads one file out of an untrusted zip archive. Only what GitHub's artifacts use is understood: stored or
 * deflated entries, no encryption, no zip64. Sizes that the archive states are used to refuse early and never trusted:
 * inflation stops at the cap by itself.
 *
 * Own code, since the libraries at hand inflate before one can say how much is too much, and the format's part that is
 * needed here is two records.
 */
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

interface Entry {
  readonly method: number;
  readonly flags: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** The archive is not one, is damaged, or passes the cap. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** The bytes of the entry of exactly that name; undefined where there is none. Throws a ZipError past `cap` bytes. */
export function readZipEntry(zip: Buffer, name: string, cap: number): Buffer | undefined {
  try {
    const entry = findEntry(zip, Buffer.from(name));
    return entry && contentOf(zip, entry, cap);
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError('the archive is damaged', { cause: error });
  }
}

function findEntry(zip: Buffer, name: Buffer): Entry | undefined {
  const end = endRecord(zip);
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new ZipError('the archive is damaged');
    const nameEnd = at + ENTRY_SIZE + zip.readUInt16LE(at + 28);
    if (zip.subarray(at + ENTRY_SIZE, nameEnd).equals(name)) return entryAt(zip, at);
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return undefined;
}

/** The record at the end of the archive, before a comment of unknown length. */
function endRecord(zip: Buffer): number {
  const lowest = Math.max(0, zip.length - END_SIZE - LONGEST_COMMENT);
  for (let at = zip.length - END_SIZE; at >= lowest; at -= 1) if (zip.readUInt32LE(at) === END) return at;
  throw new ZipError('this is not a zip archive');
}

function entryAt(zip: Buffer, at: number): Entry {
  return {
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    packed: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    offset: zip.readUInt32LE(at + 42),
  };
}

function contentOf(zip: Buffer, entry: Entry, cap: number): Buffer {
  if (entry.size > cap) throw new ZipError(`the file in the archive is larger than ${cap} bytes`);
  if ((entry.flags & ENCRYPTED) !== 0) throw new ZipError('the archive is encrypted');
  if (zip.readUInt32LE(entry.offset) !== LOCAL) throw new ZipError('the archive is damaged');
  const start = entry.offset + LOCAL_SIZE + zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28);
  const packed = zip.subarray(start, start + entry.packed);
  if (packed.length < entry.packed) throw new ZipError('the archive is cut short');
  const content = unpacked(packed, entry.method, cap);
  if (content.length !== entry.size) throw new ZipError('the archive is damaged');
  return content;
}

function unpacked(packed: Buffer, method: number, cap: number): Buffer {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new ZipError(`the archive is packed by a method (${method}) that is not supported`);
  return packed.length === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(cap, 1) });
}
