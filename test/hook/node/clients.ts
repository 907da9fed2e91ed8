/** Brings the HTTP clients and mocking libraries of `clients/` up to their lock file, once for all tests. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './program.js';

export const CLIENTS = join(ROOT, 'test/hook/node/clients');

/** Test files run side by side and two installations in one place break each other. */
const LOCK = join(tmpdir(), `install-${createHash('sha256').update(CLIENTS).digest('hex').slice(0, 16)}`);
const STALE_MS = 240_000;

/** Installs when there is nothing, or what there is predates the lock file. @throws where npm fails */
export async function installClients(): Promise<void> {
  while (!isCurrent()) {
    if (!takeLock()) {
      await sleep(200);
      continue;
    }
    try {
      if (!isCurrent()) install();
    } finally {
      rmdirSync(LOCK);
    }
  }
}

function isCurrent(): boolean {
  const mark = join(CLIENTS, 'node_modules/.package-lock.json');
  const lock = join(CLIENTS, 'package-lock.json');
  return existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs;
}

function install(): void {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: CLIENTS, stdio: 'pipe' });
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > STALE_MS) rmdirSync(LOCK);
    return false;
  }
}
