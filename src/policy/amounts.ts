/**
 * Amounts as people write them in a policy, read from the text: 50_000, 50k, 1.5M, 30s, 80%. Each function returns
 * undefined where the text is not an amount or the result passes 2^53 − 1.
 */
import { parseUsd, scaleDecimal, type NanoUsd } from '../domain/money.js';

const AMOUNT = /^\+?(\d+(?:_\d+)*(?:\.\d*)?|\.\d+)([kKM]?)((?:e[-+]?\d{1,3})?)$/;
const SUFFIX_DIGITS: Readonly<Record<string, number>> = { '': 0, k: 3, K: 3, M: 6 };

/** A whole number of tokens or calls, 0 to 2^53 − 1. */
export function parseCount(text: string): number | undefined {
  const decimal = toDecimal(text);
  // Scaling rounds up; 1.5 calls are a mistake, not 2.
  return decimal === undefined || !isWhole(decimal) ? undefined : scaleDecimal(decimal, 0);
}

function isWhole(decimal: string): boolean {
  const [digits = '', exponent = '0'] = decimal.split('e');
  const fraction = digits.split('.')[1] ?? '';
  const missing = fraction.length - Number(exponent);
  const all = digits.replace('.', '');
  return missing <= 0 || /^0*$/.test(all) || all.endsWith('0'.repeat(missing));
}

/** USD to nano-USD, rounded up. */
export function parseAmount(text: string): NanoUsd | undefined {
  const decimal = toDecimal(text);
  return decimal === undefined ? undefined : parseUsd(decimal);
}

/**
 * An amount times 10^digits as an integer, rounded up: the rates of a policy come in several units.
 */
export function parseScaled(text: string, digits: number): number | undefined {
  const decimal = toDecimal(text);
  return decimal === undefined ? undefined : scaleDecimal(decimal, digits);
}

/** A time as 500ms, 30s, 2m or a plain number of seconds, in ms, rounded up. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(.*?)(ms|s|m|)$/.exec(text) ?? [];
  const decimal = amount === undefined ? undefined : toDecimal(amount);
  if (decimal === undefined) return undefined;
  if (unit === 'ms') return scaleDecimal(decimal, 0);
  const ms = scaleDecimal(decimal, 3);
  return ms === undefined || unit !== 'm' ? ms : ms * 60;
}

/** A share, written 80% or 0.8, as a number from 0 to 1. */
export function parsePart(text: string): number | undefined {
  const percent = text.endsWith('%');
  const value = Number(percent ? text.slice(0, -1) : text) / (percent ? 100 : 1);
  return value >= 0 && value <= 1 ? value : undefined;
}

/** The plain decimal that money.ts reads: no underscores, a digit before the point, the suffix as an exponent. */
function toDecimal(text: string): string | undefined {
  const [, digits, suffix, exponent] = AMOUNT.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const shift = (SUFFIX_DIGITS[suffix ?? ''] ?? 0) + Number((exponent ?? '').slice(1));
  const plain = digits.replaceAll('_', '').replace(/^\./, '0.').replace(/\.$/, '');
  return `${plain}e${shift}`;
}
