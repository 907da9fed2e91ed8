import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Entry } from '../domain/entry.js';
import { EnforcementError } from '../domain/errors.js';
import { causeWords } from '../lib/system-error.js';
import { decodeJournal, piecesOf } from './journal-reader.js';

/** The journal's name in a report's directory: one JSON entry a line. */
export const JOURNAL_FILE = 'journal.ndjson';

/**
 * The append-only record of a run: one JSON object a line, each with a checksum of itself and of all before it as its
 * last member. A write has reached the operating system when `append` returns, so a killed process loses nothing that
 * was acknowledged; with `fsync` it has reached the disk, so that a machine which loses its power loses nothing either.
 */
export class Journal {
  readonly file: string;
  readonly #fd: number;
  readonly #fsync: boolean;
  #seal = 0;
  /** Of all lines that were taken whole. */
  readonly #digest = createHash('sha256');
  #length = 0;
  #broken = false;
  #closed = false;

  /** Starts a new journal in the directory, which is made. Throws EnforcementError where it cannot be written. */
  constructor(directory: string, { fsync = false } = {}) {
    this.#fsync = fsync;
    this.file = join(directory, JOURNAL_FILE);
    try {
      mkdirSync(directory, { recursive: true });
      rmSync(this.file, { force: true });
      this.#fd = openSync(this.file, 'ax+', 0o600);
    } catch (error) {
      throw unwritable(this.file, error);
    }
  }

  /** Writes one entry whole. Throws EnforcementError where the disk takes less; then no later entry is taken either. */
  append(entry: Entry): void {
    if (this.#broken) throw new EnforcementError(`the journal ${this.file} is incomplete`);
    const { line, seal } = sealEntry(entry, this.#seal);
    const bytes = Buffer.from(line);
    try {
      // A full disk takes a part first and fails on the next write only.
      for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
      if (this.#fsync) fdatasyncSync(this.#fd);
    } catch (error) {
      this.#broken = true;
      throw unwritable(this.file, error);
    }
    this.#seal = seal;
    this.#digest.update(bytes);
    this.#length += bytes.length;
  }

  /**
   * All that was appended so far, read back: a run keeps no second copy in memory. By the descriptor, since another run
   * may have put its own journal in the file's place. Throws EnforcementError where the file is not what was written:
   * the command runs as the same user, and must not write its own verdict.
   */
  entries(): Entry[] {
    const digest = createHash('sha256');
    const entries = decodeJournal(piecesOf(this.#fd, this.#length, digest));
    if (digest.digest('hex') !== this.#digest.copy().digest('hex')) {
      throw new EnforcementError(`the journal ${this.file} was changed while the run wrote it`);
    }
    return entries;
  }

  /** Throws EnforcementError where the disk has not kept what it had taken. Closing it again does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (!this.#broken) fsyncSync(this.#fd);
    } catch (error) {
      throw unwritable(this.file, error);
    } finally {
      // The descriptor's number may be another file's next.
      this.#broken = true;
      closeSync(this.#fd);
    }
  }
}

/**
 * One line of the journal, its end included, and its checksum.
 * @param previous the checksum of the line before, 0 for the first: so that a line is only valid in its own place
 */
export function sealEntry(entry: Entry, previous: number): { readonly line: string; readonly seal: number } {
  const json = JSON.stringify(entry);
  const seal = crc32(json, previous);
  return { line: `${json.slice(0, -1)},"crc":"${hex(seal)}"}\n`, seal };
}

/** Reads a run's journal from its report directory. Throws EnforcementError where there is none. */
export function readJournal(directory: string): Entry[] {
  const file = join(directory, JOURNAL_FILE);
  try {
    const fd = openSync(file, 'r');
    try {
      return decodeJournal(piecesOf(fd));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw new EnforcementError(`cannot read the journal ${file}: ${messageOf(error)}. Pass the --report-dir of a run`);
  }
}

function hex(seal: number): string {
  return seal.toString(16).padStart(8, '0');
}

function unwritable(file: string, error: unknown): EnforcementError {
  return new EnforcementError(`the journal ${file} cannot be written: ${causeWords(error)}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
