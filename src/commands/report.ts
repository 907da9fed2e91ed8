import { readJournal } from '../ledger/journal.js';
import { buildReport } from '../report/build.js';
import { renderTerminal } from '../report/terminal.js';
import { EXIT, type Io } from './io.js';
import { writeReport } from '../publish/report-files.js';

/** `token-budget report DIR`: builds a run's report again from its journal alone, also after a crash. */
export function report(io: Io, directory: string): number {
  const rebuilt = buildReport(readJournal(directory));
  writeReport(rebuilt, directory);
  io.out(`${renderTerminal(rebuilt, { color: io.color, reportDir: directory })}\n`);
  return EXIT.ok;
}
