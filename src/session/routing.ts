/** Which hosts a policy leads to the gateway, and where each call goes from there. */
import type { Policy } from '../domain/policy.js';
import type { Origin } from '../gateway/origin.js';
import { targetFinder } from '../gateway/target-finder.js';
import type { Target } from '../gateway/target.js';
import { PROVIDERS } from '../providers/index.js';
import { providersOf, UNKNOWN_PROVIDER } from '../providers/lookup.js';
import type { Providers } from '../providers/provider.js';
import { SUSPECT_HOSTS } from '../providers/unmetered-hosts.js';

/** The hosts of a session. */
export interface Routing {
  /** All that is known of providers. */
  readonly providers: Providers;
  /** Where a call to a host goes on to; undefined where the policy knows no such host. */
  readonly targetOf: (origin: Origin) => Target | undefined;
  /** Hosts that are led to the gateway whether their calls use TLS or not. */
  readonly tls: readonly string[];
  /** Hosts whose calls without TLS are led there too. */
  readonly plain: readonly string[];
  /** Hosts that look like providers': their calls pass, and are named in the report. */
  readonly watch: readonly string[];
}

/** Under `metering: strict` a host that looks like a provider's is led to the gateway too, which refuses its calls. */
export function routingOf({ upstreams, metering }: Pick<Policy, 'upstreams' | 'metering'>): Routing {
  const strict = metering === 'strict';
  const suspects = { name: UNKNOWN_PROVIDER, hosts: SUSPECT_HOSTS };
  const providers = strict ? providersOf(PROVIDERS.all, suspects) : PROVIDERS;
  const plain = upstreams.map(({ host }) => host);
  return {
    providers,
    targetOf: targetFinder(upstreams, providers),
    tls: [...plain, ...providers.all.flatMap(({ hosts }) => hosts)],
    plain,
    watch: strict ? [] : SUSPECT_HOSTS,
  };
}
