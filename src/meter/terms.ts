/** How a request asks to be served, where that can make it dearer. Every format has the same few words for it. */
import type { Terms } from '../domain/rate.js';
import { isDear, serviceTierOf } from '../domain/tier.js';
import type { Headers } from './dialects/dialect.js';
import { objectAt, textOf, type JsonObject } from './json.js';

/** Hosts that serve within one region, by the provider whose prices apply there. */
const REGIONAL_HOSTS: ReadonlyMap<string, RegExp> = new Map([
  ['openai', /^[a-z]{2}\.api\.openai\.com$/],
  ['google', /^[a-z]+-[a-z]+\d+-aiplatform\.googleapis\.com$/],
]);

/** Anthropic's words for no region in particular; older models answer with the last. */
const ANYWHERE = new Set(['', 'global', 'not_available']);

/**
 * What a request asks for beyond the standard; a discount is left out, since its answer may come without it.
 * @param headers of the request, where Bedrock's InvokeModel has the word
 */
export function dearTermsOf(body: JsonObject, headers: Headers = {}): Terms {
  const named = [body.speed, body.service_tier, body.serviceTier, objectAt(body, 'serviceTier').type];
  const words = [...named, headers['x-amzn-bedrock-service-tier']];
  const tier = words.map(serviceTierOf).find(isDear);
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

/** Whether Anthropic's word for a place, in a request or an answer, is one that it bills dearer. */
export function isRegional(geo: unknown): boolean {
  const place = textOf(geo);
  return place !== undefined && !ANYWHERE.has(place.trim().toLowerCase());
}

/** The terms that a host stands for. */
export function placeTerms(provider: string, host: string): Terms {
  return REGIONAL_HOSTS.get(provider)?.test(host) === true ? { regional: true } : {};
}
