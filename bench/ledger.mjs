// The ledger as it is, and what it is fed with.
import { join } from 'node:path';
import { bundled } from './bundle.mjs';

/** @param directory where the bundle goes */
export function loadLedger(directory) {
  return bundled(join(directory, 'ledger.mjs'), ['./src/ledger/ledger.ts', './src/ledger/journal.ts']);
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

export const rowLimit = (dimension, ceiling) => ({ dimension, ceiling, scope: { kind: 'row' }, at: 'bench:1:1' });

export const modelLimit = (pattern, ceiling) => ({
  dimension: 'cost_usd',
  ceiling,
  scope: { kind: 'model', pattern },
  at: 'bench:1:1',
});
