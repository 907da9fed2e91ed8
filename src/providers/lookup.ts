/** Finds providers by host and by name among any rows. */
import { compilePattern } from '../domain/pattern.js';
import type { Provider, Providers } from './provider.js';

/** The name of a provider of which nothing is known. */
export const UNKNOWN_PROVIDER = 'custom';

/** The lookups for some rows, with `more` behind the others. */
export function providersOf(rows: readonly Provider[], ...more: readonly Provider[]): Providers {
  const all = [...rows, ...more];
  const byName = new Map(all.map((row) => [row.name, row]));
  const byHost = all.flatMap((row) => row.hosts.map((host) => ({ row, matches: compilePattern(host) })));
  return {
    all,
    named: (name) => byName.get(name) ?? { name, hosts: [] },
    at: (host) => byHost.find(({ matches }) => matches(host))?.row,
    ownServerOf: (dialect) => all.find((row) => row.ownServer && row.dialect === dialect),
  };
}
