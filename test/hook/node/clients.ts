/** Brings the HTTP clients and mocking libraries of `clients/` up to their lock file, once for all tests. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './program.js';

export const CLIENTS = join(ROOT, 'test/hook/node/clients');

/** Installs when there is nothing, or what there is predates the lock file. @throws where npm fails */
export function installClients(): void {
  const mark = join(CLIENTS, 'node_modules/.package-lock.json');
  const lock = join(CLIENTS, 'package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: CLIENTS, stdio: 'pipe' });
}
