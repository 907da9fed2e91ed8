/** What changed since another run: of the base branch, or the previous one. */
import type { Report } from '../generated/report.generated.js';
import { code, table, folded } from './escape.js';
import { atLeast, count, plural, usd, usdBeside } from './format.js';
import { modelNumbers, type ModelNumbers, type RunNumbers } from './run-numbers.js';
import { cappedTable } from './sections.js';

/** An earlier run to compare with. */
export interface Compared {
  /** What run it was, in a few words, as `main at 3f2c1a9`; shown as code, at most 60 characters of it. */
  readonly label: string;
  readonly numbers: RunNumbers;
}

type Field = 'tokens' | 'cost_nano_usd' | 'calls' | 'refused';
type Totals = Readonly<Record<Field, number>>;

const MINUS = '−';
const SAME = '±0';
const UNKNOWN = '–';
/** Nano-USD. */
const TOLD_IN_CENTS = 1e8;
const CENT = 1e7;
const HALF_CENT = 5e6;

/** Tokens, cost and calls beside those of the earlier runs, or a sentence that says there are none. */
export function comparison(report: Report, base: Compared | undefined, previous: Compared | undefined): string[] {
  const others = [base, previous].filter((one) => one !== undefined);
  if (others.length === 0) {
    return ['No baseline yet: no earlier run of the base branch or of this pull request was found.'];
  }
  const missing = base ? [] : ['No baseline from the base branch yet.'];
  const heads = ['', '>This run', ...others.flatMap(({ label }) => [`>${code(label)}`, '>Change'])];
  const origins = `Compared with ${others.map(origin).join(', and ')}.`;
  return [
    ...table(heads, totalRows(totalsNow(report), (report.totals.cost_incomplete_calls ?? 0) > 0, others)),
    '',
    [origins, ...missing].join(' '),
  ];
}

function totalRows(now: Totals, isPart: boolean, others: readonly Compared[]): string[][] {
  const line = (head: string, field: Field, words: (value: number) => string): string[] => [
    head,
    field === 'cost_nano_usd' ? atLeast(words(now[field]), isPart) : words(now[field]),
    ...others.flatMap(({ numbers }) => [words(numbers[field]), changed(field, now[field], numbers[field])]),
  ];
  const hasRefusals = now.refused > 0 || others.some(({ numbers }) => numbers.refused > 0);
  return [
    line('Tokens', 'tokens', count),
    line('Cost', 'cost_nano_usd', usd),
    line('Calls', 'calls', count),
    ...(hasRefusals ? [line('Refused', 'refused', count)] : []),
  ];
}

/** The models whose tokens or cost differ from an earlier run, folded; nothing where none does. */
export function movedModels(
  report: Report,
  base: Compared | undefined,
  previous: Compared | undefined,
  most: number,
): string[] {
  const others = [base, previous].filter((one) => one !== undefined);
  const now = byKey(modelNumbers(report));
  const before = others.map(({ numbers }) => ({ models: byKey(numbers.models), isWhole: isWhole(numbers) }));
  const all = new Map([now, ...before.map(({ models }) => models)].flatMap((models) => [...models]));
  const rows = [...all].map(([key, { model }]) => [
    code(model),
    ...before.flatMap(({ models, isWhole }) => modelChange(now.get(key), models.get(key), isWhole)),
  ]);
  const moved = rows.filter(([, ...changes]) => changes.some((change) => change !== SAME && change !== UNKNOWN));
  if (moved.length === 0) return [];
  const heads = others.flatMap(({ label }) => [`>Tokens since ${code(label)}`, `>Cost since ${code(label)}`]);
  return folded('Change by model', cappedTable(['Model', ...heads], moved, most));
}

/** Change of tokens and of cost; a model that is not among all the models of a run was not used there. */
function modelChange(now: ModelNumbers | undefined, then: ModelNumbers | undefined, isWhole: boolean): string[] {
  if (!then && !isWhole) return [UNKNOWN, UNKNOWN];
  return [
    changed('tokens', now?.tokens ?? 0, then?.tokens ?? 0),
    changed('cost_nano_usd', now?.cost_nano_usd ?? 0, then?.cost_nano_usd ?? 0),
  ];
}

function totalsNow({ totals }: Report): Totals {
  const { total_tokens: tokens, cost_nano_usd, calls, refused } = totals;
  return { tokens, cost_nano_usd, calls, refused };
}

/** Which run is compared with, and whether its budget cut it short. */
function origin({ label, numbers }: Compared): string {
  const run = `${code(label)}, a run of ${numbers.date.slice(0, 10)}`;
  if (numbers.refused === 0) return run;
  return `${run} (${plural(numbers.refused, 'call')} refused, so its numbers are lower than without a limit)`;
}

/** A change with its sign, and its share of what was before: "+1,104 (+4%)". */
function changed(field: Field, now: number, then: number): string {
  const difference = Math.abs(now - then);
  if (difference === 0) return SAME;
  const sign = now > then ? '+' : MINUS;
  const amount = field === 'cost_nano_usd' ? moneyChange(difference, Math.max(now, then)) : count(difference);
  if (then === 0) return `${sign}${amount}`;
  return `${sign}${amount} (${shareWords(sign, (difference / then) * 100)})`;
}

/** In cents where the sums themselves are told in cents. */
function moneyChange(difference: number, sum: number): string {
  const isBelowCent = sum >= TOLD_IN_CENTS && difference < HALF_CENT;
  return isBelowCent ? 'less than $0.01' : usdBeside(Math.max(difference, sum >= TOLD_IN_CENTS ? CENT : 0), sum);
}

function shareWords(sign: string, share: number): string {
  if (share > 999) return `>${sign}999%`;
  return share < 1 ? '<1%' : `${sign}${Math.round(share)}%`;
}

/** Whether the numbers name every model of their run; without the rest, a missing model says nothing. */
function isWhole(numbers: RunNumbers): boolean {
  return numbers.models.reduce((calls, model) => calls + model.calls, 0) === numbers.calls;
}

function byKey(models: readonly ModelNumbers[]): Map<string, ModelNumbers> {
  return new Map(models.map((model) => [JSON.stringify([model.provider, model.model]), model]));
}
