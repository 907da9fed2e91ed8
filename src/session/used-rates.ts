/** Which of the policy's rates some call was priced by: one with a misspelt name is none, and nobody would notice. */
import { compilePattern } from '../domain/pattern.js';
import type { PolicyRate } from '../domain/policy.js';

/** Names come from the command: past this many the memory of them starts anew. */
const REMEMBERED = 2_000;
const MOST_NAMED = 5;

export class UsedRates {
  readonly #all: number;
  readonly #unused: Map<PolicyRate, (model: string) => boolean>;
  readonly #seen = new Set<string>();

  constructor(rates: readonly PolicyRate[]) {
    this.#all = rates.length;
    this.#unused = new Map(rates.map((rate) => [rate, compilePattern(rate.pattern)]));
  }

  /** A call asked for the price of a model of this name. */
  saw(model: string): void {
    if (this.#unused.size === 0 || this.#seen.has(model)) return;
    if (this.#seen.size >= REMEMBERED) this.#seen.clear();
    this.#seen.add(model);
    for (const [rate, matches] of this.#unused) if (matches(model)) this.#unused.delete(rate);
  }

  /** The rates that no call matched, in a sentence; undefined where there are none, or no call asked for any. */
  unused(): string | undefined {
    const rates = [...this.#unused.keys()];
    if (rates.length === 0 || this.#seen.size === 0) return undefined;
    const named = rates
      .slice(0, MOST_NAMED)
      .map(({ pattern, at }) => `${pattern}${at === undefined ? '' : ` at ${at}`}`);
    const more = rates.length > MOST_NAMED ? ` and ${rates.length - MOST_NAMED} more` : '';
    const which = this.#all === 1 ? "the policy's one rate" : `${rates.length} of the policy's ${this.#all} rates`;
    return `no call matched ${which}: ${named.join(', ')}${more}`;
  }
}
