/** A run as a real suite of evals makes it: three models, a judge, mixed sizes and latencies, four callers at once. */
import type { Entry, LimitEntry, RefuseEntry, ReserveEntry } from '../../src/domain/entry.js';
import { usageOf } from '../../src/domain/usage.js';
import { open } from './runs.js';

const CALLERS = 4;
/** USD per 1M tokens are nano-USD per 1,000 tokens: cost = tokens × rate × 1,000 nano-USD. */
const MODELS = [
  { part: 0.45, provider: 'openai', host: 'api.openai.com', dialect: 'openai-chat', model: 'gpt-4o', rates: [2.5, 10] },
  {
    part: 0.4,
    provider: 'openai',
    host: 'api.openai.com',
    dialect: 'openai-chat',
    model: 'gpt-4o-mini',
    rates: [0.15, 0.6],
  },
  {
    part: 0.15,
    provider: 'anthropic',
    host: 'api.anthropic.com',
    dialect: 'anthropic',
    model: 'claude-sonnet-4-5',
    rates: [3, 15],
  },
] as const;

const TOKENS = { dimension: 'tokens', scope: 'run' } as const;
const LIMITS: readonly LimitEntry[] = [
  { ...TOKENS, ceiling: 250_000, at: 'token-budget.yml:4:11' },
  { dimension: 'cost_usd', scope: 'run', ceiling: 1_500_000_000, at: 'token-budget.yml:5:13' },
  { dimension: 'tokens', scope: 'per_call', ceiling: 8000, at: 'token-budget.yml:6:23' },
  { dimension: 'cost_usd', scope: 'models.gpt-4o*', ceiling: 1_000_000_000, at: 'token-budget.yml:7:38' },
];

/** So many calls, each admitted while its worst case fits the limit of 250,000 tokens; the same for the same seed. */
export function showcase(calls: number, seed = 7, at = '2026-11-03T10:15:00.000Z'): Entry[] {
  const random = numbersFrom(seed);
  const entries: Entry[] = [];
  const free = Array.from({ length: CALLERS }, (_, caller) => 300 + caller * 90);
  let used = 0;
  for (let id = 1; id <= calls; id += 1) {
    const caller = free.indexOf(Math.min(...free));
    const ms = free[caller] ?? 0;
    const { begin, usage, latency, cost } = sampleCall(id, ms, random);
    const worst = begin.hold.input + begin.hold.output;
    if (used + worst > 250_000) {
      entries.push({ ...refusal(begin), limit: TOKENS });
      free[caller] = ms + 1200;
      continue;
    }
    const fails = random() < 0.01;
    used += fails ? 0 : usage.input + usage.output;
    free[caller] = ms + latency + 40;
    entries.push(begin);
    entries.push(
      fails
        ? { event: 'void', id, ms: ms + 200, status: 429 }
        : { event: 'settle', id, ms: ms + latency, status: 200, usage, source: 'reported', cost },
    );
  }
  const end = Math.max(...free) + 900;
  const refused = entries.some((entry) => entry.event === 'refuse');
  const close: Entry = { event: 'close', ms: end, exitCode: refused ? 1 : 0, signal: null };
  return [open({ at, limits: LIMITS }), ...entries, close];
}

function sampleCall(id: number, ms: number, random: () => number) {
  const pick = random();
  const { part, rates, ...facts } = MODELS[pick < 0.45 ? 0 : pick < 0.85 ? 1 : 2];
  const skew = (random() + random() + random()) / 3;
  const input = Math.round(180 + 1400 * skew * skew * (1 + part));
  const output = Math.round(20 + 900 * random() * random());
  const cached = random() < 0.4 ? Math.round(input * 0.6) : 0;
  const nano = (inputs: number, outputs: number): number => Math.ceil((inputs * rates[0] + outputs * rates[1]) * 1000);
  const begin: ReserveEntry = {
    event: 'reserve',
    ...facts,
    id,
    ms,
    hold: { input: input + 200, output: 1024, cost: nano(input + 200, 1024) },
    rate: 'table',
    ...(facts.dialect === 'anthropic' ? { outputBound: 1024 } : {}),
  };
  const latency = Math.round(260 + output * 6 + 900 * random() * random() + (random() < 0.02 ? 9000 : 0));
  return {
    begin,
    latency,
    usage: usageOf({ input, output, cacheRead: cached }),
    cost: nano(input - cached / 2, output),
  };
}

function refusal({ id, ms, provider, host, model, dialect, hold }: ReserveEntry): RefuseEntry {
  return { event: 'refuse', id, ms, provider, host, model, dialect, hold, reason: 'exhausted', limit: null };
}

/** Numbers from 0 to 1 that look random and are the same every time. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 4) / 2 ** 28;
  };
}
