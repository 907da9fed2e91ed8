import { execFileSync, spawnSync } from 'node:child_process';
import fs, {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/domain/entry.js';
import { EnforcementError } from '../../src/domain/errors.js';
import { decodeJournal } from '../../src/ledger/journal-reader.js';
import { Journal, JOURNAL_FILE, readJournal } from '../../src/ledger/journal.js';
import { admitted, ledgerOf, limit, quote, used } from './calls.js';
import { anyEntry, entryOf, EVENTS, linesOf, MEMBERS, SAMPLE as sample, sealedText } from './entries.js';

const root = mkdtempSync(join(tmpdir(), 'journal-'));
let directories = 0;

/** What is to be unmounted in the end, at the latest. */
const mounts: string[] = [];

afterAll(() => {
  for (const directory of mounts) spawnSync('umount', [directory]);
  rmSync(root, { recursive: true });
});

const newDirectory = () => join(root, String((directories += 1)));

function overwrite(file: string, text: string): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, text, 0);
  closeSync(fd);
}

const at = (index: number) => sample[index] ?? expect.fail('too few entries');

describe('A journal', () => {
  test.each(EVENTS)('gives back every %s entry as it was', (event) => {
    fc.assert(
      fc.property(fc.array(entryOf(event), { maxLength: 4 }), (entries) => {
        expect(decodeJournal([Buffer.from(linesOf(entries).join(''))])).toEqual(entries);
      }),
      { numRuns: 300 },
    );
  });

  test('is read back from its directory as it was written, and holds one line an entry', () => {
    const directory = newDirectory();
    const journal = new Journal(directory);
    for (const entry of sample) journal.append(entry);
    expect(readJournal(directory)).toEqual(sample);
    journal.close();
    expect(readFileSync(journal.file, 'utf8')).toBe(linesOf(sample).join(''));
    expect(statSync(journal.file).mode & 0o777).toBe(0o600);
  });

  test('that is long is read back whole, by its run as by another', () => {
    const directory = newDirectory();
    const journal = new Journal(directory);
    const entries = fc.sample(anyEntry, { numRuns: 2_000, seed: 8 });
    for (const entry of entries) journal.append(entry);
    expect(statSync(journal.file).size).toBeGreaterThan(200_000);
    expect(journal.entries()).toEqual(entries);
    journal.close();
    expect(readJournal(directory)).toEqual(entries);
  });

  test('starts anew where an older one lies, and does not follow a link', () => {
    const directory = newDirectory();
    mkdirSync(directory);
    const precious = join(directory, 'precious');
    writeFileSync(precious, 'kept');
    symlinkSync(precious, join(directory, JOURNAL_FILE));
    for (const entry of sample.slice(0, 2)) {
      const journal = new Journal(directory);
      journal.append(entry);
      journal.close();
      expect(readJournal(directory)).toEqual([entry]);
    }
    expect(readFileSync(precious, 'utf8')).toBe('kept');
  });

  test('gives back its own entries while it is written, even where another run has taken its place', () => {
    const directory = newDirectory();
    const first = new Journal(directory);
    first.append(at(0));
    expect(first.entries()).toEqual(sample.slice(0, 1));
    const second = new Journal(directory);
    second.append(at(1));
    first.append(at(2));
    expect(first.entries()).toEqual([sample[0], sample[2]]);
    expect(second.entries()).toEqual([sample[1]]);
    first.close();
    second.close();
  });

  test.each([
    [
      'cut',
      (file: string) => {
        truncateSync(file, 40);
      },
    ],
    [
      'rewritten',
      (file: string) => {
        writeFileSync(file, linesOf(sample.slice(0, 2)).join(''));
      },
    ],
    [
      'overwritten in place',
      (file: string) => {
        overwrite(file, linesOf(sample.slice(1)).join(''));
      },
    ],
    [
      'given a sealed line that is no JSON',
      (file: string) => {
        overwrite(file, sealedText('{oops'));
      },
    ],
  ])('that was %s by the command is no record of the run', (_, change) => {
    const journal = new Journal(newDirectory());
    for (const entry of sample) journal.append(entry);
    change(journal.file);
    expect(() => journal.entries()).toThrow('was changed');
    journal.close();
  });

  test('that is not there is an error that names the file', () => {
    const directory = newDirectory();
    expect(() => readJournal(directory)).toThrow(EnforcementError);
    expect(() => readJournal(directory)).toThrow(join(directory, JOURNAL_FILE));
  });
});

