/** What a model costs as rows of a table, for people: text, longer inputs, audio and images, fees and service tiers. */
import { feeDecimal, ONE, rateDecimal, type PicoUsdPerToken } from '../domain/money.js';
import type { RateCard, Rates } from '../domain/rate.js';

/** The heads of a table of `rateRows`, and the side each column is aligned to. */
export const RATE_HEADER = ['MODEL', 'INPUT', 'OUTPUT', 'CACHE READ', 'CACHE WRITE', 'CACHE WRITE 1H', 'SOURCE'];
/** See `RATE_HEADER`. */
export const RATE_SIDES = ['left', 'right', 'right', 'right', 'right', 'right', 'left'] as const;

/** The rows of a rate card, in USD per 1M tokens; `from` says where the rates come from. */
export function rateRows(name: string, card: RateCard, from: string): readonly string[][] {
  return [
    textRow(plain(name), card, from),
    ...card.tiers.map((tier) => textRow(`  above ${grouped(tier.above)} input`, tier, from)),
    ...mediaRow('audio', card.audioIn, card.audioOut, card.audioCached),
    ...mediaRow('images', card.imageIn, card.imageOut, card.imageCached),
    ...mediaRow('reasoning', undefined, card.reasoning, undefined),
    ...notes(card).map((note) => [`  ${note}`]),
  ];
}

function textRow(name: string, rates: Rates, from: string): string[] {
  const amounts = [rates.input, rates.output, rates.cacheRead, rates.cacheWrite, rates.cacheWrite1h];
  return [name, ...amounts.map(amount), plain(from)];
}

function mediaRow(name: string, ...rates: readonly (PicoUsdPerToken | undefined)[]): string[][] {
  if (rates.every((rate) => rate === undefined)) return [];
  return [[`  ${name}`, ...rates.map((rate) => (rate === undefined ? '' : amount(rate)))]];
}

function amount(rate: PicoUsdPerToken): string {
  return groupedUsd(rateDecimal(rate));
}

const UNITS: Readonly<Record<string, string>> = {
  ...{ call: 'call', searches: 'search', fileSearches: 'file search', pages: 'page', annotatedPages: 'annotated page' },
  ...{ mapSearches: 'map search', enterpriseSearches: 'enterprise search', containers: 'container' },
  toolCalls: 'other tool call',
  ...{ seconds: 'second', characters: 'character', images: 'image', searchUnits: 'search unit' },
};

const FACTORS: Readonly<Record<string, string>> = { longCache: '12-hour cache write: input' };

/** Lines for fees and factors, which are not rates per token. */
function notes({ fees = {}, factors = {} }: RateCard): readonly string[] {
  const units = Object.entries(fees).map(([unit, pico]) => `${feeDecimal(pico)} USD per ${UNITS[unit] ?? unit}`);
  const tiers = Object.entries(factors).map(
    ([tier, factor]) => `${FACTORS[tier] ?? tier} ×${Number((factor / ONE).toFixed(4))}`,
  );
  return [...units, ...(tiers.length > 0 ? [tiers.join(', ')] : [])];
}

/** Rows as lines with aligned columns, indented by two; a row of one cell runs across them. */
export function table(rows: readonly (readonly string[])[], sides: readonly ('left' | 'right')[]): string {
  const columns = rows.filter((row) => row.length > 1);
  const widths = sides.map((_, column) => Math.max(...columns.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => padded(cell, widths[column] ?? 0, sides[column])).join('  ');
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

function padded(cell: string, width: number, side: 'left' | 'right' | undefined): string {
  return side === 'right' ? cell.padStart(width) : cell.padEnd(width);
}

/** A name from outside that is safe to print in a terminal. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

/** A whole number with its thousands apart: 31204 → 31,204. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** Thousands of an exact decimal string: 1234.50 → 1,234.50. */
export function groupedUsd(decimal: string): string {
  const [whole = '0', fraction = '00'] = decimal.split('.');
  return `${BigInt(whole).toLocaleString('en-US')}.${fraction}`;
}
