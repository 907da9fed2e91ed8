/**
 * The one normal form of what a call consumed, whichever provider reported it. `input` includes what was read from and
 * written to the provider's cache; `output` includes reasoning. All are whole tokens, 0 or more.
 */
export interface Usage {
  /** All tokens the model read: uncached + cacheRead + cacheWrite. */
  readonly input: number;
  /** All tokens it generated, reasoning and every choice included. */
  readonly output: number;
  /** Part of `input` that came from the provider's cache. */
  readonly cacheRead: number;
  /** Part of `input` written to the provider's cache, of any lifetime. */
  readonly cacheWrite: number;
  /** Part of `cacheWrite` with a lifetime of one hour (Anthropic bills it dearer than the five-minute kind). */
  readonly cacheWrite1h: number;
  /** Part of `output` spent on reasoning. */
  readonly reasoning: number;
}

/** Where a call's usage came from: the provider, our own count of the text, or the whole hold because it is unknown. */
export type UsageSource = 'reported' | 'estimated' | 'held';

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, reasoning: 0 };

/**
 * A Usage whose subsets hold: parts are cut to their whole, and what is no count becomes 0.
 * Providers send null, floats and (once in a while) negative counts; a ledger must not.
 */
export function usageOf(parts: { [K in keyof Usage]?: unknown }): Usage {
  const input = tokenCount(parts.input);
  const output = tokenCount(parts.output);
  const cacheRead = Math.min(tokenCount(parts.cacheRead), input);
  const cacheWrite = Math.min(tokenCount(parts.cacheWrite), input - cacheRead);
  return {
    input,
    output,
    cacheRead,
    cacheWrite,
    cacheWrite1h: Math.min(tokenCount(parts.cacheWrite1h), cacheWrite),
    reasoning: Math.min(tokenCount(parts.reasoning), output),
  };
}

/** A provider's count as a whole number of tokens from 0 to 2^53 − 1, rounded up; 0 where it is no count. */
export function tokenCount(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0)) return 0;
  return Math.min(Math.ceil(value), Number.MAX_SAFE_INTEGER);
}
