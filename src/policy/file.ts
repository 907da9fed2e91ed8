import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { PolicyError, type PolicyProblem } from '../domain/errors.js';

/** The largest policy that is read, in bytes: a parser's worst cases stay short below it. */
export const MAX_BYTES = 64 * 1024;

/**
 * Reads a policy file. One descriptor is opened, checked and read, so that what was checked is what is read; a pipe
 * never blocks, and no more than 64 KiB + 1 byte is ever read.
 * @throws PolicyError where there is no such file, it may not be read, is not a regular file, or is larger than 64 KiB
 */
export function readPolicyBytes(path: string): Buffer {
  const descriptor = openFile(path);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new PolicyError([notRegular(path)]);
    if (stat.size > MAX_BYTES) throw new PolicyError([tooLarge(path)]);
    return readUpTo(descriptor, MAX_BYTES + 1);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The text of a policy: UTF-8 without its byte-order mark.
 * @throws PolicyError where it is larger than 64 KiB, not UTF-8, or contains control characters
 */
export function decodePolicy(content: string | Buffer, file: string): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (bytes.length > MAX_BYTES) throw new PolicyError([tooLarge(file)]);
  if (!isUtf8(bytes)) throw new PolicyError([notUtf8(bytes, file)]);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const control = text.search(CONTROL);
  if (control >= 0) throw new PolicyError([controlCharacter(text, control, file)]);
  return text;
}

// YAML forbids them; the lexer uses three of them as marks of its own.
const CONTROL = /(?![\t\n\r])[\p{Cc}\u2028\u2029\uFFFE\uFFFF]/u;

function openFile(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new PolicyError([unreadable(path, error)]);
  }
}

function readUpTo(descriptor: number, most: number): Buffer {
  const buffer = Buffer.alloc(most);
  let filled = 0;
  while (filled < most) {
    const count = readSync(descriptor, buffer, filled, most - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

function unreadable(path: string, error: unknown): PolicyProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
  if (code === 'ENOENT') {
    const remedy = 'Pass the policy with --policy FILE, or create one with `token-budget init`';
    return whole(path, 'the file does not exist', `${remedy}.`);
  }
  const denied = code === 'EACCES' || code === 'EPERM';
  if (denied) return whole(path, 'this user is not allowed to read the file', 'Change its permissions.');
  return whole(path, `the file cannot be opened (${code})`, 'Pass a readable file with --policy FILE.');
}

function notRegular(path: string): PolicyProblem {
  return whole(
    path,
    'this is not a regular file',
    'Pass a regular file with --policy FILE, not a directory or a pipe.',
  );
}

function tooLarge(file: string): PolicyProblem {
  return whole(file, 'the file is larger than 64 KiB', 'Shorten it; one pattern such as "gpt-4o*" covers many models.');
}

function notUtf8(bytes: Buffer, file: string): PolicyProblem {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(start, stop)) || end < 0) break;
    start = end + 1;
  }
  return { ...whole(file, 'the file is not UTF-8 text', 'Save it as UTF-8.'), at: `${file}:${line}:1` };
}

function controlCharacter(text: string, offset: number, file: string): PolicyProblem {
  const lines = text.slice(0, offset).split('\n');
  const code = (text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const at = `${file}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
  return { at, key: '', message: `there is a control character (U+${code}) here`, remedy: 'Delete it.' };
}

/** A problem of the file as a whole. */
export function whole(file: string, message: string, remedy: string): PolicyProblem {
  return { at: `${file}:1:1`, key: '', message, remedy };
}