describe('A journal that cannot be written', () => {
  test.each([
    ['lies below a file', () => join(fileOf('a file'), 'below')],
    ['is itself a file', () => fileOf('a file')],
    ['has a name that no disk takes', () => join(root, 'x'.repeat(300))],
    ['has a directory in its place', () => directoryWith(JOURNAL_FILE)],
  ])('because its directory %s is an error that names the file', (_, directoryOf) => {
    const directory = directoryOf();
    expect(() => new Journal(directory)).toThrow(EnforcementError);
    expect(() => new Journal(directory)).toThrow(join(directory, JOURNAL_FILE));
  });

  test.runIf(mounted(newDirectory(), 'ro'))('because its disk is read-only is an error before anything ran', () => {
    const directory = newDirectory();
    mounted(directory, 'ro');
    expect(() => new Journal(directory)).toThrow(
      /cannot be written: the file system is mounted read only \(EROFS\)\. Choose another directory/,
    );
  });

  test.each(fullDisks())('because $what takes nothing more after that, and keeps what was written', ({ run }) => {
    const { accepted, errors, bytes, entries } = run();
    expect(accepted).toBeGreaterThan(3);
    expect(errors[0]).toMatch(
      /^EnforcementError: the journal .*journal\.ndjson cannot be written: [a-z ]+ \((ENOSPC|EFBIG)\)/,
    );
    expect(errors.slice(1)).toEqual(Array(3).fill(expect.stringContaining('is incomplete')));
    expect(entries).toEqual(Array.from({ length: accepted }, (_, at) => voidEntry(at)));
    // The last write was cut short, as full disks do: without that, the hard case was not met.
    expect(bytes).toBeGreaterThan(linesOf(entries).join('').length);
  });
});

describe('A journal that is synced', () => {
  const systemCalls = (fsync: boolean): string[] => {
    const program = join(root, 'synced.mjs');
    const module = fileURLToPath(new URL('../../src/ledger/journal.ts', import.meta.url));
    const contents = `
      import { Journal } from ${JSON.stringify(module)};
      const journal = new Journal(process.argv[2], { fsync: ${fsync} });
      for (let id = 0; id < 3; id += 1) {
        journal.append({ event: 'void', id, ms: 0, status: 500 });
        process.stdout.write('acknowledged\\n');
      }`;
    buildSync({
      ...{ stdin: { contents, resolveDir: root }, outfile: program, bundle: true },
      ...{ format: 'esm', platform: 'node', logLevel: 'silent' },
    });
    const traced = ['-f', '-e', 'trace=write,pwrite64,fdatasync', process.execPath, program, newDirectory()];
    const { stderr } = spawnSync('strace', traced, { encoding: 'utf8' });
    return stderr.split('\n').flatMap((line) => {
      if (line.includes('acknowledged')) return ['acknowledge'];
      return /fdatasync\(\d+\) += 0/.test(line) ? ['sync'] : line.includes('{\\"event\\"') ? ['write'] : [];
    });
  };
  const traceable = spawnSync('strace', ['-V']).status === 0;

  test.runIf(traceable)('writes each entry and syncs it before it is acknowledged, as strace sees it', () => {
    expect(systemCalls(true)).toEqual(Array(3).fill(['write', 'sync', 'acknowledge']).flat());
    expect(systemCalls(false)).toEqual(Array(3).fill(['write', 'acknowledge']).flat());
  });

  test('takes nothing more once the disk could not keep an entry', () => {
    const journal = new Journal(newDirectory(), { fsync: true });
    journal.append(at(0));
    const kept = fs.fdatasyncSync;
    fs.fdatasyncSync = () => {
      throw new Error('EIO: i/o error, fdatasync');
    };
    syncBuiltinESMExports();
    try {
      expect(() => {
        journal.append(at(1));
      }).toThrow(/cannot be written: EIO/);
    } finally {
      fs.fdatasyncSync = kept;
      syncBuiltinESMExports();
    }
    expect(() => {
      journal.append(at(2));
    }).toThrow('is incomplete');
    expect(journal.entries()).toEqual([at(0)]);
    journal.close();
  });
});

