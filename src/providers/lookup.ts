/** Finds providers by host and by name among any rows. */
import { compilePattern } from '../domain/pattern.js';
import type { Provider } from './provider.js';

/** Rows of providers with the ways to find one. */
export interface Providers {
  /** In the order in which hosts are looked for. */
  readonly all: readonly Provider[];
  /** The row of that name; where there is none, one that says nothing but the name. */
  named(name: string): Provider;
  /** Whose a host is, by its name in lower case; undefined where no row has it. */
  at(host: string): Provider | undefined;
  /** The server of one's own that speaks a wire format; undefined where none is known to. */
  ownServerOf(dialect: string | undefined): Provider | undefined;
}

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
