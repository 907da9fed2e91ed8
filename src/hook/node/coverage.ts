/**
 * What a child's environment must hold to be under the same budget, and what to change in one that does not hold it.
 * Restored is what this process itself was started with, never less: a child that sets a variable of its own keeps it,
 * with our part in front.
 */
import { delimiter } from 'node:path';
import { HOOK_VARIABLE } from './config.js';

/** What keeps a process under the budget. */
export interface Coverage {
  /** The configuration's text, as this process got it. */
  readonly hook: string;
  /** The preload's file. */
  readonly preload: string;
  /** The directory that loads the Python hook; undefined where this process saw none. */
  readonly python: string | undefined;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What this process was started with. */
export function coverageFrom(env: Environment, hook: string, preload: string): Coverage {
  const [python] = (env.PYTHONPATH ?? '').split(delimiter);
  return { hook, preload, python: python === '' ? undefined : python };
}

/** The variables to set, by name; empty where the environment is covered. */
function repairs(read: (name: string) => string | undefined, coverage: Coverage): Map<string, string> {
  const wanted = [
    [HOOK_VARIABLE, read(HOOK_VARIABLE) === '' ? coverage.hook : (read(HOOK_VARIABLE) ?? coverage.hook)],
    ['NODE_OPTIONS', nodeOptions(read('NODE_OPTIONS') ?? '', coverage.preload)],
    ['PYTHONPATH', pythonPath(read('PYTHONPATH') ?? '', coverage.python)],
  ] as const;
  return new Map(wanted.flatMap(([name, value]) => (value === (read(name) ?? '') ? [] : [[name, value] as const])));
}

/** The environment itself where it is covered, else a copy that is; inherited names count, as they do for Node. */
export function coveredEnvironment(env: Environment, coverage: Coverage): Environment {
  const changes = repairs((name) => env[keyOf(Object.keys(env), name)], coverage);
  if (changes.size === 0) return env;
  const copy: Record<string, string | undefined> = {};
  for (const key in env) copy[key] = env[key];
  for (const [name, value] of changes) copy[keyOf(Object.keys(copy), name)] = value;
  return copy;
}

/** The same for Node's own list of `NAME=value`. */
export function coveredPairs(pairs: readonly string[], coverage: Coverage): readonly string[] {
  const names = pairs.map((pair) => pair.slice(0, pair.indexOf('=', 1)));
  const read = (name: string): string | undefined => {
    const key = keyOf(names, name);
    return pairs.find((pair) => pair.startsWith(`${key}=`))?.slice(key.length + 1);
  };
  const changes = repairs(read, coverage);
  if (changes.size === 0) return pairs;
  const replaced = new Set([...changes.keys()].map((name) => keyOf(names, name)));
  const kept = pairs.filter((_pair, index) => !replaced.has(names[index] ?? ''));
  return [...kept, ...Array.from(changes, ([name, value]) => `${name}=${value}`)];
}

/** Windows does not tell names apart by case, so there a name is the one already in use. */
function keyOf(names: readonly string[], name: string): string {
  if (process.platform !== 'win32') return name;
  return names.find((candidate) => candidate.toUpperCase() === name) ?? name;
}

/** JSON's quoting is the one that NODE_OPTIONS reads: spaces stay whole and backslashes are escaped. */
function nodeOptions(present: string, preload: string): string {
  const quoted = JSON.stringify(preload);
  if (present.includes(quoted) || present.includes(preload)) return present;
  return `--require ${quoted} ${present}`.trimEnd();
}

function pythonPath(present: string, ours: string | undefined): string {
  const entries = present === '' ? [] : present.split(delimiter);
  if (ours === undefined || entries[0] === ours) return present;
  return [ours, ...entries.filter((entry) => entry !== ours)].join(delimiter);
}
