import type { CallFacts } from '../domain/call.js';

/** By how much a model's bill was above its bound, at most. */
interface Excess {
  /** Tokens. */
  readonly tokens: number;
  /** Part of the bound that was too low. */
  readonly share: number;
}

/**
 * What this run has learned of bounds on input that did not hold. From the first answer that reports more than its call
 * held, every later call to the model there holds as much more: the tokens of the worst excess, or its share of the bound.
 */
export class RaisedBounds {
  readonly #excess = new Map<string, Excess>();

  /** The bound of a call, raised by what is known of its model. */
  raised(call: Pick<CallFacts, 'host' | 'model'>, input: number): number {
    const { tokens = 0, share = 0 } = this.#excess.get(keyOf(call)) ?? {};
    return input + Math.ceil(Math.max(tokens, input * share));
  }

  /**
   * Takes note of an answer.
   * @returns whether its input was above the bound
   */
  learn(call: Pick<CallFacts, 'host' | 'model'>, held: number, billed: number): boolean {
    if (billed <= held) return false;
    const { tokens = 0, share = 0 } = this.#excess.get(keyOf(call)) ?? {};
    const excess = billed - held;
    this.#excess.set(keyOf(call), {
      tokens: tokens + excess,
      share: share + excess / Math.max(1, held),
    });
    return true;
  }
}

function keyOf({ host, model }: Pick<CallFacts, 'host' | 'model'>): string {
  return `${host} ${model}`;
}
