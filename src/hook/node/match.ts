/**
 * Which connections the gateway takes. Hosts compare without regard to case, brackets or a final dot, since all of
 * these name the same host to a resolver and none may be a way around the budget.
 */

/** Where a redirected connection was bound for. */
export interface Target {
  /** Lower case, without brackets or a final dot. */
  readonly host: string;
  readonly port: number;
}

/** The target where a pattern covers it; an undefined port stands for one that the caller can not tell. */
export type Match = (host: string, port: number | undefined) => Target | undefined;

/**
 * Compiles patterns `host` or `host:port`, where `*` stands for any run of characters.
 * @param defaultPort the port of a pattern that names none, and of a target whose port nobody names
 */
export function compileMatch(patterns: readonly string[], defaultPort: number): Match {
  const compiled = patterns.map((pattern) => compilePattern(pattern, defaultPort));
  return (name, port) => {
    const host = bareHost(name);
    const found = compiled.find((pattern) => pattern.host.test(host) && admits(pattern.port, port));
    return found && { host, port: port ?? found.port ?? defaultPort };
  };
}

/** `host:port` as an authority writes it, an IPv6 address in brackets. */
export function authority({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

interface Pattern {
  readonly host: RegExp;
  /** Undefined: any. */
  readonly port: number | undefined;
}

function compilePattern(pattern: string, defaultPort: number): Pattern {
  const parts = /^(\[[^\]]*\]|[^:]*):(\d+|\*)$/.exec(pattern);
  const source = bareHost(parts?.[1] ?? pattern)
    .split(/\*+/)
    .map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const port = parts?.[2] ?? String(defaultPort);
  return { host: new RegExp(`^${source}$`), port: port === '*' ? undefined : Number(port) };
}

function admits(wanted: number | undefined, port: number | undefined): boolean {
  return wanted === undefined || port === undefined || wanted === port;
}

function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
