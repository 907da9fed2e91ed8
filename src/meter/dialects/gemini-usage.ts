/** What Google's formats have in common: how they state usage and bounds, where they name the model, how they refuse. */
import type { RefusalReason } from '../../domain/call.js';
import { tokenCount, usageOf, type Usage } from '../../domain/usage.js';
import { isObject, objectAt, reportedCount, textOf, type JsonObject, numberIn } from '../../lib/json.js';
import type { Headers, Members, ServiceWords, StatedBound } from './dialect.js';

/**
 * The model that a path names, as in `…/publishers/google/models/NAME:generateContent`. A tuned one (`tunedModels/NAME`)
 * and an endpoint (`endpoints/ID`) keep their kind, since their names say nothing of what they run.
 */
export function modelOfPath(path: string): string {
  const [, kind = '', name = ''] = /\/(models|tunedModels|endpoints)\/([^/:]+):\w+$/.exec(path) ?? [];
  return kind === '' || kind === 'models' ? decoded(name) : `${kind}/${decoded(name)}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * Usage as `usageMetadata` states it: tokens of tools come on top of the prompt's and thoughts on top of the answer's,
 * while cached ones are a part of the prompt's. A count that is 0 is left out, so an answer that was blocked has none;
 * without the prompt's, or with one that is not a count, usage is unknown.
 */
export function geminiUsage(stated: JsonObject, headers: Headers): Usage | undefined {
  const prompt = reportedCount(stated.promptTokenCount);
  const rest = countsOf(stated, ['toolUsePromptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount']);
  if (prompt === undefined || !rest) return undefined;
  const [tools = 0, candidates = 0, thoughts = 0] = rest;
  const total = reportedCount(stated.totalTokenCount) ?? 0;
  const read = [stated.promptTokensDetails, stated.toolUsePromptTokensDetails];
  return usageOf({
    input: prompt + tools,
    output: Math.max(candidates + thoughts, total - prompt - tools),
    cacheRead: stated.cachedContentTokenCount,
    reasoning: thoughts,
    ...mediaIn(read, [stated.cacheTokensDetails], [stated.candidatesTokensDetails]),
    // Vertex names the tier with the usage, the Gemini API in a header.
    tier: stated.trafficType ?? stated.serviceTier ?? headers['x-gemini-service-tier'],
  });
}

/** Google's words for a service tier; Vertex has it in a header. */
export function geminiServiceWords({ serviceTier, service_tier }: JsonObject, headers: Headers): ServiceWords {
  return { tiers: [serviceTier, service_tier, headers['x-vertex-ai-llm-shared-request-type']] };
}

/** Counts of these names, 0 where one is left out; undefined where one is not a count. */
export function countsOf(stated: JsonObject, names: readonly string[]): readonly number[] | undefined {
  const counts = names.map((name) => (stated[name] == null ? 0 : reportedCount(stated[name])));
  return counts.every((count) => count !== undefined) ? counts : undefined;
}

type Breakdowns = readonly unknown[];

/** Sound and pictures, by lists of tokens for each modality. Video and documents cost as text does. */
export function mediaIn(read: Breakdowns, cached: Breakdowns, made: Breakdowns): Parameters<typeof usageOf>[0] {
  return {
    audioIn: tokensOf('audio', read),
    audioCached: tokensOf('audio', cached),
    imageIn: tokensOf('image', read),
    imageCached: tokensOf('image', cached),
    audioOut: tokensOf('audio', made),
    imageOut: tokensOf('image', made),
  };
}

function tokensOf(modality: string, breakdowns: Breakdowns): number {
  const entries = breakdowns.flat().filter((entry) => isObject(entry));
  const own = entries.filter((entry) => textOf(entry.modality)?.toLowerCase() === modality);
  return own.reduce((sum, entry) => sum + tokenCount(entry.tokenCount ?? entry.tokens), 0);
}

/** Google's servers take a member in either spelling. */
const BOUNDS = { generationConfig: 'maxOutputTokens', generation_config: 'max_output_tokens' } as const;
type Config = keyof typeof BOUNDS;
const CONFIGS = Object.keys(BOUNDS) as Config[];

/** Every value that a request's configuration gives one of these members. */
export function configured(body: JsonObject, ...members: readonly string[]): readonly unknown[] {
  const configs = CONFIGS.map((config) => objectAt(body, config));
  return configs.flatMap((config) => members.map((member) => config[member])).filter((value) => value != null);
}

/** The largest bound that a request states; 0 is sent as it is, though it may be read as none. */
export function statedBound(body: JsonObject): Pick<StatedBound, 'outputBound' | 'zero'> {
  const stated = configured(body, ...Object.values(BOUNDS)).map(numberIn);
  const largest = Math.max(...stated.map((bound) => bound ?? -1));
  return { outputBound: largest < 0 ? undefined : largest, ...(largest === 0 && { zero: true }) };
}

/** The configuration with a bound in it, in the request's own spelling or else in this one. */
export function boundedConfig(body: JsonObject, tokens: number, spelling: Config): Members {
  const own = CONFIGS.filter((config) => Object.hasOwn(body, config));
  return Object.fromEntries(
    (own.length > 0 ? own : [spelling]).map((config) => [config, bounded(body, config, tokens)]),
  );
}

function bounded(body: JsonObject, config: Config, tokens: number): JsonObject {
  const others = Object.entries(objectAt(body, config)).filter(([member]) => !isBound(member));
  return { ...Object.fromEntries(others), [BOUNDS[config]]: tokens };
}

function isBound(member: string): boolean {
  return Object.values<string>(BOUNDS).includes(member);
}

/** An event that Google's clients raise in mid-stream. */
export function googleInterruption(message: string): string {
  return `data: ${JSON.stringify({ error: { code: 402, message, status: 'FAILED_PRECONDITION' } })}\r\n\r\n`;
}

/** Google's error shape; its clients put the whole of it into their error's text. */
export function googleRefusal(message: string, reason: RefusalReason): JsonObject {
  const kind = 'type.googleapis.com/google.rpc.ErrorInfo';
  const details = [{ '@type': kind, reason: `TOKEN_BUDGET_${reason.toUpperCase()}`, domain: 'token-budget' }];
  return { error: { code: 402, message, status: 'FAILED_PRECONDITION', details } };
}
