import fc from 'fast-check';
import { DIMENSIONS, type Limit } from '../../src/domain/limit.js';
import { MODEL_PATTERNS, MODELS, PROVIDER_PATTERNS, PROVIDERS, ROWS } from './reference.js';

/** What may become of a call; `repeat` ends, defers or resumes one that has ended, in vain. */
type Ending = 'settle' | 'void' | 'defer' | 'resume' | 'repeat' | 'abort';

export type Step =
  | {
      readonly do: 'reserve';
      readonly provider: string;
      readonly model: string;
      readonly row: string | undefined;
      /** The least output that it can do with; undefined where it can do with no less. */
      readonly least: number | undefined;
      readonly input: number;
      readonly output: number;
      readonly cost: number;
      readonly gone: boolean;
    }
  /** `part`: what the call turns out to use, in percent of its hold. */
  | { readonly do: Ending; readonly pick: number; readonly part: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'stop' | 'refuse' | 'break' };

export interface Schedule {
  readonly limits: readonly Limit[];
  readonly onExceed: 'raise' | 'warn';
  readonly warnAt: number;
  readonly waitMs: number;
  readonly steps: readonly Step[];
}

const limit: fc.Arbitrary<Limit> = fc.record({
  dimension: fc.constantFrom(...DIMENSIONS),
  scope: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ kind: 'run' } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: 'call' } as const) },
    { weight: 2, arbitrary: fc.constant({ kind: 'row' } as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(...MODEL_PATTERNS).map((pattern) => ({ kind: 'model', pattern }) as const),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...PROVIDER_PATTERNS).map((pattern) => ({ kind: 'provider', pattern }) as const),
    },
  ),
  ceiling: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 13, max: 90 })),
  at: fc.constant('token-budget.yml:1:1'),
});

const ending = fc.record({
  do: fc.constantFrom('settle', 'settle', 'settle', 'settle', 'defer', 'defer', 'resume', 'void', 'repeat', 'abort'),
  pick: fc.nat(1000),
  part: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(100), fc.integer({ min: 101, max: 180 })),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('reserve'),
      provider: fc.constantFrom(...PROVIDERS),
      model: fc.constantFrom(...MODELS),
      row: fc.constantFrom(undefined, ...ROWS),
      least: fc.oneof(fc.constant(undefined), fc.constant(undefined), fc.integer({ min: 1, max: 8 })),
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

const asks = (model: string, input: number, output = 0, cost = 0): Extract<Step, { do: 'reserve' }> => ({
  do: 'reserve',
  provider: 'openai',
  model,
  row: undefined,
  least: undefined,
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
 * Schedules that chance meets once in thousands. In the first two, a limit becomes full behind the second in line by the
 * admission of a later call, after which no other may take the rest of it. In the third, the second in line was lowered
 * to what a limit may still give it, and no other may take from that.
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
  {
    limits: [
      { dimension: 'tokens', scope: { kind: 'model', pattern: 'gpt-*' }, ceiling: 20, at: 'token-budget.yml:1:1' },
      { dimension: 'output_tokens', scope: { kind: 'run' }, ceiling: 10, at: 'token-budget.yml:2:1' },
    ],
    onExceed: 'raise',
    warnAt: 1,
    waitMs: 100,
    steps: [asks('gpt-4o', 5, 5), asks('gpt-4o', 16), { ...asks('claude', 0, 15), least: 1 }, asks('claude', 0, 2)],
  },
];
