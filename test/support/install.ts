import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Directories with a package.json of their own: other Node versions, and the clients that the hook is tried with. */
const PLACES = ['test/runtimes', 'test/hook/node/clients', 'test/sdks/node'].map((place) =>
  join(import.meta.dirname, '..', '..', place),
);

/** Runs once before all tests: brings each place up to its lock file. */
export default async function setup(): Promise<void> {
  await Promise.all(PLACES.map(install));
}

async function install(place: string): Promise<void> {
  // By content: a checkout may give a lock file any time of change.
  const lock = createHash('sha256')
    .update(readFileSync(join(place, 'package-lock.json')))
    .digest('hex');
  const stamp = join(place, 'node_modules', '.lock-sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: place });
  writeFileSync(stamp, lock);
}
