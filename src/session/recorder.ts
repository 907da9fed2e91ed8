import { breaksBudget } from '../domain/call.js';
import type { Entry, NoticeEntry } from '../domain/entry.js';
import { Journal } from '../ledger/journal.js';
import type { Mask } from '../mask/mask.js';

/** Where entries are kept, and who is told of a breach. */
export interface RecorderOptions {
  readonly directory: string;
  /** Every entry is synced to the disk. */
  readonly fsync?: boolean;
  /** What no entry may hold, wherever a client put it. */
  readonly mask: Mask;
  /** Milliseconds since the run began, monotonic. */
  readonly now: () => number;
  /** Told of the call by which the budget did not do: one that was refused, or that passed a limit. */
  readonly onBreach: (id: number) => void;
}

/** Keeps a run's entries: in the journal, and what the journal cannot take in memory, since it is known all the same. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #journal: Journal;
  readonly #unwritten: Entry[] = [];
  readonly #noticed = new Set<string>();
  #lastSettled = 0;
  /** Why spending can not be kept on record any more. */
  failure: Error | undefined;

  /** Throws EnforcementError where the journal cannot be written. */
  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#journal = new Journal(options.directory, { fsync: options.fsync ?? false });
  }

  /** Keeps an entry. Throws where the journal cannot: spending without a record must end. */
  record(given: Entry): void {
    const entry = this.#options.mask.entry(given);
    try {
      this.#journal.append(entry);
    } catch (error) {
      this.failure ??= error as Error;
      // A call whose reservation was not kept is not sent, so it must not count.
      if (entry.event !== 'reserve') this.#unwritten.push(entry);
      throw error;
    }
    const breach = this.#breachIn(entry);
    if (breach !== undefined) this.#options.onBreach(breach);
  }

  /** The call that broke the budget, where the entry says so: a notice follows the settlement that it is of. */
  #breachIn(entry: Entry): number | undefined {
    if (entry.event === 'settle') this.#lastSettled = entry.id;
    if (entry.event === 'refuse') return breaksBudget(entry.reason) ? entry.id : undefined;
    return entry.event === 'notice' && entry.code === 'exceeded' ? this.#lastSettled : undefined;
  }

  /** Keeps what no decision depends on; a failure is kept, and ends the run with its own status. */
  note(entry: Entry): void {
    try {
      this.record(entry);
    } catch {
      // Kept as `failure`.
    }
  }

  /** Says something to the report's reader, once for each text. */
  notice(code: NoticeEntry['code'], text: string): void {
    if (this.#noticed.has(text)) return;
    this.#noticed.add(text);
    this.note({ event: 'notice', ms: this.#options.now(), code, text });
  }

  /** All entries so far. Throws EnforcementError where the journal is not what was written. */
  entries(): readonly Entry[] {
    return [...this.#journal.entries(), ...this.#unwritten];
  }

  /** What the disk did not keep is a failure like any other: the run's result is known all the same. */
  close(): void {
    try {
      this.#journal.close();
    } catch (error) {
      this.failure ??= error as Error;
    }
  }
}
