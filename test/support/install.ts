import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Directories with a package.json of their own: other Node versions, and the clients that the hook is tried with. */
const PLACES = ['test/runtimes', 'test/hook/node/clients', 'test/sdks/node'].map((place) =>
  join(import.meta.dirname, '..', '..', place),
);

/** Runs once before all tests: brings each place up to its lock file. */
export default function setup(): void {
  for (const place of PLACES) {
    const mark = join(place, 'node_modules/.package-lock.json');
    const current = existsSync(mark) && statSync(mark).mtimeMs >= statSync(join(place, 'package-lock.json')).mtimeMs;
    if (!current)
      execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: place, stdio: 'pipe' });
  }
}
