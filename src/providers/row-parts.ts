/** Short forms in which the rows state what many of them have. */
import type { Match } from '../domain/match.js';
import type { Rates } from '../domain/rate.js';
import type { Meter } from '../domain/usage.js';

/** Places of keys: OpenAI's clients use the first, Anthropic's the other. */
export const BEARER = ['authorization'] as const;
/** For providers that serve both formats. */
export const EITHER = ['authorization', 'x-api-key'] as const;

/** Pico-USD for each, of one USD for a thousand. */
export const PER_1K = 1_000_000_000;

/** The factor that halves a price. */
export const HALF = 500_000;

/** The names of OpenAI's search in requests; Bedrock's endpoint of its format takes them too. */
export const WEB_SEARCH = { regex: '^web_search(_\\d{4}_\\d\\d_\\d\\d)?$' };

/** Why no answer tells what code cost that ran at the provider. */
export const BY_TIME = 'code execution is billed by its time';

/**
 * A tool that is billed by a unit.
 * @param fee pico-USD for each
 */
export function billedTool(tool: Match, meter: Meter, fee: number, source: string) {
  return { tool, meter, fee, source };
}

/** A tool of which the tokens that it brings in are all that is billed. */
export function byTokens(tool: Match, source: string) {
  return { tool, source };
}

/** Rates from USD per 1M tokens: input, output, cache read and cache write; the last two are as input where left out. */
export function usdPerMillion([input = 0, output = 0, read = input, write = input]: readonly number[]): Rates {
  const [inputRate = 0, outputRate = 0, cacheRead = 0, cacheWrite = 0] = [input, output, read, write].map((usd) =>
    Math.ceil(usd * 1e6),
  );
  return { input: inputRate, output: outputRate, cacheRead, cacheWrite, cacheWrite1h: cacheWrite };
}
