import type { CallFacts } from '../domain/call.js';

/** The parts of a bound; that on cost is the one of calls without a rate, whose answers state what they cost. */
export type Part = (typeof PARTS)[number];

/** All of them. */
export const PARTS = ['input', 'output', 'cost'] as const;

/** By how much a model's bill was above its bound, at most. */
interface Excess {
  /** Tokens, or nano-USD. */
  readonly amount: number;
  /** Part of the bound that was too low. */
  readonly share: number;
}

type Model = Pick<CallFacts, 'host' | 'model'>;

/**
 * What this run has learned of bounds that did not hold: of those on input by the rule of a model's maker, and of those on
 * output, which some servers do not keep to. From the first answer that reports more than its call held, every later call
 * to the model there holds as much more: the tokens of the worst excess, or its share of the bound.
 */
export class RaisedBounds {
  readonly #excess = new Map<string, Excess>();

  /** What is to be added to the bound of a call, by what is known of its model. */
  excess(call: Model, part: Part, bound: number): number {
    const { amount = 0, share = 0 } = this.#excess.get(keyOf(call, part)) ?? {};
    return Math.ceil(Math.min(Math.max(amount, bound * share), Number.MAX_SAFE_INTEGER - bound));
  }

  /** Whether anything is known of its bound. */
  knows(call: Model, part: Part): boolean {
    return this.#excess.has(keyOf(call, part));
  }

  /**
   * Takes note of an answer.
   * @param held what its call held, of which so much had been added by what was known when it came
   * @returns whether it was billed more than that
   */
  learn(call: Model, part: Part, { held, added }: { readonly held: number; readonly added: number }, billed: number) {
    if (billed <= held) return false;
    const { amount = 0, share = 0 } = this.#excess.get(keyOf(call, part)) ?? {};
    const bound = held - added;
    const excess = billed - bound;
    this.#excess.set(keyOf(call, part), {
      amount: Math.max(amount, excess),
      share: Math.max(share, excess / Math.max(1, bound)),
    });
    return true;
  }
}

function keyOf({ host, model }: Model, part: Part): string {
  return `${part} ${host} ${model}`;
}
