/**
 * Rids this process of an environment that the command could read. What a process was started with stays in its
 * /proc/PID/environ, whatever it deletes later; only a new program in its place begins with another. So the process
 * replaces itself (execve: same id, same streams) and what it withholds reaches it again through a pipe.
 */
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EnforcementError, UsageError } from '../domain/errors.js';
import type { Policy } from '../domain/policy.js';
import { heldKeys, holdsKey } from '../gateway/held-keys.js';
import { isRunnerOnly, type Environment } from '../hook/env.js';

type Holding = Pick<Policy, 'keys' | 'upstreams'>;

/** Names the pipe to the process that was started over. */
const HANDOVER_VARIABLE = 'TOKEN_BUDGET_HANDOVER';

/** Feeds a named pipe from a process of its own, which ends when the pipe has been read. Nothing of it is on a disk. */
const FEED = 'umask 077; mkfifo "$1" || exit 1; exec 3<&0; cat <&3 >"$1" 2>/dev/null &';

/** Variables that a policy wants out of the process's environment: keys, what else holds one, and the runner's tokens. */
export function namesToWithhold(policy: Holding, env: Environment): readonly string[] {
  const held = heldKeys(policy, env);
  if (held.length === 0) return [];
  const variables = new Set(held.map(({ variable }) => variable));
  const isSecret = (name: string, value: string) =>
    variables.has(name) || holdsKey(value, held) || (isRunnerOnly(name) && /(KEY|TOKEN|SECRET)$/i.test(name));
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
    `keys: gateway, and the command's own words hold the key of ${key.variable}: let it read the variable instead`,
  );
}

/**
 * Starts this process over without these variables in its environment; takeOver finds them again. Nothing that it holds
 * open survives but its standard streams.
 * @throws UsageError where this Node cannot do that, EnforcementError where the pipe cannot be made
 */
export function startOverWithout(names: readonly string[], env: Environment): never {
  const execve: unknown = Reflect.get(process, 'execve');
  if (typeof execve !== 'function') {
    throw new UsageError(
      `keys: gateway cannot take ${names.join(', ')} out of the environment of Node ${process.version}. ` +
        'Use Node 22.15 or newer, or hand the keys over with --keys FILE',
    );
  }
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !names.includes(name));
  const pipe = feed(Object.fromEntries(names.map((name) => [name, env[name]])));
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  Reflect.apply(execve, process, [process.execPath, args, { ...Object.fromEntries(kept), [HANDOVER_VARIABLE]: pipe }]);
  throw new EnforcementError('keys: gateway could not start this process over');
}

/**
 * Puts back into the environment what was withheld when the process was started over: variables that are set later are
 * in no /proc. Returns whether it was started over.
 * @throws EnforcementError where they cannot be had
 */
export function takeOver(env: NodeJS.ProcessEnv): boolean {
  const pipe = env[HANDOVER_VARIABLE];
  if (pipe === undefined) return false;
  if (lstatSync(pipe, { throwIfNoEntry: false })?.isFIFO() !== true) {
    throw new EnforcementError(`${HANDOVER_VARIABLE} names no pipe: it is set by this program alone`);
  }
  const text = readFileSync(pipe, 'utf8');
  unlinkSync(pipe);
  rmdirSync(dirname(pipe));
  delete env.TOKEN_BUDGET_HANDOVER;
  Object.assign(env, JSON.parse(text));
  return true;
}

function feed(variables: Environment): string {
  const pipe = join(mkdtempSync(join(tmpdir(), 'token-budget-')), 'handover');
  const options = { input: JSON.stringify(variables), env: { PATH: '/usr/bin:/bin' }, timeout: 10_000 };
  const { status } = spawnSync('/bin/sh', ['-c', FEED, 'token-budget', pipe], {
    ...options,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (status === 0) return pipe;
  throw new EnforcementError(`keys: gateway could not make a pipe in ${dirname(pipe)}: it needs mkfifo and cat`);
}