describe('No entry', () => {
  test('has room for a prompt, an answer or a key', () => {
    const names = Object.values(MEMBERS).flatMap((members) => Object.keys(members));
    expect(names.filter((name) => /body|prompt|message|content|answer|header|key|secret|token$/i.test(name))).toEqual(
      [],
    );
    for (const entry of fc.sample(anyEntry, 200)) {
      expect(Object.keys(MEMBERS[entry.event])).toEqual(expect.arrayContaining(Object.keys(entry)));
    }
  });

  test('carries on what a quote, an outcome or a refused call has beside its own members', async () => {
    const { ledger, entries } = ledgerOf([limit('tokens', 100)]);
    const canary = { body: 'CANARY', messages: ['CANARY'] };
    const asked = { ...quote(50, { outputBound: 5, unbounded: 'files' }), ...canary };
    const loaded = { ...asked, hold: { ...asked.hold, ...canary } };
    const { usage, ...outcome } = used(20);
    const id = await admitted(ledger.reserve(loaded));
    ledger.settle(id, { ...outcome, ...canary, usage: { ...usage, ...canary } });
    ledger.void(await admitted(ledger.reserve(loaded)), 500);
    ledger.refuse(loaded, 'unpriced');
    await ledger.reserve({ ...loaded, hold: { ...loaded.hold, input: 101 } });
    expect(entries.map(({ event }) => event)).toEqual(['reserve', 'settle', 'reserve', 'void', 'refuse', 'refuse']);
    expect(linesOf(entries).join('')).not.toContain('CANARY');
  });
});

function fileOf(text: string): string {
  const file = newDirectory();
  writeFileSync(file, text);
  return file;
}

function directoryWith(child: string): string {
  const directory = newDirectory();
  mkdirSync(join(directory, child), { recursive: true });
  return directory;
}

function voidEntry(id: number): Entry {
  return { event: 'void', id, ms: 0, status: 500 };
}

interface FilledUp {
  readonly accepted: number;
  readonly errors: readonly string[];
  readonly bytes: number;
  readonly entries: readonly Entry[];
}

/**
 * Ways to run out of space. A limit on the size of files works for any user: the write that passes it is cut short and
 * the next one fails, as on a full disk. A real full disk takes a mount, which only some users may make.
 */
function fullDisks(): { readonly what: string; readonly run: () => FilledUp }[] {
  const sized = { what: 'a file may grow no further', run: () => fillUp(newDirectory(), 'ulimit -f 8;') };
  const probe = newDirectory();
  mkdirSync(probe);
  if (!mounted(probe)) return [sized];
  execFileSync('umount', [probe]);
  const run = () => {
    mounted(probe);
    try {
      return fillUp(probe, '');
    } finally {
      execFileSync('umount', [probe]);
    }
  };
  return [sized, { what: 'the disk is full', run }];
}

function mounted(directory: string, options = 'size=16k'): boolean {
  mkdirSync(directory, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]);
  if (status === 0) mounts.push(directory);
  return status === 0;
}

/** Appends entries to a journal in a process of its own until it fails, and three times more. */
function fillUp(directory: string, shell: string): FilledUp {
  const program = join(root, 'fill-up.mjs');
  const module = fileURLToPath(new URL('../../src/ledger/journal.ts', import.meta.url));
  const contents = `
    import { Journal } from ${JSON.stringify(module)};
    process.on('SIGXFSZ', () => {});
    const journal = new Journal(process.argv[2]);
    const errors = [];
    let accepted = 0;
    for (let id = 0; errors.length < 4 && id < 10000; id += 1) {
      try {
        journal.append({ event: 'void', id, ms: 0, status: 500 });
        accepted += 1;
      } catch (error) {
        errors.push(String(error));
      }
    }
    journal.close();
    console.log(JSON.stringify({ accepted, errors }));`;
  const stdin = { contents, resolveDir: root };
  buildSync({ stdin, outfile: program, bundle: true, format: 'esm', platform: 'node', logLevel: 'silent' });
  const command = `${shell} exec "$0" "$1" "$2"`;
  const output = execFileSync('bash', ['-c', command, process.execPath, program, directory], { encoding: 'utf8' });
  const result = JSON.parse(output) as Pick<FilledUp, 'accepted' | 'errors'>;
  return { ...result, bytes: statSync(join(directory, JOURNAL_FILE)).size, entries: readJournal(directory) };
}
