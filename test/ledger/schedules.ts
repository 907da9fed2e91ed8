import fc from 'fast-check';
import { vi } from 'vitest';
import { amountsOf, DIMENSIONS, type Limit } from '../../src/domain/limit.js';
import { usageOf } from '../../src/domain/usage.js';
import type { Decision, Quote } from '../../src/ledger/ledger.js';
import type { MemoryLedger } from '../../src/ledger/memory.js';
import { compare, type Observed } from './compare.js';
import { Fold } from './fold.js';
import { MODELS, PATTERNS, ReferenceLedger, type ReferenceCall } from './reference.js';

export type Step =
  | {
      readonly do: 'reserve';
      readonly model: string;
      readonly input: number;
      readonly output: number;
      readonly cost: number;
      readonly gone: boolean;
    }
  /** `part`: what the call turns out to use, in percent of its hold. */
  | { readonly do: 'settle' | 'void' | 'repeat' | 'abort'; readonly pick: number; readonly part: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'stop' | 'refuse' | 'break' };

export interface Schedule {
  readonly limits: readonly Limit[];
  readonly onExceed: 'raise' | 'warn';
  readonly warnAt: number;
  readonly waitMs: number;
  readonly steps: readonly Step[];
}

const IN_FLIGHT = 40;

const limit: fc.Arbitrary<Limit> = fc.record({
  dimension: fc.constantFrom(...DIMENSIONS),
  scope: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ kind: 'run' } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: 'call' } as const) },
    { weight: 4, arbitrary: fc.constantFrom(...PATTERNS).map((pattern) => ({ kind: 'model', pattern }) as const) },
  ),
  ceiling: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 13, max: 90 })),
  at: fc.constant('token-budget.yml:1:1'),
});

const ending = fc.record({
  do: fc.constantFrom('settle', 'settle', 'settle', 'void', 'repeat', 'abort'),
  pick: fc.nat(1000),
  part: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(100), fc.integer({ min: 101, max: 180 })),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('reserve'),
      model: fc.constantFrom(...MODELS),
      input: fc.nat(9),
      output: fc.oneof(fc.nat(5), fc.nat(25)),
      cost: fc.nat(20),
      gone: fc.nat(19).map((n) => n === 0),
    }),
  },
  { weight: 20, arbitrary: ending },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance'), ms: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse') }) },
);

/** Schedules end in a stop or a journal that breaks now and then, so that most of each runs on a ledger that is open. */
const last: fc.Arbitrary<readonly Step[]> = fc.oneof(
  fc.constant([]),
  fc
    .constantFrom<Step>({ do: 'stop' }, { do: 'break' })
    .chain((end) => fc.array(step, { maxLength: 12, size: 'max' }).map((more) => [end, ...more])),
);

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  limits: fc.uniqueArray(limit, {
    minLength: 1,
    maxLength: 5,
    size: 'max',
    selector: ({ dimension, scope }) => `${dimension} ${JSON.stringify(scope)}`,
  }),
  onExceed: fc.oneof(
    { weight: 9, arbitrary: fc.constant('raise' as const) },
    { weight: 1, arbitrary: fc.constant('warn' as const) },
  ),
  warnAt: fc.constantFrom(0, 0.07, 0.5, 0.8, 1),
  waitMs: fc.constantFrom(0, 10, 100, 1000),
  steps: fc.tuple(fc.array(step, { maxLength: 80, size: 'max' }), last).map(([most, rest]) => [...most, ...rest]),
});

const asks = (model: string, input: number, output = 0, cost = 0): Step => ({
  do: 'reserve',
  model,
  input,
  output,
  cost,
  gone: false,
});

const TWO_SCOPES = {
  limits: [
    { dimension: 'tokens', scope: { kind: 'run' }, ceiling: 17, at: 'token-budget.yml:1:1' },
    { dimension: 'input_tokens', scope: { kind: 'model', pattern: 'gpt-*' }, ceiling: 13, at: 'token-budget.yml:2:1' },
    { dimension: 'cost_usd', scope: { kind: 'model', pattern: '*mini' }, ceiling: 10, at: 'token-budget.yml:3:1' },
  ],
  onExceed: 'raise',
  warnAt: 1,
  waitMs: 100,
} as const;

/**
 * Schedules that chance meets once in thousands. In both, a limit becomes full behind the second in line by the
 * admission of a later call, after which no other may take the rest of it.
 */
export const RARE: readonly Schedule[] = [
  {
    ...TWO_SCOPES,
    steps: [asks('gpt-4o', 8), asks('gpt-4o', 6), asks('gpt-4o', 1, 1), asks('gpt-4o', 0, 2), asks('gpt-4o', 0, 1)],
  },
  {
    ...TWO_SCOPES,
    steps: [
      asks('gpt-4o', 8),
      asks('claude-mini', 0, 0, 10),
      asks('gpt-4o', 6),
      asks('gpt-4o', 1, 1),
      asks('claude-mini', 2, 0, 4),
      asks('claude-mini', 1, 0, 1),
      { do: 'void', pick: 1, part: 0 },
    ],
  },
];

/**
 * Runs a schedule on a ledger and on the reference, and compares them after each step; throws at the first difference.
 * Needs vitest's fake timers for setTimeout and Date.
 */
