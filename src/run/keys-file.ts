import { readFileSync } from 'node:fs';
import { UsageError } from '../domain/errors.js';
import type { Environment } from '../lib/environment.js';

const LINE = /^(?:export +)?([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^"']\S*)?)$/;

/**
 * Keys as `NAME=value`, one a line; empty lines and those that begin with `#` say nothing. The file may be a pipe;
 * `-` is the standard input.
 * @throws UsageError which names the file and the line, never what stands there
 */
export function readKeysFile(file: string): Environment {
  const lines = textOf(file).split(/\r?\n/);
  const entries = lines.flatMap((line, i) => {
    if (/^\s*(#|$)/.test(line)) return [];
    const [, name, double, single, bare] = LINE.exec(line.trim()) ?? [];
    if (name === undefined) throw new UsageError(`${file}:${i + 1} is not a line of the form NAME=value`);
    return [[name, double ?? single ?? bare ?? ''] as const];
  });
  return Object.fromEntries(entries);
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UsageError(`cannot read --keys ${file} (${why})`);
  }
}
