import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as Built from '../../src/ledger/ledger.js';
import { follow } from './follow.js';
import { MUTANTS, type Mutant } from './mutants.js';
import { RARE, schedule } from './schedules.js';

const SOURCES = fileURLToPath(new URL('../../src/ledger/', import.meta.url));
const SCHEDULES = 600;
const directory = mkdtempSync(join(tmpdir(), 'ledger-mutants-'));
const caught: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

afterAll(() => {
  rmSync(directory, { recursive: true });
  process.stdout.write(`${caught.length} of ${MUTANTS.length} mutants caught\n`);
});

test('the ledger itself passes the check that the mutants must fail', async () => {
  const Ledger = await ledgerWith(['none', 'ledger', 'stop(): void', 'stop(): void']);
  expect(await findsFault(Ledger)).toBe(false);
});

test.each(MUTANTS.map((mutant) => ({ name: mutant[0], mutant })))(
  'it is caught when $name',
  async ({ name, mutant }) => {
    expect(await findsFault(await ledgerWith(mutant))).toBe(true);
    caught.push(name);
  },
);

async function findsFault(Ledger: typeof Built.MemoryLedger): Promise<boolean> {
  const property = fc.asyncProperty(schedule, (plan) => follow(Ledger, plan));
  const { failed } = await fc.check(property, {
    numRuns: SCHEDULES,
    seed: 20261124,
    endOnFailure: true,
    examples: RARE.map((plan) => [plan]),
  });
  return failed;
}

/** The ledger's module, built from its sources with the bug in it. */
async function ledgerWith([name, file, from, to]: Mutant): Promise<typeof Built.MemoryLedger> {
  const source = readFileSync(join(SOURCES, `${file}.ts`), 'utf8');
  expect(source.split(from), `${name}: the text to replace stands once in ${file}.ts`).toHaveLength(2);
  const outfile = join(directory, `${name.replaceAll(' ', '-')}.mjs`);
  await build({
    entryPoints: [join(SOURCES, 'ledger.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutant',
        setup: (bundle) => {
          bundle.onLoad({ filter: new RegExp(`/ledger/${file}\\.ts$`) }, () => ({
            contents: source.replace(from, () => to),
            loader: 'ts',
          }));
        },
      },
    ],
  });
  const module = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as typeof Built;
  return module.MemoryLedger;
}
