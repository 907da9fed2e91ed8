/**
 * Compiles the price table of the installed @pydantic/genai-prices into src/meter/prices.generated.ts: integers of
 * pico-USD per token, one model a line, so that a price change reads as a one-line difference.
 *
 *   node scripts/prices.mjs [FILE]
 *
 * Nothing is fetched: before any update is asked for, the package's `waitForUpdate` resolves to the data it ships.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { waitForUpdate } from '@pydantic/genai-prices';

const NAME = '@pydantic/genai-prices';
const TARGET = new URL('../src/meter/prices.generated.ts', import.meta.url);

/** The package states no date for its data, so each version we compile is dated by its publication. */
const PUBLISHED = { '0.1.8': '2026-09-23' };

const TOKEN_KEYS = ['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok'];

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(process.argv[2] ?? TARGET, await compilePrices());
}

/** The text of prices.generated.ts for the installed package. */
export async function compilePrices() {
  const version = installedVersion();
  const date = PUBLISHED[version];
  if (!date) throw new Error(`${NAME} ${version} has no date: add the day it was published to PUBLISHED in this file`);
  const providers = await waitForUpdate();
  return [
    `// Compiled from ${NAME} ${version} (MIT licence, Pydantic Services Inc.) by scripts/prices.mjs: do not edit.`,
    "import type { ProviderPrices } from './price-table.js';",
    '',
    `export const SOURCE = '${NAME} ${version}';`,
    `export const DATE = '${date}';`,
    '',
    'export const PROVIDERS: Readonly<Record<string, ProviderPrices>> = {',
    ...providers.map(providerText),
    '};',
    '',
  ].join('\n');
}

function installedVersion() {
  const manifest = new URL('../package.json', import.meta.resolve(NAME));
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** Each provider's rows stand in a function, so that start-up does not pay for tables that a run never asks. */
function providerText(provider) {
  const aliases = provider.provider_match ? `, aliases: ${JSON.stringify(matchOf(provider.provider_match))}` : '';
  const rows = provider.models.map((model) => `      ${JSON.stringify(rowOf(model))},`);
  return [
    `  ${JSON.stringify(provider.id)}: {`,
    `    fallbacks: ${JSON.stringify(provider.fallback_model_providers ?? [])}${aliases},`,
    '    models: () => [',
    ...rows,
    '    ],',
    '  },',
  ].join('\n');
}

function rowOf(model) {
  const periods = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  return [matchOf(model.match), ...periods.map((period) => periodOf(period, model.id))];
}

function periodOf({ constraint, prices }, id) {
  const card = cardOf(prices, id);
  if (!constraint) return { card };
  if (constraint.type === 'start_date') return { from: constraint.start_date, card };
  if (constraint.type !== 'time_of_date') throw new Error(`${id}: unknown constraint ${JSON.stringify(constraint)}`);
  return { daily: [secondOfDay(constraint.start_time), secondOfDay(constraint.end_time)], card };
}

function secondOfDay(time) {
  const match = /^(\d\d):(\d\d):(\d\d)Z$/.exec(time);
  if (!match) throw new Error(`time of day is not in whole seconds of UTC: ${time}`);
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

/** Empty where the package states no price for tokens. */
function cardOf(prices, id) {
  if (prices.input_mtok === undefined && prices.output_mtok === undefined) return [];
  const starts = tierStarts(prices, id);
  return [ratesOf(prices, id, 0), ...starts.map((start) => [start, ratesOf(prices, id, start + 1)])];
}

function tierStarts(prices, id) {
  const tiers = TOKEN_KEYS.flatMap((key) => prices[key]?.tiers ?? []);
  const starts = [...new Set(tiers.map((tier) => tier.start))].sort((a, b) => a - b);
  if (starts.some((start) => start < 1)) throw new Error(`${id}: a tier from the first token on`);
  return starts;
}

/** The five rates that a call of this many input tokens pays, what is not stated filled in as a bill would. */
function ratesOf(prices, id, input) {
  const [inputRate, outputRate, read, write, write1h] = TOKEN_KEYS.map((key) => picoAt(prices[key], input));
  const cacheWrite = write ?? inputRate ?? 0;
  // Anthropic bills a one-hour cache write at twice the input price, wherever Claude is hosted:
  // https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing
  const hour = id.includes('claude') ? Math.max(2 * (inputRate ?? 0), cacheWrite) : cacheWrite;
  return [inputRate ?? 0, outputRate ?? 0, read ?? inputRate ?? 0, cacheWrite, write1h ?? hour];
}

function picoAt(price, input) {
  if (price === undefined) return undefined;
  if (typeof price === 'number') return pico(price);
  const tiers = [...price.tiers].sort((a, b) => a.start - b.start);
  return pico(tiers.findLast((tier) => input > tier.start)?.price ?? price.base);
}

/** USD per 1M tokens in pico-USD per token, rounded up after the noise of binary fractions is taken off. */
function pico(usd) {
  const scaled = Math.ceil(Number((usd * 1e6).toPrecision(12)));
  if (!Number.isSafeInteger(scaled) || scaled < 0) throw new Error(`no rate: ${usd}`);
  return scaled;
}

function matchOf(match) {
  const [[kind, value]] = Object.entries(match);
  if (kind === 'equals') return value.toLowerCase();
  if (kind === 'or') return value.length === 1 ? matchOf(value[0]) : value.map(matchOf);
  if (kind === 'and') return { all: value.map(matchOf) };
  if (kind === 'regex') return { regex: value };
  const names = { starts_with: 'starts', ends_with: 'ends', contains: 'has' };
  if (!names[kind]) throw new Error(`unknown match rule: ${JSON.stringify(match)}`);
  return { [names[kind]]: value.toLowerCase() };
}
