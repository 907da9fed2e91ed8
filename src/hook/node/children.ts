/**
 * Guarantees that what this process starts is under the same budget, whatever environment it is given: child processes
 * by every function of `child_process` (`cluster` uses them), worker threads, and a process that replaces this one.
 */
import childProcess from 'node:child_process';
import workerThreads, { SHARE_ENV, Worker } from 'node:worker_threads';
import { coveredEnvironment, coveredPairs, type Coverage, type Environment } from './coverage.js';
import { replace } from './patch.js';

/** Patches `child_process`, `worker_threads` and `process.execve` for as long as the process lives. */
export function coverChildren(coverage: Coverage): void {
  // Every asynchronous form ends in this method, with its environment already a list.
  wrap(childProcess.ChildProcess.prototype, 'spawn', (args) => [coveredSpawn(args[0], coverage), ...args.slice(1)]);
  // The synchronous forms call each other by names of their own that no patch reaches, so each is its own case.
  for (const name of ['spawnSync', 'execFileSync'])
    wrap(childProcess, name, (args) => coverAt(args, optionsAt(args), coverage));
  wrap(childProcess, 'execSync', (args) => coverAt(args, 1, coverage));
  wrap(process, 'execve', ([file, args, env]) => [file, args, environmentOf(env ?? process.env, coverage)]);
  coverWorkers(coverage);
}

type Rewrite = (args: unknown[]) => unknown[];

/** Puts a rewriting of its arguments before a function; nothing where this Node has no such function. */
function wrap(owner: object, name: string, rewrite: Rewrite): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') return;
  const apply = (target: typeof original, self: unknown, args: unknown[]): unknown =>
    Reflect.apply(target, self, rewrite(args));
  replace(owner, name, new Proxy(original, { apply }));
}

function coveredSpawn(options: unknown, coverage: Coverage): unknown {
  if (!isObject(options) || !isTextList(options.envPairs)) return options;
  return { ...options, envPairs: coveredPairs(options.envPairs, coverage) };
}

/** Where the options of (file, args?, options?) are: Node takes an object in the place of the list for the options. */
function optionsAt(args: readonly unknown[]): number {
  return isObject(args[1]) && !Array.isArray(args[1]) ? 1 : 2;
}

function coverAt(args: readonly unknown[], at: number, coverage: Coverage): unknown[] {
  const options = args[at];
  if (options != null && !isObject(options)) return [...args];
  const env = options?.env ?? process.env;
  const covered = environmentOf(env, coverage);
  if (covered === env) return [...args];
  return [...[...args, undefined, undefined].slice(0, at), { ...options, env: covered }];
}

/** A proxy, so that subclasses, statics and `instanceof` stay what they were. */
function coverWorkers(coverage: Coverage): void {
  const construct = (target: typeof Worker, args: unknown[], newTarget: typeof Worker): Worker => {
    const made: unknown = Reflect.construct(target, [args[0], coveredWorker(args[1], coverage)], newTarget);
    if (made instanceof Worker) return made;
    throw new TypeError('Worker made something else');
  };
  replace(workerThreads, 'Worker', new Proxy(Worker, { construct }));
}

/**
 * A worker inherits the preload unless it is given an environment or Node options of its own. One that copies or shares
 * this process's environment reads our variables there, so there they are put back: with a copy of it as its `env` it
 * would lose the Node options of this process's command line.
 */
function coveredWorker(options: unknown, coverage: Coverage): unknown {
  const env = isObject(options) ? (options.env ?? SHARE_ENV) : SHARE_ENV;
  if (env !== SHARE_ENV) return { ...(isObject(options) ? options : {}), env: environmentOf(env, coverage) };
  const covered = coveredEnvironment(process.env, coverage);
  if (covered !== process.env) Object.assign(process.env, covered);
  return options;
}

/** What is not an environment is left for Node to refuse. */
function environmentOf(env: unknown, coverage: Coverage): unknown {
  return isEnvironment(env) ? coveredEnvironment(env, coverage) : env;
}

function isEnvironment(value: unknown): value is Environment {
  return isObject(value);
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value);
}
