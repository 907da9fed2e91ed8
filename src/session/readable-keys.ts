/**
 * Keys that stand in the environment of a process: whoever runs as the same user reads them there (proc(5),
 * /proc/PID/environ), and a process that deletes a variable changes nothing of that.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { holdsKey, type HeldKey } from '../gateway/held-keys.js';

/** A sentence for each key that some process shows; empty where none does, and on systems without /proc. */
export function readableKeys(held: readonly HeldKey[], proc = '/proc'): readonly string[] {
  const shown = new Map<string, string>();
  for (const pid of held.length === 0 ? [] : processesIn(proc)) {
    const environment = textOf(`${proc}/${pid}/environ`);
    for (const { variable } of held.filter((key) => holdsKey(environment, [key]))) {
      shown.set(variable, textOf(`${proc}/${pid}/comm`).trim());
    }
  }
  return [...shown].map(
    ([variable, program]) =>
      `the command can still read the key in ${variable}: it is in the environment of another process (${program}). ` +
      'SECURITY.md explains how to avoid that',
  );
}

function processesIn(proc: string): readonly string[] {
  try {
    return readdirSync(proc).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Empty for a process that is gone, or another user's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
