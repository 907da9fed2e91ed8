/**
 * Puts a key into a request in place of its placeholder, for hosts of the key's own provider and for no others. What is
 * not exactly in its place, or going elsewhere, is not sent at all.
 */
import type { HeldKey } from './held-keys.js';
import type { KeyPlace } from '../providers/provider.js';
import type { Incoming, RequestHead } from './message.js';
import { namesHost } from './origin.js';
import type { Target } from './target.js';

/** The variable whose placeholder must not be sent, and why. */
export interface Denial {
  readonly variable: string;
  readonly why: string;
}

/** What custody makes of a request. */
export type Unlocked = { readonly head: RequestHead } | { readonly denied: Denial };

/** The keys that the gateway holds, and their way into requests. */
export class Custody {
  readonly #held: readonly HeldKey[];

  constructor(held: readonly HeldKey[]) {
    this.#held = held;
  }

  /** A request's head with the keys in place of their placeholders; a denial where one of them must not be sent. */
  unlock(request: Incoming, target: Target): Unlocked {
    const { url = '/', rawHeaders } = request;
    let head: RequestHead = { url, rawHeaders };
    for (const key of this.#held) {
      if (!isIn(head, key.placeholder)) continue;
      const { variable } = key;
      const why = denial(request, key, target);
      if (why !== undefined) return { denied: { variable, why } };
      head = filled(head, key);
      if (isIn(head, key.placeholder)) return { denied: { variable, why: 'it was found where no key belongs' } };
    }
    return { head };
  }
}

function isIn({ url, rawHeaders }: RequestHead, placeholder: string): boolean {
  return url.includes(placeholder) || rawHeaders.some((text) => text.includes(placeholder));
}

function denial(request: Incoming, key: HeldKey, target: Target): string | undefined {
  if (!isFor(key, target)) return `it is not a key for ${target.name}`;
  // Behind one address there may be hosts of others, who would be given the key.
  if (!target.redirected && !namesHost(request.headers.host, target.origin)) return 'the request names another host';
  // The answer would be the request.
  return request.method === 'TRACE' ? 'a TRACE request would send it back' : undefined;
}

/** Whose prices a policy gives a host says nothing of whose keys are safe there. */
function isFor({ provider, variable }: HeldKey, { owner, keyVariable }: Target): boolean {
  return variable === keyVariable || (provider !== undefined && provider === owner?.name);
}

function filled({ url, rawHeaders }: RequestHead, { key, placeholder, places }: HeldKey): RequestHead {
  return {
    url: places.includes('?key=')
      ? url.replace(queryOf(placeholder), (_, before) => `${before}${encodeURIComponent(key)}`)
      : url,
    rawHeaders: rawHeaders.map((text, i) => {
      const name = rawHeaders[i - 1]?.toLowerCase() ?? '';
      return i % 2 === 1 && isPlace(name, places) ? headerWith(text, placeholder, key) : text;
    }),
  };
}

function isPlace(name: string, places: readonly KeyPlace[]): boolean {
  return places.some((place) => place === name);
}

/** The key as a whole parameter of the query. */
function queryOf(placeholder: string): RegExp {
  return new RegExp(`([?&]key=)${placeholder}(?=&|$)`);
}

/** The key as the whole of a header's value, or all of it behind its scheme. */
function headerWith(text: string, placeholder: string, key: string): string {
  const [scheme, rest] = /^(bearer +)(.*)$/is.exec(text)?.slice(1) ?? ['', text];
  return rest?.trim() === placeholder ? `${scheme ?? ''}${key}` : text;
}
