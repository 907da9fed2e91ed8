import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../domain/errors.js';
import { JOURNAL_FILE, readJournal } from '../../ledger/journal.js';
import { buildReport } from '../../report/build.js';
import { renderTerminal } from '../../report/terminal.js';
import { EXIT, type Io } from '../io.js';
import { writeReport } from '../../report/files.js';

/**
 * `token-budget report DIR`: builds a run's report again from its journal alone, also after a crash. What is known is
 * shown whether or not it can be written, which is what the exit status says.
 */
export function report(io: Io, directory: string): number {
  if (!existsSync(join(directory, JOURNAL_FILE))) {
    throw new UsageError(`there is no ${JOURNAL_FILE} in ${directory}. Pass the --report-dir of a run`);
  }
  const rebuilt = buildReport(readJournal(directory));
  io.out(`${renderTerminal(rebuilt, { color: io.color, reportDir: directory })}\n`);
  const failure = writeReport(rebuilt, directory);
  if (failure === undefined) return EXIT.ok;
  io.err(`token-budget: ${failure}\n`);
  return EXIT.unwritten;
}
