import { UsageError } from '../../domain/errors.js';
import { writeReport } from '../../report/files.js';
import { renderTerminal } from '../../report/terminal.js';
import { EXIT } from '../../run/exit-status.js';
import { hasJournal, recover } from '../../run/recover.js';
import type { Io } from '../io.js';

/**
 * `token-budget report DIR`: builds a run's report again from its journal alone, also after a crash. What is known is
 * shown whether or not it can be written, which is what the exit status says.
 */
export function report(io: Io, directory: string): number {
  if (!hasJournal(directory)) {
    throw new UsageError(`there is no journal.ndjson in ${directory}. Pass the --report-dir of a run`);
  }
  const rebuilt = recover(directory).report;
  io.out(`${renderTerminal(rebuilt, { color: io.color, reportDir: directory })}\n`);
  const failure = writeReport(rebuilt, directory);
  if (failure === undefined) return EXIT.ok;
  io.err(`token-budget: ${failure}\n`);
  return EXIT.unwritten;
}
