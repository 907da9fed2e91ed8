// `npm run bench`: what Token Budget costs, in one run. Measures dist/ as it is built, judges nothing: it always ends
// with status 0, and marks what is not where it should be.
//
//   npm run bench                      everything, in about three minutes
//   npm run bench -- --quick           fewer and shorter rounds: a look, no measurement
//   npm run bench -- latency memory    only these sections
import { existsSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { admission } from './admission.mjs';
import { evaluate } from './evaluate.mjs';
import { latency, streams } from './latency.mjs';
import { memory } from './memory.mjs';
import { metering } from './metering.mjs';
import { CLI } from './setting.mjs';
import { actionStart, coldStart, hookStartup } from './startup.mjs';
import { strategies } from './strategies.mjs';
import { fixed } from './table.mjs';

const SECTIONS = {
  latency,
  streams,
  hook: hookStartup,
  cold: coldStart,
  action: actionStart,
  memory,
  evaluate,
  metering,
  admission,
  strategies,
};
const FULL = { quick: false, rounds: 5, roundMs: 800, starts: 60, coldStarts: 7 };
const QUICK = { quick: true, rounds: 2, roundMs: 300, starts: 8, coldStarts: 2 };

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0)
  console.log(`no such section: ${unknown.join(', ')}. There are ${Object.keys(SECTIONS).join(', ')}`);
else if (!existsSync(CLI)) console.log('dist/cli.js is missing: run `npm run build` first');
else await bench(positionals.length > 0 ? positionals : Object.keys(SECTIONS), values.quick ? QUICK : FULL);

async function bench(names, settings) {
  const start = performance.now();
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  console.log(
    `${machine}, load ${loadavg()
      .map((load) => fixed(load, 1))
      .join(' ')}`,
  );
  for (const name of names) await section(name, settings);
  console.log(`\n${fixed((performance.now() - start) / 1000, 0)} s, load ${fixed(loadavg()[0], 1)}`);
}

/** One that cannot be measured here says why, and the others go on. */
async function section(name, settings) {
  try {
    await SECTIONS[name](settings);
  } catch (error) {
    console.log(`\n${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
  }
}
