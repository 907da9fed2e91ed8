/**
 * The machine for JSON texts as a table for two bytes at a time: a step costs one look into it, whatever it counts.
 */
import { CLASS_NAMES, CLASS_OF, NOTHING, START, stepOf, type Added, type State } from './text-machine.js';

/** Bits of a class. */
export const CLASS_BITS = 4;

/**
 * The machine's table, for pairs of bytes and for single ones: at a state and what is read, the next state (in the high 16
 * bits, ready to be joined with what is read then) and the number of what was added (in the low 16). It starts at 0.
 */
export interface Machine {
  /** Of bytes, by their number. */
  readonly classes: Uint8Array;
  readonly pairs: Int32Array;
  readonly singles: Int32Array;
  readonly added: readonly Added[];
}

let made: Machine | undefined;

/** Made when a text is first read: not every run has one whose measure matters. */
export function machine(): Machine {
  return (made ??= makeMachine());
}

function makeMachine(): Machine {
  const sums = numbered<Added>(NOTHING);
  const singles = singlesOf(sums);
  const sumOf = remembered((both) => {
    return sums.of(sum(sums.all[both >> 8] ?? NOTHING, sums.all[both & 0xff] ?? NOTHING));
  });
  const pairs = singles.map((_, at) => {
    const [state, read] = [at & ~PAIR, at & PAIR];
    const first = singles[state | (read >> CLASS_BITS)] ?? 0;
    const second = singles[(first >>> 16) | (read & CLASS)] ?? 0;
    return ((second & 0xffff0000) | sumOf(((first & 0xffff) << 8) | (second & 0xffff))) >>> 0;
  });
  return { classes: CLASS_OF, pairs, singles, added: sums.all };
}

const CLASS = (1 << CLASS_BITS) - 1;
const PAIR = (1 << (2 * CLASS_BITS)) - 1;

/** The steps for single bytes. Each state that one leads to joins the list, until none is new. */
function singlesOf(sums: Numbered<Added>): Int32Array {
  const states = numbered<State>(START);
  const steps: number[] = [];
  for (let number = 0; number < states.all.length; number += 1) {
    for (const [read, name] of CLASS_NAMES.entries()) {
      const { next, added } = stepOf(states.all[number] ?? START, name);
      steps[(number << (2 * CLASS_BITS)) | read] = entry(states.of(next), sums.of(added));
    }
  }
  return Int32Array.from({ length: states.all.length << (2 * CLASS_BITS) }, (_, at) => steps[at] ?? 0);
}

function remembered(make: (key: number) => number): (key: number) => number {
  const known = new Map<number, number>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}

function entry(state: number, added: number): number {
  return ((state << (16 + 2 * CLASS_BITS)) | added) >>> 0;
}

function sum(a: Added, b: Added): Added {
  const total: Record<keyof Added, number> = { ...a };
  for (const key of Object.keys(NOTHING) as (keyof Added)[]) total[key] += b[key];
  return total;
}

interface Numbered<T> {
  readonly all: readonly T[];
  /** Gives a value that is new the next number. */
  readonly of: (value: T) => number;
}

function numbered<T extends object>(first: T): Numbered<T> {
  const all: T[] = [];
  const numbers = new Map<string, number>();
  const of = (value: T): number => {
    const key = JSON.stringify(Object.entries(value).sort());
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, all.push(value) - 1);
    return all.length - 1;
  };
  of(first);
  return { all, of };
}
