import { readFileSync } from 'node:fs';

/** The event's payload from the file that the runner names; undefined where there is none to read. */
export function readPayload(file: string | undefined): unknown {
  if (file === undefined || file === '') return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
