/**
 * Money is an integer number of nano-USD (1e-9 USD); it never passes through a float sum, so that an exact fit is never
 * called a breach. Rates are integers of pico-USD per token: one USD per 1M tokens is 1,000,000 pico-USD per token.
 */

/** Nano-USD, 0 to 2^53 − 1 (about 9 million USD). */
export type NanoUsd = number;

/** Pico-USD per token, 0 to 2^53 − 1. */
export type PicoUsdPerToken = number;

/** A factor on a price, 0 to 2^53 − 1: 500,000 halves it. */
export type PartsPerMillion = number;

/** The factor that leaves a price as it is. */
export const ONE: PartsPerMillion = 1_000_000;

const NANO_DIGITS = 9;
const PICO_PER_TOKEN_DIGITS = 6;
const DECIMAL = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i;

/**
 * A decimal amount times 10^digits as an integer, rounded up.
 * @returns undefined where the text is not a plain non-negative decimal or the result passes 2^53 − 1
 */
export function scaleDecimal(text: string, digits: number): number | undefined {
  const match = DECIMAL.exec(text.trim());
  if (!match) return undefined;
  const fraction = match[2] ?? '';
  const shift = digits + Number(match[3] ?? 0) - fraction.length;
  if (Math.abs(shift) > 60) return undefined;
  const all = BigInt(`${match[1] ?? ''}${fraction}`);
  const scaled = shift >= 0 ? all * 10n ** BigInt(shift) : ceilDivide(all, 10n ** BigInt(-shift));
  return scaled <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(scaled) : undefined;
}

/** USD (as a person writes it) to nano-USD, rounded up; undefined where it is not an amount. */
export function parseUsd(text: string): NanoUsd | undefined {
  return scaleDecimal(text, NANO_DIGITS);
}

/**
 * An amount of USD as a provider states it, a JSON number, to nano-USD, rounded up after the noise of binary fractions is
 * taken off; undefined where it is none.
 */
export function statedUsd(value: unknown): NanoUsd | undefined {
  return typeof value === 'number' && value >= 0 ? parseUsd(Number(value.toPrecision(15)).toString()) : undefined;
}

/** USD per 1M tokens to pico-USD per token, rounded up; undefined where it is not a rate. */
export function parseRate(text: string): PicoUsdPerToken | undefined {
  return scaleDecimal(text, PICO_PER_TOKEN_DIGITS);
}

/** Nano-USD as an exact decimal string of USD with at least two decimals: 420000000 → "0.42". */
export function usdDecimal(nano: NanoUsd): string {
  return decimal(nano, NANO_DIGITS);
}

/** A rate as USD per 1M tokens, an exact decimal string: 2500000 → "2.50". */
export function rateDecimal(pico: PicoUsdPerToken): string {
  return decimal(pico, PICO_PER_TOKEN_DIGITS);
}

/** A fee in pico-USD as an exact decimal string of USD: 10^10 → "0.01". */
export function feeDecimal(pico: number): string {
  return decimal(pico, 12);
}

/** A number of tokens, or of other units, with the price of one in pico-USD. */
export interface Part {
  readonly tokens: number;
  readonly rate: PicoUsdPerToken;
}

/**
 * tokens × rate summed over parts, times all factors, and fees on top; in nano-USD, rounded up once for the whole call.
 */
export function costOf(
  parts: readonly Part[],
  fees: readonly Part[] = [],
  factors: readonly PartsPerMillion[] = [],
): NanoUsd {
  const scaled = factors.reduce((total, factor) => total * BigInt(factor), picoOf(parts));
  const unit = BigInt(ONE) ** BigInt(factors.length);
  const nano = ceilDivide(scaled + picoOf(fees) * unit, 1000n * unit);
  return nano > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(nano);
}

function picoOf(parts: readonly Part[]): bigint {
  return parts.reduce((sum, { tokens, rate }) => (tokens === 0 ? sum : sum + BigInt(tokens) * BigInt(rate)), 0n);
}

/** An integer as a decimal with its point so many digits from the right. */
function decimal(value: number, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '').padEnd(2, '0');
  return `${digits.slice(0, -places)}.${fraction}`;
}

function ceilDivide(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}
