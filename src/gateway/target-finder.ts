import { bySpecificity, compilePattern } from '../domain/pattern.js';
import type { Upstream } from '../domain/policy.js';
import { UNKNOWN_PROVIDER } from '../providers/lookup.js';
import type { Providers } from '../providers/provider.js';
import { hostName, originOf, type Origin } from './origin.js';
import type { Target } from './target.js';

/**
 * Finds the target of a route: an upstream of the policy first, then a provider's host over TLS. A host in neither is
 * undefined, so that the gateway is not an open proxy.
 */
export function targetFinder(
  upstreams: readonly Upstream[],
  providers: Providers,
): (route: Origin) => Target | undefined {
  const own = [...upstreams]
    .sort((a, b) => bySpecificity(a.host, b.host))
    .map((upstream) => ({ upstream, matches: compilePattern(upstream.host) }));
  const found = new Map<string, Target | undefined>();
  const find = (route: Origin): Target | undefined => {
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
