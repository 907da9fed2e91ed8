/**
 * Keeps this process small. V8 makes room for programs that hold much: its young generation doubles up to 2 × 16 MB
 * (2 × 32 on Node 24) in any long run, the old one to twice what lives in it, and the threads of its compiler keep what
 * they once took. Ours holds some 12 MB, however many calls it passes on.
 */
import { url as inspectorUrl } from 'node:inspector';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Environment } from '../../lib/environment.js';
import { startOver } from './execve.js';

/** Size of each half of the young generation, in MB. */
const HALF_MB = 4;

const OLD_GROWTH = '--heap-growing-percent=20';

/** Compiling on the main thread takes no more time on the two cores of a runner than beside it. */
const OPTIONS: readonly string[] = [`--max-semi-space-size=${HALF_MB}`, OLD_GROWTH, '--no-concurrent-recompilation'];

/** How often the young generation is looked at, in ms: it takes seconds to grow. */
const LOOK_MS = 100;

/**
 * Starts this process over under limits for its heap, which takes some 50 ms where not much was loaded yet. Returns where
 * it runs under them already, and where it cannot start over (before Node 22.15), under what can be set later.
 */
export function startSmall(env: Environment): void {
  if (OPTIONS.every((option) => process.execArgv.includes(option))) return;
  try {
    // A debugger that was opened to this process would lose it.
    if (inspectorUrl() === undefined) startOver([...OPTIONS, ...process.execArgv], env);
  } catch {
    // Node's permission model forbids it. No run depends on how small it is.
  }
  staySmall();
}

/** Sets what of the limits can be set in a process that runs: as good before Node 24, and 20 MB more there. */
export function staySmall(): void {
  setFlagsFromString(OLD_GROWTH);
  const look = setInterval(() => {
    if (youngBytes() < 2 * HALF_MB * 1024 * 1024) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(look);
  }, LOOK_MS).unref();
}

/** Both halves of the young generation. */
function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
