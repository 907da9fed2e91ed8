/**
 * Puts a key into a request in place of its placeholder, for hosts of the key's own provider and for no others. What is
 * not exactly in its place, or going elsewhere, is not sent at all.
 */
import type { HeldKey } from './held-keys.js';
import type { KeyPlace } from '../providers/provider.js';
import type { Incoming } from './message.js';
import type { Target } from './route.js';

/** The variable whose placeholder must not be sent, and why. */
export interface Denial {
  readonly variable: string;
  readonly why: string;
}

export class Custody {
  readonly #held: readonly HeldKey[];

  constructor(held: readonly HeldKey[]) {
    this.#held = held;
  }

  /** Changes the request's head so that it holds the keys; where that must not be, says so and changes nothing. */
  unlock(request: Incoming, target: Target): Denial | undefined {
    let head = headOf(request);
    for (const key of this.#held) {
      if (!isIn(head, key.placeholder)) continue;
      const why = denial(request, key, target);
      if (why !== undefined) return { variable: key.variable, why };
      head = filled(head, key);
      if (isIn(head, key.placeholder)) return { variable: key.variable, why: 'it stood where no key belongs' };
    }
    request.url = head.url;
    request.rawHeaders = [...head.headers];
    return undefined;
  }
}

interface Head {
  readonly url: string;
  /** Name, value, name, value, … */
  readonly headers: readonly string[];
}

function headOf({ url = '/', rawHeaders }: Incoming): Head {
  return { url, headers: rawHeaders };
}

function isIn({ url, headers }: Head, placeholder: string): boolean {
  return url.includes(placeholder) || headers.some((text) => text.includes(placeholder));
}

function denial(request: Incoming, key: HeldKey, target: Target): string | undefined {
  if (!isFor(key, target)) return `it is no key of ${target.name}`;
  // Behind one address there may be hosts of others, who would be given the key.
  if (!target.redirected && !namesHost(request.headers.host, target)) return 'the request names another host';
  // The answer would be the request.
  return request.method === 'TRACE' ? 'it was asked back' : undefined;
}

/** Whose prices a policy gives a host says nothing of whose keys are safe there. */
function isFor({ provider, variable }: HeldKey, { owner, keyVariable }: Target): boolean {
  return variable === keyVariable || (provider !== undefined && provider === owner?.name);
}

function namesHost(host: string | undefined, { name, origin }: Target): boolean {
  const named = (host ?? '').toLowerCase();
  return named === name || named === `${name}:${origin.port}`;
}

function filled({ url, headers }: Head, { key, placeholder, places }: HeldKey): Head {
  return {
    url: places.includes('?key=')
      ? url.replace(queryOf(placeholder), (_, before) => `${before}${encodeURIComponent(key)}`)
      : url,
    headers: headers.map((text, i) => {
      const name = headers[i - 1]?.toLowerCase() ?? '';
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
