/** Sums over calls: the totals, the models, and the calls behind each caveat. */
import type {
  AboveHold,
  Bounded,
  CallUse,
  Clamped,
  ModelUse,
  Report,
  TokenUse,
  Unbounded,
  Unpriced,
} from '../generated/report.generated.js';
import { costFields } from './call-records.js';

/** What all these calls add up to; a sum that would pass 2^53 − 1 stays there rather than lose its last digits. */
export function totalsOf(calls: readonly CallUse[]): Report['totals'] {
  const sum = (amount: (call: CallUse) => number): number =>
    calls.reduce((total, call) => Math.min(total + amount(call), Number.MAX_SAFE_INTEGER), 0);
  const tokens = (field: keyof TokenUse): number => sum((call) => call.usage[field] ?? 0);
  return {
    calls: calls.filter(isSettled).length,
    refused: calls.filter((call) => call.outcome === 'refused').length,
    voided: calls.filter((call) => call.outcome === 'voided').length,
    input_tokens: tokens('input_tokens'),
    output_tokens: tokens('output_tokens'),
    total_tokens: tokens('total_tokens'),
    cache_read_tokens: tokens('cache_read_tokens'),
    cache_write_tokens: tokens('cache_write_tokens'),
    reasoning_tokens: tokens('reasoning_tokens'),
    ...costFields(sum((call) => call.cost_nano_usd)),
    ...incompleteCalls(calls),
  };
}

/** How many calls' costs leave a part out; nothing where none does. */
function incompleteCalls(calls: readonly CallUse[]): Pick<Report['totals'], 'cost_incomplete_calls'> {
  const count = calls.filter(isIncomplete).length;
  return count > 0 ? { cost_incomplete_calls: count } : {};
}

/** Whether a call counts towards totals with less than it cost. */
export function isIncomplete(call: CallUse): boolean {
  return isSettled(call) && call.cost_incomplete !== undefined;
}

/** Use by provider and requested model: dearest first, then by tokens, then by name. */
export function modelsOf(calls: readonly CallUse[]): ModelUse[] {
  return grouped(calls, ({ provider, model }) => ({ provider, model }))
    .map(([key, group]) => ({ ...key, ...totalsOf(group) }))
    .sort(
      (a, b) => b.cost_nano_usd - a.cost_nano_usd || b.total_tokens - a.total_tokens || (a.model < b.model ? -1 : 1),
    );
}

/** Models without a known price, with the calls that count nothing and those refused for it. */
export function unpricedOf(calls: readonly CallUse[]): Unpriced[] {
  const concerned = calls.filter((call) => (isSettled(call) && call.rate === 'none') || call.reason === 'unpriced');
  return grouped(concerned, ({ provider, model, no_price_for: part }) => ({
    provider,
    model,
    ...(part !== undefined && { part }),
  })).map(([key, group]) => {
    const settled = group.filter(isSettled).length;
    return { ...key, calls: settled, refused: group.length - settled };
  });
}

/** Settled calls without a known upper bound, by model and reason. */
export function unboundedOf(calls: readonly CallUse[]): Unbounded[] {
  const concerned = calls.filter((call) => isSettled(call) && call.unbounded !== null);
  return grouped(concerned, ({ provider, model, unbounded }) => ({ provider, model, reason: unbounded ?? '' })).map(
    ([key, group]) => ({ ...key, calls: group.length }),
  );
}

/** Settled calls that set no output limit and got one added, by model and limit. */
export function boundedOf(calls: readonly CallUse[]): Bounded[] {
  const concerned = calls.filter((call) => isSettled(call) && call.output_bound !== null && !isClamped(call));
  return grouped(concerned, ({ provider, model, output_bound }) => ({
    provider,
    model,
    output_tokens: output_bound ?? 0,
  })).map(([key, group]) => ({ ...key, calls: group.length }));
}

/** Settled calls whose output limit was lowered to fit the budget, by model and the limit before. */
export function clampedOf(calls: readonly CallUse[]): Clamped[] {
  const concerned = calls.filter((call) => isSettled(call) && isClamped(call));
  return grouped(concerned, ({ provider, model, output_bound_from: from = 0 }) => ({ provider, model, from })).map(
    ([key, group]) => ({
      ...key,
      to: Math.min(...group.map((call) => call.output_bound ?? key.from)),
      calls: group.length,
    }),
  );
}

/** Settled calls that were billed more than they had reserved, by model, and by how much in total. */
export function aboveHoldOf(calls: readonly CallUse[]): AboveHold[] {
  const concerned = calls.filter((call) => isSettled(call) && excessOf(call).some((excess) => excess > 0));
  return grouped(concerned, ({ provider, model }) => ({ provider, model })).map(([key, group]) => {
    const total = (at: 0 | 1 | 2) => group.reduce((sum, call) => sum + excessOf(call)[at], 0);
    return { ...key, calls: group.length, input_tokens: total(0), output_tokens: total(1), ...costFields(total(2)) };
  });
}

/** Input, output and cost above the hold, each 0 or more. */
function excessOf({ usage, hold, cost_nano_usd: cost }: CallUse): readonly [number, number, number] {
  const above = (billed: number, held: number) => Math.max(0, billed - held);
  return [
    above(usage.input_tokens, hold.input_tokens),
    above(usage.output_tokens, hold.output_tokens),
    above(cost, hold.cost_nano_usd),
  ];
}

function isClamped(call: CallUse): boolean {
  return call.output_bound_from !== undefined;
}

/** Whether a call counts towards totals and limits. */
export function isSettled(call: CallUse): boolean {
  return call.outcome === 'settled';
}

/** Items under equal keys together, in the order in which each key first came. */
function grouped<Item, Key extends object>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): readonly (readonly [Key, readonly Item[]])[] {
  const groups = new Map<string, readonly [Key, Item[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const name = JSON.stringify(Object.values(key));
    const group = groups.get(name) ?? ([key, []] as const);
    group[1].push(item);
    groups.set(name, group);
  }
  return [...groups.values()];
}
