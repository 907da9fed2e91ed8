import { constants } from 'node:os';
import type { Report } from '../generated/report.generated.js';

/**
 * Exit statuses of our own; a run that stays within its budget ends with its command's. `unwritten` is of commands that
 * are there to write files.
 */
export const EXIT = { ok: 0, unwritten: 1, badPolicy: 2, exceeded: 3, enforcement: 4 } as const;

/** A run's exit status, 0 to 255: enforcement first, then the budget, then the command's own. */
export function exitStatusOf(failure: string | undefined, command: Report['command']): number {
  if (failure === 'enforcement') return EXIT.enforcement;
  if (failure === 'exceeded') return EXIT.exceeded;
  return command.exit_code ?? signalStatus(command.signal);
}

/** The exit status by which shells report a command that a signal ended: 128 and its number. */
function signalStatus(signal: string | null): number {
  const [, number = 0] = Object.entries(constants.signals).find(([name]) => name === signal) ?? [];
  return 128 + number;
}
