import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../domain/errors.js';

/** The shells of workflow steps by name, as GitHub documents them (`jobs.<job_id>.steps[*].shell`). */
const SHELLS: Readonly<Record<string, string>> = {
  bash: 'bash --noprofile --norc -eo pipefail {0}',
  sh: 'sh -e {0}',
  python: 'python {0}',
};

/**
 * The command that runs a script as a workflow step would: the script is written to a file and handed to the shell,
 * so that nothing of it is ever spliced into a command line.
 * @param shell a shell's name, or a command line with `{0}` where the script's file goes; empty for bash
 * @throws UsageError where it is neither
 */
export function scriptCommand(script: string, shell: string, directory: string): readonly string[] {
  const template = SHELLS[shell === '' ? 'bash' : shell] ?? shell;
  const words = template.split(/\s+/).filter((word) => word !== '');
  if (!words.includes('{0}')) {
    throw new UsageError(
      `input shell: "${shell}" is not one of ${Object.keys(SHELLS).join(', ')}, and does not contain {0}`,
    );
  }
  const file = join(directory, shell === 'python' ? 'script.py' : 'script.sh');
  writeFileSync(file, script, { mode: 0o700 });
  return words.map((word) => (word === '{0}' ? file : word));
}

/** A policy's command as arguments: a list as it is, a line through the shell that workflow steps use. */
export function argvOf(run: string | readonly string[], hasBash: boolean): readonly string[] {
  if (typeof run !== 'string') return run;
  return hasBash ? ['bash', '-eo', 'pipefail', '-c', run] : ['sh', '-e', '-c', run];
}
