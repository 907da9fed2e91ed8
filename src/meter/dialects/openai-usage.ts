import type { RefusalReason } from '../../domain/call.js';
import { usageOf, type Usage } from '../../domain/usage.js';
import { statedUsd, type NanoUsd } from '../../domain/money.js';
import { isObject, objectAt, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import type { Quirks } from '../../providers/quirks.js';
import type { Reported, ServiceWords } from './dialect.js';
import { undividedOf } from './parts.js';

/** What an answer or a chunk in one of OpenAI's formats reports, with the model that it names. */
export function openaiReported(answer: JsonObject, usage: Usage | undefined): Reported | undefined {
  const model = textOf(answer.model);
  const stated = objectAt(answer, 'usage');
  if (!usage) return undividedOf(stated, COUNTS, stated.total_tokens, model);
  const terms = {
    ...(answer.service_tier == null ? {} : { tier: answer.service_tier }),
    ...(keepsForHours(answer) && { longCache: true }),
  };
  const served = Object.keys(terms).length === 0 ? usage : usageOf({ ...usage, ...terms });
  return { usage: served, ...(model === undefined ? {} : { model }) };
}

const COUNTS = ['prompt_tokens', 'input_tokens', 'completion_tokens', 'output_tokens'];

/** The words of OpenAI's formats for a service tier, and for a cache that is kept for hours. */
export function openaiServiceWords(body: JsonObject): ServiceWords {
  return { tiers: [body.service_tier], longCache: keepsForHours(body) };
}

/** Minutes, as OpenAI writes the lifetime that is the standard one. */
const MINUTES = /^\s*\d{1,2}\s*m\s*$/i;

/** Whether a request or an answer of OpenAI's has its cache kept for longer than the standard 30 minutes. */
function keepsForHours(body: JsonObject): boolean {
  const { ttl } = objectAt(body, 'prompt_cache_options');
  return ttl != null && !(typeof ttl === 'string' && MINUTES.test(ttl));
}

/**
 * Usage as OpenAI's formats state it; undefined where it states no counts, or one that is none (a string, a negative
 * number): what is not known must not be taken for 0.
 *
 * Cached and reasoning tokens are parts of their totals, but some compatible providers (xAI, Perplexity) leave reasoning
 * out of `completion_tokens`; their `total_tokens` has it, so the larger of the two counts wins.
 */
export function openaiUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const input = usage.prompt_tokens ?? usage.input_tokens;
  const output = usage.completion_tokens ?? usage.output_tokens;
  if (input == null && output == null) return undefined;
  const stated = reportedCount(input ?? restOf(usage.total_tokens, output));
  const generated = reportedCount(output ?? 0);
  if (stated === undefined || generated === undefined) return undefined;
  const beside = besideTotals(usage);
  const read = stated + beside.read;
  const cached = cachedTokens(usage);
  const readDetails = detailsOf(usage, ['prompt_tokens_details', 'input_tokens_details', 'input_token_details']);
  const generatedDetails = detailsOf(usage, ['completion_tokens_details', 'output_tokens_details']);
  return usageOf({
    // More cached than read: this provider counts them apart.
    input: cached > read ? read + cached : read,
    output: Math.max(generated + beside.reasoned, (reportedCount(usage.total_tokens) ?? 0) - read),
    cacheRead: cached,
    cacheWrite: readDetails.cache_write_tokens,
    reasoning: generatedDetails.reasoning_tokens ?? beside.reasoned,
    ...mediaIn(readDetails, generatedDetails),
    meters: { searches: searchesIn(usage), seconds: usage.prompt_audio_seconds },
    tier: usage.service_tier,
    reportedCost: statedCost(usage),
  });
}

/** What a total leaves for the count that is not stated. */
function restOf(total: unknown, other: unknown): number {
  return Math.max(0, (reportedCount(total) ?? 0) - (reportedCount(other) ?? 0));
}

