/**
 * What a pull request changes of a policy, field by field. Both copies are compared as resolved, so that another spelling
 * of the same amount does not count as a change; and by every member of a resolved policy, so that a field added later is
 * compared too. `test/policy/changes.test.ts` walks the schema to hold that.
 */
import { scopeName, type Limit } from '../domain/limit.js';
import { feeDecimal, ONE, rateDecimal, usdDecimal } from '../domain/money.js';
import type { Policy, PolicyRate } from '../domain/policy.js';
import type { RateCard } from '../domain/rate.js';
import { grouped, groupedUsd } from './rate-rows.js';

/** A field that differs between two copies of a policy; undefined where a copy says nothing of it. */
export interface PolicyChange {
  /** As the policy names it: `reserve.wait`, `rates.gpt-4o`; a limit as a report does: `tokens`, `models.gpt-*.calls`. */
  readonly name: string;
  /** For a person to read. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** It lets more through, or may: of a field without a known order, nobody can tell. */
  readonly loosens: boolean;
}

/** One copy's value of one field. */
interface Value {
  readonly text: string;
  /** What can be compared with another copy's, where there is an order. */
  readonly amounts?: ReadonlyMap<string, number>;
}

/** All that a pull request changes, adds or takes away; what it loosens comes first. */
export function policyChanges(base: Policy, head: Policy): PolicyChange[] {
  const [before, after] = [valuesOf(base), valuesOf(head)];
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [from, to] = [before.get(name), after.get(name)];
    if (from?.text === to?.text) return [];
    return [{ name, from: from?.text, to: to?.text, loosens: isLooser(name, from, to) }];
  });
  return changes.toSorted((a, b) => Number(b.loosens) - Number(a.loosens));
}

/** Where a policy comes from is not part of what it says. */
const PLACE: ReadonlySet<string> = new Set<keyof Policy>(['file', 'hash']);

function valuesOf(policy: Policy): ReadonlyMap<string, Value> {
  return new Map([
    ...policy.limits.map(limitValue),
    ...policy.rates.map(rateValue),
    ...policy.upstreams.map(({ host, ...rest }) => [`upstreams.${host}`, { text: `{ ${textOf(rest)} }` }] as const),
    ...Object.entries(policy)
      .filter(([key]) => !PLACE.has(key) && !LISTS.has(key))
      .flatMap(([key, value]) => leavesOf(nameOf(key), value)),
  ]);
}

/** Lists of which each item is a field of its own. */
const LISTS: ReadonlySet<string> = new Set<keyof Policy>(['limits', 'rates', 'upstreams']);

function limitValue({ dimension, scope, ceiling }: Limit): readonly [string, Value] {
  const name = scope.kind === 'run' ? dimension : `${scopeName(scope)}.${dimension}`;
  const text = dimension === 'cost_usd' ? `$${groupedUsd(usdDecimal(ceiling))}` : grouped(ceiling);
  return [name, { text, amounts: new Map([[LIMIT, ceiling]]) }];
}

function rateValue({ pattern, card }: PolicyRate): readonly [string, Value] {
  const { fees = {}, factors = {} } = card;
  const numbers = [...perToken(card), ...Object.entries(fees), ...Object.entries(factors)];
  return [`rates.${pattern}`, { text: rateText(card), amounts: new Map(numbers) }];
}

/** In USD per 1M tokens, fees per unit; what a cache costs where that is not as other input. */
function rateText(card: RateCard): string {
  const { fees = {}, factors = {}, input } = card;
  const said = perToken(card).filter(([key, rate]) => !key.startsWith('cache') || rate !== input);
  return [
    ...said.map(([key, rate]) => `${nameOf(key)} ${rateDecimal(rate)}`),
    ...Object.entries(fees).map(([unit, fee]) => `${nameOf(unit)} ${feeDecimal(fee)}`),
    ...Object.entries(factors).map(([tier, factor]) => `${tier} ×${factor / ONE}`),
  ].join(', ');
}

function perToken(card: RateCard): (readonly [string, number])[] {
  return Object.entries(card).flatMap(([key, value]) => (typeof value === 'number' ? [[key, value] as const] : []));
}

/** The fields below a member, each by its own name. */
function leavesOf(name: string, value: unknown): (readonly [string, Value])[] {
  if (isPlainObject(value))
    return Object.entries(value).flatMap(([key, each]) => leavesOf(`${name}.${nameOf(key)}`, each));
  if (value === undefined) return [];
  // Times are kept in ms and written in seconds.
  if (name.endsWith('_ms')) return [[name.slice(0, -3), { text: `${Number(value) / 1000} s` }]];
  return [[name, { text: textOf(value) }]];
}

/** Anything that a policy may hold, as text. */
function textOf(value: unknown): string {
  if (value instanceof URL) return value.origin;
  if (value instanceof Map) return `{ ${textOf(Object.fromEntries(value))} }`;
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  if (!isPlainObject(value)) return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${nameOf(key)}: ${isPlainObject(each) ? `{ ${textOf(each)} }` : textOf(each)}`)
    .join(', ');
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** As files spell it: keyVariable → key_variable. Names with other characters are the user's own and stay. */
function nameOf(member: string): string {
  return /^[a-z]+([A-Z][a-z0-9]*|\d)+$/.test(member)
    ? member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : member;
}

/** Fields of which one word is stricter than another, the loosest first. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  on_exceed: ['warn', 'raise', 'halt'],
  unpriced: ['warn', 'refuse'],
  metering: ['known', 'strict'],
  keys: ['command', 'gateway'],
  'journal.fsync': ['false', 'true'],
};

/** Fields that decide nothing about what may be spent: what is run is what the pull request tries. */
const HARMLESS = /^(run|mlflow)(\.|$)/;

/** The amount of a limit, of which less is stricter; of a rate more is. */
const LIMIT = 'ceiling';

function isLooser(name: string, from: Value | undefined, to: Value | undefined): boolean {
  if (HARMLESS.test(name)) return false;
  const words = WORDS[name];
  if (words) return words.indexOf(to?.text ?? '') < words.indexOf(from?.text ?? '');
  const ceilings = [from, to].map((value) => value?.amounts?.get(LIMIT));
  if (ceilings.some((each) => each !== undefined)) return (ceilings[1] ?? Infinity) > (ceilings[0] ?? Infinity);
  if (name === 'warn_at') return Number(to?.text) > Number(from?.text);
  return !name.startsWith('rates.') || !isDearer(from?.amounts, to?.amounts);
}

/** Whether a rate has the same parts as before and none of them for less; one that is new or gone may cost less than the table's. */
function isDearer(from: Value['amounts'], to: Value['amounts']): boolean {
  const parts = [...(from ?? [])];
  return (
    parts.length > 0 && parts.length === to?.size && parts.every(([part, amount]) => (to.get(part) ?? -1) >= amount)
  );
}
