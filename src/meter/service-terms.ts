/** How a request asks to be served, where that can make it dearer. Every format has the same few words for it. */
import type { Terms } from '../domain/rate.js';
import { isDear, serviceTierOf } from '../domain/usage.js';
import type { Provider } from '../providers/provider.js';
import { wordOf } from './asked-tools.js';
import type { Headers } from './dialects/dialect.js';
import { objectAt, textOf, type JsonObject } from '../lib/json.js';

/** Anthropic's words for no region in particular; older models answer with the last. */
const ANYWHERE = new Set(['', 'global', 'not_available']);
/** Places whose price is published (platform.claude.com/docs/build-with-claude/data-residency, 2026-11-24). */
const PRICED_PLACES = new Set(['us']);

/** Tiers that a model's name can end with, of the makers that have them as a word of the request. */
const TIER_SUFFIX = /(?:^|\/|\.)(?:claude-|gpt-\d).*[-:](fast|ultrafast|priority)(?:@[\w.-]*)?$/i;

/**
 * What a request asks for beyond the standard; a discount is left out, since its answer may come without it.
 * @param headers of the request, where Bedrock's InvokeModel and Vertex have the word
 */
export function dearTermsOf(body: JsonObject, headers: Headers = {}): Terms {
  const tier = tierWords(body, headers).map(serviceTierOf).find(isDear);
  return {
    ...(tier && { tier }),
    ...(isRegional(body.inference_geo) && { regional: true }),
    ...(keepsForHours(body) && { longCache: true }),
  };
}

/** Minutes, as OpenAI writes the lifetime that is the standard one. */
const MINUTES = /^\s*\d{1,2}\s*m\s*$/i;

/** Whether a request or an answer of OpenAI's has its cache kept for longer than the standard 30 minutes. */
export function keepsForHours(body: JsonObject): boolean {
  const { ttl } = objectAt(body, 'prompt_cache_options');
  return ttl != null && !(typeof ttl === 'string' && MINUTES.test(ttl));
}

/** The same in the request's own words, to be repeated to people. */
export function askedWords(
  body: JsonObject,
  headers: Headers = {},
): { readonly tier: string | undefined; readonly place: string | undefined } {
  const tier = tierWords(body, headers).find((word) => isDear(serviceTierOf(word)));
  const place = textOf(body.inference_geo)?.trim().toLowerCase() ?? '';
  const isKnown = ANYWHERE.has(place) || PRICED_PLACES.has(place);
  return { tier: tier === undefined ? undefined : wordOf(tier), place: isKnown ? undefined : wordOf(place) };
}

function tierWords(body: JsonObject, headers: Headers): readonly string[] {
  const named = [body.speed, body.service_tier, body.serviceTier, objectAt(body, 'serviceTier').type];
  const told = [headers['x-amzn-bedrock-service-tier'], headers['x-vertex-ai-llm-shared-request-type']];
  const suffix = TIER_SUFFIX.exec(textOf(body.model) ?? '')?.[1];
  return [...named, ...told, suffix].filter((word) => typeof word === 'string');
}

/** Whether Anthropic's word for a place, in a request or an answer, is one that it bills dearer. */
export function isRegional(geo: unknown): boolean {
  const place = textOf(geo);
  return place !== undefined && !ANYWHERE.has(place.trim().toLowerCase());
}

/**
 * The terms that a host stands for.
 * @param path of the request, which may name the place
 */
export function placeTerms({ regional }: Pick<Provider, 'regional'>, host: string, path = ''): Terms {
  return regional?.hosts?.test(host) || regional?.paths?.test(path) ? { regional: true } : {};
}