export async function follow(Ledger: typeof MemoryLedger, plan: Schedule): Promise<void> {
  vi.setSystemTime(0);
  vi.clearAllTimers();
  const run = new Run(Ledger, plan);
  for (const each of plan.steps) await run.take(each);
  await run.drain();
}

class Run {
  readonly #plan: Schedule;
  readonly #reference: ReferenceLedger;
  readonly #ledger: MemoryLedger;
  readonly #fold = new Fold();
  readonly #observed: Observed[] = [];
  #broken = false;

  constructor(Ledger: typeof MemoryLedger, plan: Schedule) {
    const { limits, onExceed, warnAt, waitMs } = plan;
    this.#plan = plan;
    this.#reference = new ReferenceLedger(limits, onExceed === 'warn', waitMs);
    const record = (entry: Parameters<Fold['apply']>[0]) => {
      if (this.#broken) throw new Error('disk full');
      this.#fold.apply(entry);
    };
    this.#ledger = new Ledger({ limits, onExceed, warnAt, waitMs, record, now: Date.now });
  }

  async take(step: Step): Promise<void> {
    this.#act(step);
    // Decisions arrive by promises, and a failed write reaches those who wait a few ticks later.
    for (let tick = 0; tick < 6; tick += 1) await Promise.resolve();
    compare(
      this.#plan,
      this.#ledger.snapshot(),
      this.#reference,
      this.#observed,
      this.#broken ? undefined : this.#fold,
    );
  }

  /** Ends all that is still open, after which nothing may be held. */
  async drain(): Promise<void> {
    await this.take({ do: 'advance', ms: 2000 });
    const open = this.#observed.filter(({ call }) => call.state === 'live').length;
    for (let each = 0; each < open; each += 1)
      await this.take({ do: each % 2 ? 'void' : 'settle', pick: each, part: 50 });
    const { inFlight, waiting, limits } = this.#ledger.snapshot();
    if (inFlight + waiting + limits.reduce((sum, { held }) => sum + held, 0) !== 0) throw new Error('a hold leaked');
  }

  #act(step: Step): void {
    if (step.do === 'reserve') this.#reserve(step);
    else if (step.do === 'advance') this.#advance(step.ms);
    else if ('pick' in step) this.#end(step);
    else if (step.do === 'refuse') this.#refuse();
    else if (step.do === 'stop') {
      this.#ledger.stop();
      this.#reference.stop();
    } else {
      this.#broken = true;
      this.#reference.broken = true;
    }
  }

  #reserve({ model, input, output, cost, gone }: Extract<Step, { do: 'reserve' }>): void {
    if (this.#observed.filter(({ call }) => call.state === 'live' || call.state === 'waiting').length >= IN_FLIGHT)
      return;
    const quote = quoteFor(model, { input, output, cost });
    const worst = amountsOf({ input, output }, cost);
    if (this.#ledger.fits(quote) !== this.#reference.wouldAdmit(model, worst)) throw new Error('fits() is wrong');
    const controller = new AbortController();
    if (gone) controller.abort();
    const decided = this.#ledger.reserve(quote, controller.signal);
    const observed: Observed = {
      call: this.#reference.reserve(model, worst, Date.now(), gone),
      abort: () => {
        controller.abort();
      },
      decision: undefined,
    };
    this.#observed.push(observed);
    void decided.then((decision: Decision) => {
      observed.decision = decision;
    });
  }

  #end({ do: act, pick, part }: Extract<Step, { pick: number }>): void {
    const state: ReferenceCall['state'][] =
      act === 'abort' ? ['waiting'] : act === 'repeat' ? ['settled', 'voided', 'refused'] : ['live'];
    const able = this.#observed.filter(({ call }) => state.includes(call.state));
    const chosen = able[pick % Math.max(1, able.length)];
    if (!chosen) return;
    if (act === 'abort') {
      chosen.abort();
      this.#reference.abort(chosen.call);
      return;
    }
    const id = chosen.decision?.id ?? 0;
    const of = (amount: number) => Math.ceil((amount * part) / 100);
    const { input_tokens: input, output_tokens: output, cost_usd: cost } = chosen.call.worst;
    const usage = usageOf({ input: of(input), output: of(output) });
    const outcome = { status: 200, usage, source: 'reported', cost: of(cost) } as const;
    if (act === 'void' || (act === 'repeat' && part % 2)) this.#ledger.void(id, 500);
    else this.#ledger.settle(id, outcome);
    if (act !== 'repeat') this.#reference.end(chosen.call, act === 'void' ? undefined : amountsOf(usage, of(cost)));
  }

  #advance(ms: number): void {
    vi.advanceTimersByTime(ms);
    this.#reference.advance(Date.now());
  }

  #refuse(): void {
    this.#ledger.refuse(quoteFor('gpt-4o', { input: 1, output: 1, cost: 1 }), 'unmetered');
    this.#reference.refuseOther();
  }
}

function quoteFor(model: string, hold: Quote['hold']): Quote {
  return { provider: 'openai', host: 'api.openai.com', model, dialect: 'openai-chat', hold, rate: 'table' };
}
