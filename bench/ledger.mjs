// The ledger as it is, bundled from src: what is measured without HTTP and without a process is measured on the real one.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { ROOT } from './setting.mjs';

/** @param directory where the bundle goes */
export async function loadLedger(directory) {
  const outfile = join(directory, 'ledger.mjs');
  buildSync({
    stdin: {
      contents: "export * from './src/ledger/memory.ts'; export * from './src/ledger/journal.ts';",
      resolveDir: ROOT,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  return import(pathToFileURL(outfile).href);
}

/** A quote of so many tokens at 0.15 and 0.60 USD per 1M, about the cheapest there is. */
export function quoteFor(input, output, model = 'gpt-4o-mini') {
  const facts = { provider: 'openai', host: 'api.openai.com', model, dialect: 'openai-chat' };
  return { ...facts, hold: { input, output, cost: input * 150 + output * 600 }, rate: 'table' };
}

export function outcomeFor(input, output) {
  const usage = { input, output, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, reasoning: 0 };
  return { status: 200, usage, source: 'reported', cost: input * 150 + output * 600 };
}

export const runLimit = (dimension, ceiling) => ({ dimension, ceiling, scope: { kind: 'run' }, at: 'bench:1:1' });

export const modelLimit = (pattern, ceiling) => ({
  dimension: 'cost_usd',
  ceiling,
  scope: { kind: 'model', pattern },
  at: 'bench:1:1',
});
