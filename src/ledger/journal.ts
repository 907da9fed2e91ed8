import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Entry } from '../domain/entry.js';
import { EnforcementError } from '../domain/errors.js';

export const JOURNAL_FILE = 'journal.ndjson';

/**
 * The append-only record of a run: one JSON object a line, each with a checksum of itself as its last member. A write
 * has reached the operating system when `append` returns, so a killed process loses nothing that was acknowledged.
 */
export class Journal {
  readonly file: string;
  readonly #fd: number;
  #broken = false;

  /** Starts a new journal in the directory, which is made. Throws EnforcementError where it cannot be written. */
  constructor(directory: string) {
    this.file = join(directory, JOURNAL_FILE);
    try {
      mkdirSync(directory, { recursive: true });
      rmSync(this.file, { force: true });
      this.#fd = openSync(this.file, 'ax', 0o600);
    } catch (error) {
      throw new EnforcementError(`the journal ${this.file} cannot be written: ${messageOf(error)}. Choose another --report-dir`);
    }
  }

  /** Writes one entry whole. Throws EnforcementError where the disk takes less; then no later entry is taken either. */
  append(entry: Entry): void {
    if (this.#broken) throw new EnforcementError(`the journal ${this.file} is incomplete`);
    const line = Buffer.from(encodeEntry(entry));
    try {
      // A full disk takes a part first and fails on the next write only.
      for (let done = 0; done < line.length; ) done += writeSync(this.#fd, line, done);
    } catch (error) {
      this.#broken = true;
      throw new EnforcementError(`the journal ${this.file} cannot be written: ${messageOf(error)}`);
    }
  }

  close(): void {
    if (!this.#broken) fsyncSync(this.#fd);
    closeSync(this.#fd);
  }
}

/** One line of the journal, its end included. */
export function encodeEntry(entry: Entry): string {
  const json = JSON.stringify(entry);
  return `${json.slice(0, -1)},"crc":"${checksum(json)}"}\n`;
}

/**
 * The entries of a journal up to the first line that is not whole: a crash can cut the last one, and what follows a
 * damaged line cannot be trusted.
 */
export function decodeJournal(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const match = SEALED.exec(line);
    const json = match?.[1] === undefined ? undefined : `${match[1]}}`;
    if (json === undefined || checksum(json) !== match?.[2]) break;
    entries.push(JSON.parse(json) as Entry);
  }
  return entries;
}

/** Reads a run's journal from its report directory. Throws EnforcementError where there is none. */
export function readJournal(directory: string): Entry[] {
  const file = join(directory, JOURNAL_FILE);
  try {
    return decodeJournal(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EnforcementError(`no journal to read at ${file}: ${messageOf(error)}. Name the --report-dir of a run`);
  }
}

const SEALED = /^(\{.*),"crc":"([0-9a-f]{8})"\}$/;

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
