// What reading a call costs the processor, by dialect: its request to a priced hold, its answer to a priced usage. No
// HTTP, no ledger: those are under `latency` and `admission`.
import { join } from 'node:path';
import { bundled } from './bundle.mjs';
import { SAMPLES, textOf } from './samples.mjs';
import { withDirectory } from './setting.mjs';
import { median } from './statistics.mjs';
import { fixed, printTable } from './table.mjs';

const SIZES = [1024, 100 * 1024];
/** As sockets bring an answer. */
const CHUNK = 16 * 1024;
const NOW = new Date('2026-11-24T12:00:00Z');

export function metering({ quick }) {
  return withDirectory(async (directory) => {
    const meter = await bundled(join(directory, 'meter.mjs'), [
      './src/meter/classify.ts',
      './src/meter/json-answer.ts',
      './src/meter/stream-answer.ts',
      './src/meter/quote.ts',
      './src/meter/prices.ts',
      './src/domain/rate.ts',
      './src/meter/framing.ts',
    ]);
    const rows = [];
    for (const sample of SAMPLES) {
      for (const way of ['whole', 'stream'].filter((each) => sample[each])) {
        const cells = [];
        for (const size of SIZES) cells.push(fixed(await cpuOf(meter, sample, way, size, quick ? 3 : 9), 0));
        rows.push([`${sample.name}, ${way === 'whole' ? 'whole' : 'streamed'}`, ...cells, '']);
      }
    }
    printTable({
      title: 'Metering: processor time to read and price one call, in process',
      note: ['A request and an answer of so much text each; a stream brings it in events of 12 bytes.'],
      heads: ['', '1 KB, µs', '100 KB, µs', ''],
      rows,
    });
  });
}

/** Median of rounds, in µs of user and system time a call; the first round, which compiles the code, is left out. */
async function cpuOf(meter, sample, way, size, rounds) {
  const text = textOf(size);
  const request = JSON.stringify(sample.request(text));
  const answer = sample[way](text);
  const raw = typeof answer === 'string' || Buffer.isBuffer(answer) ? answer : JSON.stringify(answer);
  const chunks = chunksOf(Buffer.from(raw));
  const count = size < 10_000 ? 1_000 : 50;
  const samples = [];
  for (let round = 0; round <= rounds; round += 1) {
    const start = process.cpuUsage();
    for (let i = 0; i < count; i += 1) await readCall(meter, sample, way, request, chunks);
    const { user, system } = process.cpuUsage(start);
    if (round > 0) samples.push((user + system) / count);
  }
  return median(samples);
}

async function readCall(meter, { path, provider, model, media = 'text/event-stream' }, way, request, chunks) {
  const { dialect } = meter.classify('POST', path, provider, undefined);
  const card = meter.tableRate(provider, model, NOW);
  const facts = dialect.read(JSON.parse(request), path, {});
  const call = { provider, host: 'api.example', model: facts.model, dialect: dialect.name };
  meter.quoteOf(call, meter.boundsOf(facts, request.length, 4096, true), card);
  const reading =
    way === 'stream' ? meter.streamAnswer(dialect, '', false, meter.framingOf(media)) : meter.jsonAnswer(dialect, '');
  for (const chunk of chunks) await reading.push(chunk);
  await reading.end();
  if (!reading.reported) throw new Error(`the answer of ${dialect.name} was not read`);
  meter.chargeOf(card, reading.reported.usage);
}

function chunksOf(bytes) {
  const count = Math.ceil(bytes.length / CHUNK);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * CHUNK, (i + 1) * CHUNK));
}
