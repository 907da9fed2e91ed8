/** All wire formats that a gateway reads, as one value, with what has to be asked of all of them. */
import type { Provider } from '../../providers/provider.js';
import type { Dialect, Headers, ServiceWords } from './dialect.js';
import type { JsonObject } from '../../lib/json.js';

/** Wire formats with the ways to find one. */
export interface Formats {
  /** Every endpoint whose path tells its format; the first that serves a path decides. */
  readonly endpoints: readonly Dialect[];
  /** The format of a name; undefined where none has it. */
  named(name: string | undefined): Dialect | undefined;
  /** The format in which a provider's clients read a refusal of what has no format that we know. */
  spokenAt(provider: Pick<Provider, 'dialect'>): Dialect;
  /** Paths that cost nothing in any format. */
  readonly free: readonly RegExp[];
  /** The words of all formats, each once: gateways translate one into another, and pass on what they do not know. */
  serviceWords(body: JsonObject, headers: Headers): readonly ServiceWords[];
}

/**
 * The lookups for some formats.
 * @param special endpoints whose paths end as those of a general one do: they are asked first
 * @param dialects one for each name, the first for providers of which no other is known
 * @param variants further endpoints of these formats
 */
export function formatsOf(
  special: readonly Dialect[],
  dialects: readonly [Dialect, ...Dialect[]],
  variants: readonly Dialect[],
): Formats {
  const endpoints = [...special, ...dialects, ...variants];
  const named = (name: string | undefined) => dialects.find((each) => each.name === name);
  const words = [...new Set(endpoints.flatMap(({ serviceWords }) => serviceWords ?? []))];
  return {
    endpoints,
    named,
    spokenAt: ({ dialect }) => named(dialect) ?? dialects[0],
    free: [...new Set(endpoints.flatMap(({ free = [] }) => free))],
    serviceWords: (body, headers) => words.map((read) => read(body, headers)),
  };
}
