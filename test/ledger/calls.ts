/** Ledgers and calls that the ledger's tests share. */
import type { Entry } from '../../src/domain/entry.js';
import type { Dimension, Limit, Scope } from '../../src/domain/limit.js';
import { usageOf } from '../../src/domain/usage.js';
import type { Decision, Lowering, Outcome, Quote } from '../../src/ledger/contract.js';
import { MemoryLedger, type MemoryLedgerOptions } from '../../src/ledger/ledger.js';

export function limit(dimension: Dimension, ceiling: number, scope: Scope | string = { kind: 'run' }): Limit {
  const where = typeof scope === 'string' ? ({ kind: 'model', pattern: scope } as const) : scope;
  return { dimension, scope: where, ceiling, at: 'token-budget.yml:3:11' };
}

export const PER_CALL: Scope = { kind: 'call' };
export const PER_ROW: Scope = { kind: 'row' };

/** A call to gpt-4o that holds these tokens of input, and whatever else is said. */
export function quote(input: number, changes: Partial<Quote> & { output?: number; cost?: number } = {}): Quote {
  const { output = 0, cost = 0, ...rest } = changes;
  const hold = { input, output, cost };
  return {
    provider: 'openai',
    host: 'api.openai.com',
    model: 'gpt-4o',
    dialect: 'openai-chat',
    hold,
    rate: 'table',
    ...rest,
  };
}

/** How a call is made to do with less output, from one less than it asks down to this. */
export function lowering(asked: Quote, least = 1): Lowering {
  const at = (output: number) => ({ ...asked, hold: { ...asked.hold, output }, outputBound: output });
  return { least, most: asked.hold.output - 1, at };
}

export function used(input: number, output = 0, cost = 0): Outcome {
  return { status: 200, usage: usageOf({ input, output }), source: 'reported', cost };
}

/** A ledger whose entries are kept, on a clock that vitest's fake timers drive. */
export function ledgerOf(limits: readonly Limit[], changes: Partial<MemoryLedgerOptions> = {}) {
  const entries: Entry[] = [];
  const record = (entry: Entry) => void entries.push(entry);
  const options = { limits, onExceed: 'raise', warnAt: 0.8, waitMs: 1000, record, now: Date.now, ...changes } as const;
  return { ledger: new MemoryLedger(options), entries };
}

/** The number of a call that must be admitted. */
export async function admitted(decision: Promise<Decision>): Promise<number> {
  const { admitted: yes, id } = await decision;
  if (!yes) throw new Error('the call was refused');
  return id;
}

/** `admitted`, or the reason of a refusal and the limit that it names. */
function outcomeOf(decision: Decision): string {
  if (decision.admitted) return 'admitted';
  const { reason, limit: named } = decision.refusal;
  return named ? `${reason}: ${named.scope} ${named.dimension}` : reason;
}

/** What is decided of a call by now; `waits` where nothing is. */
export async function now(decision: Promise<Decision>): Promise<string> {
  let heard = 'waits';
  void decision.then((made) => (heard = outcomeOf(made)));
  for (let tick = 0; tick < 6; tick += 1) await Promise.resolve();
  return heard;
}

/** The kinds of the entries in their order, in one line. */
export function eventsOf(entries: readonly Entry[]): string {
  return entries.map(({ event }) => event).join(' ');
}
