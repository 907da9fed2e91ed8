import { timingSafeEqual } from 'node:crypto';
import { bySpecificity, compilePattern } from '../domain/pattern.js';
import type { Upstream } from '../domain/policy.js';
import { ROUTE_WORD } from '../hook/config.js';
import { UNKNOWN_PROVIDER, type Providers } from '../providers/lookup.js';
import type { Provider } from '../providers/provider.js';

/** Where a redirected request was going. */
export interface Route {
  readonly scheme: 'https' | 'http';
  /** Without brackets for IPv6. */
  readonly host: string;
  readonly port: number;
}

/** What the gateway knows of a host: where to send its requests and how to read them. */
export interface Target {
  readonly origin: Route;
  /** The host differs from the one the request names. */
  readonly redirected: boolean;
  /** The policy names it; else it comes from the built-in table. */
  readonly listed: boolean;
  /** Whose prices apply. */
  readonly provider: Provider;
  /** Whose host it is by the built-in table, whatever the policy says of its prices. */
  readonly owner: Provider | undefined;
  /** The environment variable whose key the policy gives it. */
  readonly keyVariable: string | undefined;
  /** The models behind its own names for them, lower case. */
  readonly models: ReadonlyMap<string, string> | undefined;
  /** The wire format of paths that tell none. */
  readonly dialect: string | undefined;
  /** As the report names it: `host`, or `host:port` where the port is not the scheme's own. */
  readonly name: string;
}

/** A host is a name or an address and nothing that could be read as more of a URL. */
const ROUTE = /^(\S+) ([0-9a-f]{64}) (https|http) (\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/i;

const SEEN = /^(\S+) ([0-9a-f]{64}) seen ([a-z0-9.-]{1,253}):(\d{1,5})$/i;

/** The host in a hook's word of a connection that it left alone; undefined where the line is none of the run's. */
export function readSeen(line: string, secret: string): string | undefined {
  const match = SEEN.exec(line);
  return match?.[1] === ROUTE_WORD && sameSecret(match[2] ?? '', secret) ? match[3]?.toLowerCase() : undefined;
}

/** Reads a route line; undefined where it is malformed or its secret is not the run's. */
export function readRoute(line: string, secret: string): Route | undefined {
  const match = ROUTE.exec(line);
  if (match?.[1] !== ROUTE_WORD || !sameSecret(match[2] ?? '', secret)) return undefined;
  const port = Number(match[5]);
  if (port < 1 || port > 65535) return undefined;
  return {
    scheme: match[3] === 'http' ? 'http' : 'https',
    host: (match[4] ?? '').replace(/^\[|\]$/g, '').toLowerCase(),
    port,
  };
}

/**
 * Finds the target of a route: an upstream of the policy first, then a provider's host over TLS. A host in neither is
 * undefined, so that the gateway is no open proxy.
 */
export function targetFinder(
  upstreams: readonly Upstream[],
  providers: Providers,
): (route: Route) => Target | undefined {
  const own = [...upstreams]
    .sort((a, b) => bySpecificity(a.host, b.host))
    .map((upstream) => ({ upstream, matches: compilePattern(upstream.host) }));
  const found = new Map<string, Target | undefined>();
  const find = (route: Route): Target | undefined => {
    const name = hostName(route);
    const listed = own.find(({ matches }) => matches(name))?.upstream;
    const owner = route.scheme === 'https' ? providers.at(name) : undefined;
    if (!listed && !owner) return undefined;
    const named = listed?.provider === undefined ? undefined : providers.named(listed.provider);
    return {
      origin: listed?.forwardTo ? originOf(listed.forwardTo) : route,
      redirected: listed?.forwardTo !== undefined,
      listed: listed !== undefined,
      provider: named ?? owner ?? providers.ownServerOf(listed?.dialect) ?? providers.named(UNKNOWN_PROVIDER),
      owner,
      keyVariable: listed?.keyVariable,
      models: listed?.models,
      dialect: listed?.dialect,
      name,
    };
  };
  return (route) => {
    const key = `${route.scheme} ${route.host} ${route.port}`;
    if (!found.has(key)) found.set(key, find(route));
    return found.get(key);
  };
}

/** `host` where the port is the scheme's own, else `host:port`; IPv6 in brackets. */
export function hostName({ scheme, host, port }: Route): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}

/** Scheme, host and port of an http or https URL. */
export function originOf(url: URL): Route {
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

function sameSecret(given: string, secret: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}
