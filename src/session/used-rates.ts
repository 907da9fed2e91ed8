/** Which of the policy's rates some call was priced by: one with a misspelt name is none, and nobody would notice. */
import { compilePattern } from '../domain/pattern.js';
import type { PolicyRate } from '../domain/policy.js';
import { rateFinder } from '../meter/prices.js';

/** Names come from the command: past this many the memory of them starts anew. */
const REMEMBERED = 2_000;
const MOST_NAMED = 5;

/** The policy's rates, and which of them were used. */
export class UsedRates {
  readonly #rates: readonly PolicyRate[];
  readonly #unused: Map<PolicyRate, (model: string) => boolean>;
  readonly #seen = new Set<string>();

  constructor(rates: readonly PolicyRate[]) {
    this.#rates = rates;
    this.#unused = new Map(rates.map((rate) => [rate, compilePattern(rate.pattern)]));
  }

  /** Finds the price of a call's model, and remembers what was asked for. */
  finder(): ReturnType<typeof rateFinder> {
    const find = rateFinder(this.#rates);
    return (provider, requested, answered, at) => {
      this.saw(requested);
      if (answered !== undefined) this.saw(answered);
      return find(provider, requested, answered, at);
    };
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
    const which =
      this.#rates.length === 1
        ? "the policy's one rate"
        : `${rates.length} of the policy's ${this.#rates.length} rates`;
    return `no call matched ${which}: ${named.join(', ')}${more}`;
  }
}
