/**
 * Rids this process of an environment that the command could read. What a process was started with stays in its
 * /proc/PID/environ, whatever it deletes later; only a new program in its place begins with another. So the process
 * replaces itself (execve: same id, same streams) and what it withholds reaches it again through a pipe.
 */
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EnforcementError, UsageError } from '../../domain/errors.js';
import type { Policy } from '../../domain/policy.js';
import { heldKeys, holdsKey } from '../../gateway/held-keys.js';
import { isRunnerOnly, type Environment } from '../../lib/environment.js';
import { canStartOver, startOver } from './execve.js';

type Holding = Pick<Policy, 'keys' | 'upstreams'>;

/** Names the pipe to the process that was started over. */
const HANDOVER_VARIABLE = 'TOKEN_BUDGET_HANDOVER';

/** Feeds a named pipe from a process of its own, which ends when the pipe has been read. Nothing of it is on a disk. */
const FEED = 'umask 077; mkfifo "$1" || exit 1; exec 3<&0; cat <&3 >"$1" 2>/dev/null &';

/** By these Node itself logs what passes through it, bodies and headers included. */
const LOGGING: readonly string[] = ['NODE_DEBUG', 'NODE_DEBUG_NATIVE'];

/** What makes Node log, kept for the command. */
const LOGGING_VARIABLE = 'TOKEN_BUDGET_LOGGING';

/**
 * Variables that must not stand in this process's environment: under `keys: gateway` the keys, what else holds one, the
 * runner's tokens, and options that open a debugger; and those that log calls, where takeOver could do nothing about them.
 */
export function namesToWithhold(policy: Holding, env: Environment): readonly string[] {
  return [...(canStartOver ? [] : loggingIn(env)), ...secretNames(policy, env)];
}

function loggingIn(env: Environment): readonly string[] {
  return LOGGING.filter((name) => (env[name] ?? '') !== '');
}

function secretNames(policy: Holding, env: Environment): readonly string[] {
  const held = heldKeys(policy, env);
  if (held.length === 0) return [];
  const variables = new Set(held.map(({ variable }) => variable));
  const isSecret = (name: string, value: string) =>
    variables.has(name) ||
    holdsKey(value, held) ||
    (isRunnerOnly(name) && /(KEY|TOKEN|SECRET)$/i.test(name)) ||
    (name === 'NODE_OPTIONS' && value.includes('--inspect'));
  return Object.entries(env).flatMap(([name, value]) => (value && isSecret(name, value) ? [name] : []));
}

/**
 * A key among the command's words could be read there by all.
 * @throws UsageError that names the key's variable
 */
export function refuseKeysIn(words: readonly string[], policy: Holding, env: Environment): void {
  const key = heldKeys(policy, env).find((each) => words.some((word) => holdsKey(word, [each])));
  if (key === undefined) return;
  throw new UsageError(
    `keys: gateway: the command line contains the key in ${key.variable}. Let the command read the variable instead`,
  );
}

/**
 * Starts this process over without these variables in its environment; takeOver finds them again. Nothing that it holds
 * open survives but its standard streams.
 * @throws UsageError where this Node cannot do that, EnforcementError where the pipe cannot be made
 */
export function startOverWithout(names: readonly string[], env: Environment): never {
  if (!canStartOver) throw new UsageError(`${whyNot(names)}. Use Node 22.15 or newer, or ${instead(names)}`);
  const withheld = [...names, ...loggingIn(env)];
  const pipe = feed(Object.fromEntries(withheld.map((name) => [name, env[name]])));
  replaceBy({ ...without(withheld, env), [HANDOVER_VARIABLE]: pipe });
}

/**
 * To be called first of all. Puts back into the environment what was withheld when the process was started over:
 * variables that are set later are in no /proc, and make Node log nothing. Starts the process over where it would log.
 * @returns whether it was started over for its keys
 * @throws EnforcementError where they cannot be had
 */
export function takeOver(env: NodeJS.ProcessEnv): boolean {
  const logging = loggingIn(env);
  if (logging.length > 0 && canStartOver) {
    const values = JSON.stringify(Object.fromEntries(logging.map((name) => [name, env[name]])));
    replaceBy({ ...without(logging, env), [LOGGING_VARIABLE]: values });
  }
  const { TOKEN_BUDGET_LOGGING: kept, TOKEN_BUDGET_HANDOVER: pipe } = env;
  delete env.TOKEN_BUDGET_LOGGING;
  delete env.TOKEN_BUDGET_HANDOVER;
  if (kept !== undefined) Object.assign(env, JSON.parse(kept));
  if (pipe !== undefined) Object.assign(env, drained(pipe));
  return pipe !== undefined;
}

function without(names: readonly string[], env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function replaceBy(env: Environment): never {
  startOver(process.execArgv, env);
  throw new EnforcementError('this process could not restart itself');
}

function drained(pipe: string): Environment {
  if (lstatSync(pipe, { throwIfNoEntry: false })?.isFIFO() !== true) {
    throw new EnforcementError(`${HANDOVER_VARIABLE} is not a pipe: only this program may set it`);
  }
  const text = readFileSync(pipe, 'utf8');
  unlinkSync(pipe);
  rmdirSync(dirname(pipe));
  return JSON.parse(text) as Environment;
}

function whyNot(names: readonly string[]): string {
  return `Node ${process.version} cannot remove ${names.join(', ')} from its own environment`;
}

function instead(names: readonly string[]): string {
  return names.some((name) => LOGGING.includes(name))
    ? 'set the variable only for the command: env NODE_DEBUG=… COMMAND'
    : 'pass the keys with --keys FILE';
}

function feed(variables: Environment): string {
  const pipe = join(mkdtempSync(join(tmpdir(), 'token-budget-')), 'handover');
  const options = { input: JSON.stringify(variables), env: { PATH: '/usr/bin:/bin' }, timeout: 10_000 };
  const { status } = spawnSync('/bin/sh', ['-c', FEED, 'token-budget', pipe], {
    ...options,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (status === 0) return pipe;
  throw new EnforcementError(
    `this process could not restart itself: it could not create a pipe in ${dirname(pipe)} (needs mkfifo and cat)`,
  );
}
