/** Numbers for people. A share of a ceiling is never rounded across the ceiling: 100% means reached, more means passed. */
import { usdDecimal, type NanoUsd } from '../domain/money.js';

const THOUSANDS = /\B(?=(?:\d{3})+$)/g;
const SMALL_USD_DIGITS = 3;
const BAR_FULL = '█';
const BAR_EMPTY = '░';

/** A whole number with its thousands apart: 31204 → "31,204". */
export function count(value: number): string {
  return value.toFixed(0).replace(THOUSANDS, ',');
}

/** A count with its noun, which takes an s unless the count is 1: "1 call", "1,204 calls". */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Money that was spent, short: two decimals from 10 cents up, three significant digits below: "$0.42", "$0.000123". */
export function usd(nano: NanoUsd): string {
  const amount = nano / 1e9;
  if (nano === 0 || amount >= 0.1) return `$${withThousands(amount.toFixed(2))}`;
  const places = Math.min(9, SMALL_USD_DIGITS - 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(places).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** Money that was spent; "at least" so much where the cost of some calls is incomplete. */
export function spentUsd(nano: NanoUsd, incomplete = 0): string {
  return atLeast(usd(nano), incomplete > 0);
}

/** An amount; "at least" so much where only a part is known. */
export function atLeast(words: string, isPart: boolean): string {
  return isPart ? `at least ${words}` : words;
}

/** Money that was spent, next to a limit: in cents where the limit is 10 cents or more. */
export function usdBeside(nano: NanoUsd, ceiling: NanoUsd): string {
  return ceiling >= 1e8 && nano >= 1e7 ? `$${withThousands((nano / 1e9).toFixed(2))}` : usd(nano);
}

/** Money as somebody set it, to the last digit: "$1.50", "$0.0000005". */
export function exactUsd(nano: NanoUsd): string {
  return `$${withThousands(usdDecimal(nano))}`;
}

/**
 * A share of a ceiling: "80%". Rounded down up to the ceiling and up beyond it, so that "100%" is said of an exact fit
 * alone; a ceiling of 0 is reached by using nothing.
 */
export function percent(used: number, ceiling: number): string {
  if (used === ceiling) return '100%';
  if (ceiling === 0) return '>999%';
  const share = (used / ceiling) * 100;
  if (used > ceiling) return share > 999 ? '>999%' : `${Math.max(101, Math.ceil(share))}%`;
  return share > 0 && share < 1 ? '<1%' : `${Math.min(99, Math.floor(share))}%`;
}

/** A share of a ceiling as text of `width` characters; full where the ceiling is reached, and not before. */
export function bar(used: number, ceiling: number, width: number): string {
  const reached = used >= ceiling;
  const exact = reached ? width : (used / ceiling) * width;
  const filled = reached ? width : Math.min(width - 1, Math.max(used > 0 ? 1 : 0, Math.round(exact)));
  return BAR_FULL.repeat(filled) + BAR_EMPTY.repeat(width - filled);
}

/** A time span from ms: "850 ms", "1.2 s", "2 min 31 s", "1 h 5 min". */
export function duration(ms: number): string {
  if (ms < 1000) return `${count(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${count(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

function withThousands(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return `${whole.replace(THOUSANDS, ',')}.${fraction}`;
}
