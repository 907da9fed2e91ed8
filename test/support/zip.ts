/** Zip archives as artifacts are packed: sizes behind the content, not before it. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  /** Stored or deflated; deflated by default. */
  readonly stored?: boolean;
  /** The size that the directory states, where it lies. */
  readonly statedSize?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly comment?: string;
}

const STREAMED = 8;

/** One archive of these files. */
export function zipOf(files: Readonly<Record<string, string>>, options: ZipOptions = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [name, text] of Object.entries(files)) {
    const offset = Buffer.concat(locals).length;
    const content = Buffer.from(text);
    const packed = options.stored === true ? content : deflateRawSync(content);
    const method = options.method ?? (options.stored === true ? 0 : 8);
    const flags = STREAMED | (options.flags ?? 0);
    const size = options.statedSize ?? content.length;
    const sums = words([crc32(content), packed.length, size]);
    locals.push(halves(0x4b50, 0x0403, 20, flags, method, 0, 0), words([0, 0, 0]));
    locals.push(halves(name.length, 0), Buffer.from(name), packed, words([0x08074b50]), sums);
    directory.push(halves(0x4b50, 0x0201, 20, 20, flags, method, 0, 0), sums);
    directory.push(halves(name.length, 0, 0, 0, 0, 0, 0), words([offset]), Buffer.from(name));
  }
  const start = Buffer.concat(locals).length;
  const listed = Buffer.concat(directory);
  const count = Object.keys(files).length;
  const comment = Buffer.from(options.comment ?? '');
  const end = [halves(0x4b50, 0x0605, 0, 0, count, count), words([listed.length, start]), halves(comment.length)];
  return Buffer.concat([...locals, listed, ...end, comment]);
}

function halves(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => buffer.writeUInt16LE(value, i * 2));
  return buffer;
}

function words(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => buffer.writeUInt32LE(value, i * 4));
  return buffer;
}
