/** Random entries of every kind, and the members that an entry may have. */
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import type { Entry } from '../../src/domain/entry.js';
import { DIMENSIONS } from '../../src/domain/limit.js';
import { METERS } from '../../src/domain/usage.js';
import { sealEntry } from '../../src/ledger/journal.js';

type Event = Entry['event'];
type Of<E extends Event> = Extract<Entry, { event: E }>;

/** True where no member of an entry is missing here: the compiler refuses a list that lacks one. */
type Members<E extends Event> = Readonly<Record<keyof Of<E>, true>>;

/** Every member that an entry may have. One that could hold a prompt, an answer or a key has no place here. */
export const MEMBERS: { readonly [E in Event]: Members<E> } = {
  open: {
    event: true,
    version: true,
    tool: true,
    at: true,
    policy: true,
    onExceed: true,
    warnAt: true,
    limits: true,
    argv: true,
    prices: true,
  },
  reserve: {
    event: true,
    id: true,
    ms: true,
    provider: true,
    host: true,
    model: true,
    row: true,
    phase: true,
    dialect: true,
    hold: true,
    unbounded: true,
    incomplete: true,
    outputBound: true,
    loweredFrom: true,
    rate: true,
    waited: true,
  },
  settle: {
    event: true,
    id: true,
    ms: true,
    status: true,
    model: true,
    usage: true,
    source: true,
    cost: true,
    rate: true,
    incomplete: true,
  },
  void: { event: true, id: true, ms: true, status: true },
  refuse: {
    event: true,
    id: true,
    ms: true,
    provider: true,
    host: true,
    model: true,
    row: true,
    phase: true,
    dialect: true,
    reason: true,
    unpriced: true,
    deferred: true,
    limit: true,
    hold: true,
    waited: true,
  },
  notice: { event: true, ms: true, code: true, limit: true, text: true },
  eval: { event: true, ms: true, runId: true, rows: true, failedRows: true, traced: true, judged: true },
  close: { event: true, ms: true, exitCode: true, signal: true },
};

/** Names as a hostile client may choose them: quotes, line ends of every script, half characters, a checksum's look. */
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('gpt-4o', '\u2028', 'a\u2029b', '\ud800', '\n', '","crc":"00000000"}', '\ufffd', '__proto__', '\0'),
);
const count = fc.maxSafeNat();
const hold = fc.record({ input: count, output: count, cost: count });
const limitRef = fc.record({ dimension: fc.constantFrom(...DIMENSIONS), scope: name });
const dialect = fc.constantFrom(
  'openai-chat',
  'openai-responses',
  'openai-embeddings',
  'anthropic',
  'bedrock-converse',
);
const tokens = {
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite: count,
  cacheWrite1h: count,
  reasoning: count,
};
const media = {
  audioIn: count,
  audioCached: count,
  imageIn: count,
  imageCached: count,
  audioOut: count,
  imageOut: count,
};
const usage = fc.record(
  {
    ...tokens,
    ...media,
    meters: fc.dictionary(fc.constantFrom(...METERS), count),
    tier: fc.constantFrom('flex', 'batch', 'priority', 'fast', 'other'),
    regional: fc.constant(true),
    reportedCost: count,
  },
  { requiredKeys: ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'reasoning'] },
);
const mark = { id: count, ms: count };
const call = { provider: name, host: name, model: name, dialect };
const purpose = { row: name, phase: fc.constantFrom('preflight', 'predict', 'judge') };

const kinds: { readonly [E in Event]: fc.Arbitrary<Of<E>> } = {
  open: fc.record({
    event: fc.constant('open'),
    version: fc.constant(1),
    tool: name,
    at: name,
    policy: fc.record({ file: name, hash: name }),
    onExceed: fc.constantFrom('raise', 'warn', 'halt'),
    warnAt: fc.constantFrom(0, 0.07, 0.8, 1),
    limits: fc.array(fc.record({ dimension: fc.constantFrom(...DIMENSIONS), scope: name, ceiling: count, at: name })),
    argv: fc.array(name),
    prices: fc.record({ source: name, date: name }),
  }),
  reserve: fc.record(
    {
      event: fc.constant('reserve'),
      ...mark,
      ...call,
      ...purpose,
      hold,
      rate: fc.constantFrom('policy', 'table', 'none'),
      unbounded: name,
      outputBound: count,
      loweredFrom: count,
      waited: count,
    },
    { requiredKeys: ['event', 'id', 'ms', 'provider', 'host', 'model', 'dialect', 'hold', 'rate'] },
  ),
  settle: fc.record(
    {
      event: fc.constant('settle'),
      ...mark,
      status: count,
      model: name,
      usage,
      source: fc.constantFrom('reported', 'estimated', 'held'),
      cost: count,
      rate: fc.constantFrom('policy', 'table', 'reported', 'none'),
    },
    { requiredKeys: ['event', 'id', 'ms', 'status', 'usage', 'source', 'cost'] },
  ),
  void: fc.record({ event: fc.constant('void'), ...mark, status: count }),
  refuse: fc.record(
    {
      event: fc.constant('refuse'),
      ...mark,
      ...call,
      ...purpose,
      dialect: fc.option(dialect),
      reason: fc.constantFrom('exhausted', 'held', 'call_too_large', 'unpriced', 'unmetered', 'abandoned', 'stopped'),
      limit: fc.option(limitRef),
      hold,
      deferred: fc.constant(true as const),
      waited: count,
    },
    { requiredKeys: ['event', 'id', 'ms', 'provider', 'host', 'model', 'dialect', 'reason', 'limit', 'hold'] },
  ),
  notice: fc.record(
    {
      event: fc.constant('notice'),
      ms: count,
      code: fc.constantFrom('warn_at', 'exceeded', 'unmetered', 'unpriced', 'uncovered', 'journal', 'halted'),
      limit: limitRef,
      text: name,
    },
    { requiredKeys: ['event', 'ms', 'code', 'text'] },
  ),
  eval: fc.record({
    event: fc.constant('eval'),
    ms: count,
    runId: name,
    rows: count,
    failedRows: count,
    traced: fc.record({ input: count, output: count }),
    judged: fc.record({ input: count, output: count }),
  }),
  close: fc.record({
    event: fc.constant('close'),
    ms: count,
    exitCode: fc.option(count),
    signal: fc.option(name),
  }),
};

export const EVENTS = Object.keys(kinds) as readonly Event[];

/** An entry of this kind, with the plain prototype that parsed JSON has. */
export function entryOf(event: Event): fc.Arbitrary<Entry> {
  const kind: fc.Arbitrary<Entry> = kinds[event];
  return kind.map((entry) => JSON.parse(JSON.stringify(entry)) as Entry);
}

export const anyEntry: fc.Arbitrary<Entry> = fc.constantFrom(...EVENTS).chain(entryOf);

/** One entry of every kind, the same in every run. */
export const SAMPLE = EVENTS.flatMap((event) => fc.sample(entryOf(event), { numRuns: 1, seed: 8 }));

/** A journal's lines, as it writes them. */
export function linesOf(entries: readonly Entry[]): string[] {
  let seal = 0;
  return entries.map((entry) => {
    const sealed = sealEntry(entry, seal);
    seal = sealed.seal;
    return sealed.line;
  });
}

/** The first line of a journal with a right checksum, of any text. */
export function sealedText(members: string): string {
  return `${members},"crc":"${crc32(`${members}}`).toString(16).padStart(8, '0')}"}\n`;
}
