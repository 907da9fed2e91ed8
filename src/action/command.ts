/** How the action runs the command: its words kept apart from the runner's, its files from ours. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionIo } from './io.js';
import { UsageError } from '../domain/errors.js';
import type { Policy } from '../domain/policy.js';
import type { Environment } from '../lib/environment.js';
import type { Inputs } from './inputs.js';
import { refuseKeysIn } from '../run/restart/handover.js';
import { secretsIn } from '../mask/secrets.js';
import { scriptCommand } from '../run/shell.js';

/**
 * Runs a command so that no line of its output is taken for a workflow command: it may hold anything, a model's words too.
 * @param start starts it, and tells of what must not be shown before it does
 */
export async function runQuietly<Result>(
  io: ActionIo,
  start: (onSecrets: (secrets: readonly string[]) => void) => Promise<Result>,
): Promise<Result> {
  const token = randomUUID();
  for (const key of secretsIn(io.env)) io.core.setSecret(key);
  io.core.startGroup('token-budget: the command');
  const commands = { stopped: false };
  const onSecrets = (secrets: readonly string[]) => {
    for (const secret of secrets) io.core.setSecret(secret);
    // From here on no line of the output is taken for a command.
    io.write(`::stop-commands::${token}\n`);
    commands.stopped = true;
  };
  try {
    return await start(onSecrets);
  } finally {
    // The command may have ended within a line.
    if (commands.stopped) io.write(`\n::${token}::\n`);
    io.core.endGroup();
  }
}

/** The policy's command, a shell's line as a step's script. Throws UsageError where there is none. */
export function commandOf({ env }: ActionIo, policy: Policy, inputs: Inputs, scratch: string): readonly string[] {
  if (policy.run === undefined)
    throw new UsageError(`nothing to run: set the input run, or add \`run\` to ${policy.file}`);
  refuseKeysIn([policy.run].flat(), policy, env);
  return typeof policy.run === 'string' ? scriptCommand(policy.run, inputs.shell, scratch) : policy.run;
}

/** Files of its own for the command: what it writes there can neither forge our outputs nor reach later steps. */
export function privateFiles(scratch: string): Environment {
  const names = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];
  const files = names.map((name) => [name, join(scratch, name.toLowerCase())] as const);
  for (const [, file] of files) writeFileSync(file, '');
  return Object.fromEntries(files);
}