/** What two providers count beside the totals: Perplexity its citations and reasoning, Mistral what its tools read. */
function besideTotals(usage: JsonObject): { readonly read: number; readonly reasoned: number } {
  const count = (value: unknown) => reportedCount(value) ?? 0;
  const connected = count(usage.connector_tokens);
  if (!PERPLEXITY_COUNTS.some((key) => usage[key] !== undefined)) return { read: connected, reasoned: 0 };
  return { read: count(usage.citation_tokens), reasoned: count(usage.reasoning_tokens) };
}

const PERPLEXITY_COUNTS = ['num_search_queries', 'citation_tokens', 'search_context_size'];

function searchesIn(usage: JsonObject): number {
  const { web_search: plain, web_search_premium: premium } = objectAt(usage, 'connectors');
  // xAI's chat bills each source that its search used.
  const counts = [usage.num_search_queries, usage.num_sources_used, plain, premium];
  return counts.reduce((sum: number, count) => sum + (reportedCount(count) ?? 0), 0);
}

/** xAI's unit of money: ten to a nano-USD (docs.x.ai, cost tracking). */
const TICKS = 10;

/**
 * What the provider says that the call cost: xAI in ticks, Perplexity with its parts, OpenRouter in credits of a USD.
 * Where OpenRouter uses its client's own key, that is its fee alone, and the rest stands beside it, or nowhere.
 */
function statedCost(usage: JsonObject): NanoUsd | undefined {
  const ticks = reportedCount(usage.cost_in_usd_ticks);
  if (ticks) return Math.ceil(ticks / TICKS);
  const total = statedUsd(isObject(usage.cost) ? usage.cost.total_cost : usage.cost);
  if (total === undefined || usage.is_byok !== true) return total === 0 && usage.is_byok == null ? undefined : total;
  const upstream = statedUsd(objectAt(usage, 'cost_details').upstream_inference_cost);
  return upstream === undefined ? undefined : total + upstream;
}

/** Sound and pictures within the totals; most answers state 0 or nothing. */
function mediaIn(read: JsonObject, generated: JsonObject): Parameters<typeof usageOf>[0] {
  const cached = objectAt(read, 'cached_tokens_details');
  return {
    audioIn: read.audio_tokens,
    audioCached: cached.audio_tokens,
    imageIn: read.image_tokens,
    imageCached: cached.image_tokens,
    audioOut: generated.audio_tokens,
    imageOut: generated.image_tokens,
  };
}

/** The singular spelling and `num_cached_tokens` are Mistral's, `prompt_cache_hit_tokens` is DeepSeek's. */
function cachedTokens(usage: JsonObject): number {
  const details = detailsOf(usage, ['prompt_token_details', 'prompt_tokens_details', 'input_tokens_details']);
  const stated =
    details.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.num_cached_tokens ?? usage.cached_tokens;
  return reportedCount(stated) ?? 0;
}

function detailsOf(usage: JsonObject, keys: readonly string[]): JsonObject {
  return Object.assign({}, ...keys.map((key) => objectAt(usage, key))) as JsonObject;
}

/** A chunk in place of the next one: OpenAI's clients, and most others of its format, raise it as an error. */
export function openaiInterruption(message: string, provider: Pick<Quirks, 'errorShape'>): string {
  return `data: ${JSON.stringify(openaiRefusal(message, 'stopped', provider))}\n\n`;
}

/**
 * OpenAI's error shape; its official clients keep `code` as a property of the error. Providers that serve the format with a
 * shape of their own have clients that check it.
 */
export function openaiRefusal(
  message: string,
  reason: RefusalReason,
  { errorShape }: Pick<Quirks, 'errorShape'>,
): JsonObject {
  const code = reason === 'unmetered' || reason === 'unpriced' ? `token_budget_${reason}` : 'token_budget_exceeded';
  if (errorShape === 'flat') return { object: 'error', message, type: code, param: null, code: '402' };
  if (errorShape === 'numbered') return { error: { code: 402, message, metadata: { reason: code } } };
  return { error: { message, type: 'insufficient_quota', param: null, code, reason } };
}
