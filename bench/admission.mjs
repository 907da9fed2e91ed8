// What the ledger itself takes for a call, without HTTP.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { loadLedger, modelLimit, outcomeFor, quoteFor, rowLimit, runLimit } from './ledger.mjs';
import { withDirectory } from './setting.mjs';
import { median } from './statistics.mjs';
import { fixed, printTable } from './table.mjs';

const PLENTY = Number.MAX_SAFE_INTEGER;
const BASIC = [runLimit('tokens', PLENTY), runLimit('cost_usd', PLENTY)];
const MANY = [...BASIC, ...Array.from({ length: 18 }, (_, i) => modelLimit(i % 2 ? `gpt-${i}*` : 'gpt-4o*', PLENTY))];
const ROWS = [...BASIC, rowLimit('tokens', PLENTY)];
const HOLD = 1_300;

export function admission({ quick }) {
  return withDirectory(async (directory) => {
    const { MemoryLedger, Journal } = await loadLedger(directory);
    const batches = quick ? 5 : 20;
    const journal = new Journal(directory);
    const synced = new Journal(join(directory, 'synced'), { fsync: true });
    const nowhere = () => undefined;
    const kept = (entry) => journal.append(entry);
    const keptOnDisk = (entry) => synced.append(entry);
    const ledgerOf = (limits, record) =>
      new MemoryLedger({ limits, record, onExceed: 'raise', warnAt: 0.8, waitMs: 60_000, now: () => 1 });
    const cells = [
      ['2 limits, no journal', () => alone(ledgerOf(BASIC, nowhere))],
      ['2 limits, journal on disk', () => alone(ledgerOf(BASIC, kept))],
      ['2 limits, journal with fsync', () => alone(ledgerOf(BASIC, keptOnDisk), 30)],
      ['20 limits, journal on disk', () => alone(ledgerOf(MANY, kept))],
      ['2 limits and one per row, 500 rows, journal on disk', () => alone(ledgerOf(ROWS, kept), 2_000, 500)],
      ['200 callers, room for 16, journal on disk', () => crowd(ledgerOf([runLimit('tokens', 16 * HOLD)], kept), 200)],
      ['one journal entry', () => appends(journal)],
      ['one bare write of 300 bytes', () => writes(directory, false)],
      ['one bare write with fdatasync', () => writes(directory, true)],
    ];
    const rows = [];
    for (const [name, measure] of cells) rows.push([name, fixed(await medianOfBatches(measure, batches), 1), '']);
    journal.close();
    synced.close();
    printTable({
      title: 'Admission: reserve and settle in process',
      note: ['Medians of batches. The rows with a journal include its two entries, synced with `fsync` only.'],
      heads: ['', 'µs a call', ''],
      rows,
    });
  });
}

/** The first batches, in which the code is compiled, are left out. */
async function medianOfBatches(measure, batches) {
  const samples = [];
  for (let i = 0; i < batches + 2; i += 1) {
    const sample = await measure();
    if (i >= 2) samples.push(sample);
  }
  return median(samples);
}

/** Microseconds for each of `count` repetitions. */
async function timed(count, act) {
  const start = performance.now();
  for (let i = 0; i < count; i += 1) await act(i);
  return ((performance.now() - start) * 1000) / count;
}

function alone(ledger, count = 2_000, rows = 0) {
  return timed(count, async (call) => {
    const quote = { ...quoteFor(1_000, 300), ...(rows > 0 && { row: `row-${call % rows}` }) };
    if (!ledger.fits(quote)) throw new Error('it must fit');
    const { id } = await ledger.reserve(quote);
    ledger.settle(id, outcomeFor(250, 50));
  });
}

/** Callers at once, most of whom wait; those admitted settle in the next turn. Usage of 0 keeps the room as it is. */
async function crowd(ledger, callers) {
  const calls = 3_000;
  let left = calls;
  const caller = async () => {
    while (left-- > 0) {
      const { id, admitted } = await ledger.reserve(quoteFor(1_000, 300));
      if (!admitted) throw new Error('it must be admitted');
      await new Promise(setImmediate);
      ledger.settle(id, outcomeFor(0, 0));
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  return ((performance.now() - start) * 1000) / calls;
}

function appends(journal) {
  const { dialect, provider, host, model, hold, rate } = quoteFor(1_000, 300);
  return timed(2_000, (id) =>
    journal.append({ event: 'reserve', id, ms: 1, provider, host, model, dialect, hold, rate }),
  );
}

async function writes(directory, synced) {
  const line = Buffer.alloc(300, 'x');
  const file = openSync(join(directory, 'bare'), 'a');
  const took = await timed(synced ? 30 : 2_000, () => {
    writeSync(file, line);
    if (synced) fdatasyncSync(file);
  });
  closeSync(file);
  return took;
}
