/** Which names of models or tools a row of a table covers. */

/**
 * All in lower case: a name itself, a rule, or a list of which any may hold. `regex` is tested as written; it comes from
 * the tables of this repository only, never from a user.
 */
export type Match =
  | string
  | { readonly starts: string }
  | { readonly ends: string }
  | { readonly has: string }
  | { readonly regex: string }
  | { readonly all: readonly Match[] }
  | readonly Match[];

/** Whether a name, in lower case, is covered. */
export function matches(match: Match, name: string): boolean {
  if (typeof match === 'string') return name === match;
  if ('starts' in match) return name.startsWith(match.starts);
  if ('ends' in match) return name.endsWith(match.ends);
  if ('has' in match) return name.includes(match.has);
  if ('regex' in match) return new RegExp(match.regex).test(name);
  if ('all' in match) return match.all.every((part) => matches(part, name));
  return match.some((part) => matches(part, name));
}
