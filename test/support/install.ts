import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Directories with a package.json of their own: other Node versions, and the clients that the hook is tried with. */
const PLACES = ['test/runtimes', 'test/hook/node/clients', 'test/sdks/node'].map((place) =>
  join(import.meta.dirname, '..', '..', place),
);

/** Names a file that is written once all is installed: empty, or with why it is not. */
const DONE = 'TOKEN_BUDGET_TESTS_INSTALLED';

/**
 * Runs once before all tests: brings each place up to its lock file, beside the tests that need none of them. The others
 * wait for it, see `installed`. Returns what ends it.
 */
export default function setup(): () => Promise<void> {
  const done = join(mkdtempSync(join(tmpdir(), 'tb-installed-')), 'done');
  process.env[DONE] = done;
  const installing = Promise.all(PLACES.map(install)).then(
    () => '',
    (error: unknown) => String(error),
  );
  const told = installing.then((failure) => {
    // Nobody is to read half of it.
    writeFileSync(`${done}.new`, failure);
    renameSync(`${done}.new`, done);
  });
  return async () => {
    await told;
    rmSync(dirname(done), { recursive: true, force: true });
  };
}

/** Waits until all places are installed. Rejects where one could not be. */
export async function installed(): Promise<void> {
  const done = process.env[DONE];
  if (done === undefined) throw new Error('nothing is being installed: is this a worker of another configuration?');
  while (!existsSync(done)) await sleep(100);
  const failure = readFileSync(done, 'utf8');
  if (failure !== '') throw new Error(failure);
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
