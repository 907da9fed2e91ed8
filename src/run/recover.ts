import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EvalEntry, Entry } from '../domain/entry.js';
import { JOURNAL_FILE, readJournal } from '../ledger/journal.js';
import { readEvals } from '../mlflow/seen-runs.js';
import { outcomeOf, type Outcome } from './outcome.js';

/** Whether a directory holds the journal of a run. */
export function hasJournal(directory: string): boolean {
  return existsSync(join(directory, JOURNAL_FILE));
}

/**
 * The outcome of a run of which only the files are left: its journal and, where the journal has no end, what the hook
 * told of MLflow's evaluations meanwhile.
 * @param clean takes out of an entry what must not be shown
 * @throws EnforcementError, or ReportError, where the journal cannot be read
 */
export function recover(
  reportDir: string,
  { runs, clean }: { readonly runs?: string; readonly clean?: (entry: Entry) => Entry } = {},
): Outcome {
  const entries = readJournal(reportDir);
  const last = entries.at(-1);
  if (runs === undefined || last === undefined || last.event === 'close') return outcomeOf(entries);
  const ms = last.event === 'open' ? 0 : last.ms;
  const evals = readEvals(runs).map((each): EvalEntry => ({ event: 'eval', ms, ...each }));
  return outcomeOf([...entries, ...evals.map((entry) => (clean ? clean(entry) : entry))]);
}
