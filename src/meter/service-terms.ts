/** How a request asks to be served, and where it is served, as far as that can make it dearer. */
import type { Terms } from '../domain/rate.js';
import { isDear, serviceTierOf, type ServiceTier } from '../domain/usage.js';
import type { Provider } from '../providers/provider.js';
import { wordOf } from './asked-tools.js';
import type { Headers, ServiceWords } from './dialects/dialect.js';
import type { Formats } from './dialects/formats.js';
import { textOf, type JsonObject } from '../lib/json.js';

/** Tiers that a model's name can end with, of the makers that have them as a word of the request. */
const TIER_SUFFIX = /(?:^|\/|\.)(?:claude-|gpt-\d).*[-:](fast|ultrafast|priority)(?:@[\w.-]*)?$/i;

/** Dear tiers, the one first that counts where a request names several. */
const DEAR: readonly ServiceTier[] = ['other', 'ultrafast', 'fast', 'priority'];

type Spoken = Pick<Formats, 'serviceWords'>;

/**
 * What a request asks for beyond the standard; a discount is left out, since its answer may come without it.
 * @param formats whose words are looked for, whichever of them the request is in
 */
export function dearTermsOf(formats: Spoken, body: JsonObject, headers: Headers = {}): Terms {
  const words = formats.serviceWords(body, headers);
  const named = tierWords(words, body).map(serviceTierOf);
  const tier = DEAR.find((each) => named.includes(each));
  return {
    ...(tier && { tier }),
    ...(words.some(({ place }) => place) && { regional: true }),
    ...(words.some(({ longCache }) => longCache) && { longCache: true }),
  };
}

/** The same in the request's own words, to be repeated to people: a dear tier, and a place without a known price. */
export function askedWords(
  formats: Spoken,
  body: JsonObject,
  headers: Headers = {},
): { readonly tier: string | undefined; readonly place: string | undefined } {
  const words = formats.serviceWords(body, headers);
  const tier = tierWords(words, body).find((word) => isDear(serviceTierOf(word)));
  const place = words.map((each) => each.place).find((each) => each?.priced === false)?.name;
  return {
    tier: tier === undefined ? undefined : wordOf(tier),
    place: place === undefined ? undefined : wordOf(place),
  };
}

function tierWords(words: readonly ServiceWords[], { model }: JsonObject): readonly string[] {
  const suffix = TIER_SUFFIX.exec(textOf(model) ?? '')?.[1];
  return [...words.flatMap(({ tiers = [] }) => tiers), suffix].filter((word) => typeof word === 'string');
}

/**
 * The terms that a host stands for.
 * @param path of the request, which may name the place
 */
export function placeTerms({ regional }: Pick<Provider, 'regional'>, host: string, path = ''): Terms {
  return regional?.hosts?.test(host) || regional?.paths?.test(path) ? { regional: true } : {};
}
