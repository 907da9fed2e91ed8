/**
 * Compiles the price table of the installed @pydantic/genai-prices into src/meter/prices.generated.ts: integers of
 * pico-USD per token, one model a line, so that a price change reads as a one-line difference.
 *
 *   node scripts/prices.mjs [FILE]
 *   npm run prices:update     after an update of the package: finds out its date first, by asking npm
 *
 * No price is fetched: before any update is asked for, the package's `waitForUpdate` resolves to the data it ships.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { waitForUpdate } from '@pydantic/genai-prices';

const NAME = '@pydantic/genai-prices';
const TARGET = new URL('../src/meter/prices.generated.ts', import.meta.url);

/** The package states no date for its data, so each version that we compile is dated by its publication. */
const DATES = new URL('price-dates.json', import.meta.url);

const TEXT_KEYS = ['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok'];

/** What is not plain text, by the name that the table gives its rate. Video is billed as what it is part of. */
const MEDIA_KEYS = {
  audioIn: 'input_audio_mtok',
  audioCached: 'cache_audio_read_mtok',
  imageIn: 'input_image_mtok',
  imageCached: 'cache_image_read_mtok',
  audioOut: 'output_audio_mtok',
  imageOut: 'output_image_mtok',
  reasoning: 'output_reasoning_mtok',
};
const TOKEN_KEYS = [...TEXT_KEYS, ...Object.values(MEDIA_KEYS)];

/** Units beside the token: how many of them the package's price is for. The first key that is stated decides. */
const FEE_KEYS = {
  call: [['requests_kcount', 1e3]],
  searches: [['web_searches_kcount', 1e3]],
  fileSearches: [['storage_searches_kcount', 1e3]],
  pages: [['input_document_kpages', 1e3]],
  annotatedPages: [
    ['input_annotated_document_kpages', 1e3],
    ['input_document_kpages', 1e3],
  ],
  seconds: [
    ['input_audio_hours', 3600],
    ['audio_hours', 3600],
  ],
  characters: [['input_mchars', 1e6]],
  searchUnits: [['rerank_searches_kcount', 1e3]],
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();

async function main() {
  const { values, positionals } = parseArgs({ options: { date: { type: 'boolean' } }, allowPositionals: true });
  if (values.date) noteDate();
  writeFileSync(positionals[0] ?? TARGET, await compilePrices());
}

/** Asks npm when the installed version was published, and keeps the answer. */
function noteDate() {
  const version = installedVersion();
  const known = knownDates();
  if (known[version]) return;
  const times = JSON.parse(execFileSync('npm', ['view', NAME, 'time', '--json'], { encoding: 'utf8' }));
  const dates = { ...known, [version]: times[version].slice(0, 10) };
  writeFileSync(DATES, `${JSON.stringify(dates, null, 2)}\n`);
}

function knownDates() {
  return JSON.parse(readFileSync(DATES, 'utf8'));
}

/** The text of prices.generated.ts for the installed package. */
export async function compilePrices() {
  const version = installedVersion();
  const date = knownDates()[version];
  if (!date) throw new Error(`${NAME} ${version} has no date yet: run \`npm run prices:update\``);
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
  return { ...validityOf(constraint, id), card: cardOf(prices, id), ...feesOf(prices) };
}

function validityOf(constraint, id) {
  if (!constraint) return {};
  if (constraint.type === 'start_date') return { from: constraint.start_date };
  if (constraint.type !== 'time_of_date') throw new Error(`${id}: unknown constraint ${JSON.stringify(constraint)}`);
  return { daily: [secondOfDay(constraint.start_time), secondOfDay(constraint.end_time)] };
}

function feesOf(prices) {
  const stated = Object.entries(FEE_KEYS).flatMap(([name, keys]) => {
    const [key, units] = keys.find(([each]) => prices[each] !== undefined) ?? [];
    // An amount per million is one millionth of it each: the same scaling as for a token.
    return key === undefined ? [] : [[name, pico((prices[key] / units) * 1e6)]];
  });
  return stated.length === 0 ? {} : { fees: Object.fromEntries(stated) };
}

function secondOfDay(time) {
  const match = /^(\d\d):(\d\d):(\d\d)Z$/.exec(time);
  if (!match) throw new Error(`time of day is not in whole seconds of UTC: ${time}`);
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

/** Empty where the package states no price; what bills by other units alone has tokens that are free. */
function cardOf(prices, id) {
  const priced = TOKEN_KEYS.some((key) => prices[key] !== undefined);
  if (!priced && Object.keys(feesOf(prices)).length === 0) return [];
  const starts = tierStarts(prices, id);
  return [ratesOf(prices, id, 0), ...starts.map((start) => [start, ratesOf(prices, id, start + 1)])];
}

function tierStarts(prices, id) {
  const tiers = TOKEN_KEYS.flatMap((key) => prices[key]?.tiers ?? []);
  const starts = [...new Set(tiers.map((tier) => tier.start))].sort((a, b) => a - b);
  if (starts.some((start) => start < 1)) throw new Error(`${id}: a tier from the first token on`);
  return starts;
}

/** The rates that a call of this many input tokens pays, what is not stated filled in as a bill would. */
function ratesOf(prices, id, input) {
  const [inputRate, outputRate, read, write, write1h] = TEXT_KEYS.map((key) => picoAt(prices[key], input));
  const cacheWrite = write ?? inputRate ?? 0;
  // Anthropic bills a one-hour cache write at twice the input price, wherever Claude is hosted:
  // https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing
  const hour = id.includes('claude') ? Math.max(2 * (inputRate ?? 0), cacheWrite) : cacheWrite;
  const media = mediaOf(prices, input, read);
  return [
    inputRate ?? 0,
    // A model that makes video alone states no other price; its tokens are not free.
    outputRate ?? picoAt(prices.output_video_mtok, input) ?? 0,
    read ?? inputRate ?? 0,
    cacheWrite,
    write1h ?? hour,
    ...(Object.keys(media).length > 0 ? [media] : []),
  ];
}

/** Rates of their own that sound, pictures and reasoning have; without a cached price, they cost the same cached. */
function mediaOf(prices, input, cacheRead) {
  const entries = Object.entries(MEDIA_KEYS).map(([name, key]) => [name, picoAt(prices[key], input)]);
  const stated = Object.fromEntries(entries.filter(([, rate]) => rate !== undefined));
  const { audioIn, imageIn } = stated;
  if (cacheRead !== undefined) return stated;
  return {
    ...(audioIn === undefined ? {} : { audioCached: audioIn }),
    ...(imageIn === undefined ? {} : { imageCached: imageIn }),
    ...stated,
  };
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
