/** Which hosts a policy leads to the gateway, and where each call goes from there. */
import type { Policy } from '../domain/policy.js';
import type { Origin } from '../gateway/origin.js';
import { targetFinder, type Target } from '../gateway/target.js';
import { PROVIDER_HOSTS } from '../meter/hosts.js';
import { SUSPECT_HOSTS } from '../meter/unmetered-hosts.js';

/** The hosts of a session. */
export interface Routing {
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
  const providers = strict ? [...PROVIDER_HOSTS, { provider: 'custom', hosts: SUSPECT_HOSTS }] : PROVIDER_HOSTS;
  const plain = upstreams.map(({ host }) => host);
  return {
    targetOf: targetFinder(upstreams, providers),
    tls: [...plain, ...providers.flatMap(({ hosts }) => hosts)],
    plain,
    watch: strict ? [] : SUSPECT_HOSTS,
  };
}
