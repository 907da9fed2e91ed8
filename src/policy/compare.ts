/** The policy of a pull request under `policy-source: base`: the base branch's, which the pull request may only tighten. */
import { scopeName, type Limit, type OnExceed } from '../domain/limit.js';
import type { Policy } from '../domain/policy.js';

/**
 * The base's policy with what the pull request's copy makes stricter: lower or further ceilings, a stricter mode. Its
 * command is the pull request's, since that is what is being tried; prices, hosts and holds stay the base's.
 */
export function tightened(base: Policy, head: Policy): Policy {
  const limits = [...base.limits, ...head.limits].reduce((kept, limit) => {
    const known = kept.get(keyOf(limit));
    return !known || limit.ceiling < known.ceiling ? kept.set(keyOf(limit), limit) : kept;
  }, new Map<string, Limit>());
  return {
    ...base,
    run: head.run ?? base.run,
    limits: [...limits.values()],
    onExceed: stricter(base.onExceed, head.onExceed),
    metering: head.metering === 'strict' ? 'strict' : base.metering,
    unpriced: head.unpriced === 'refuse' ? 'refuse' : base.unpriced,
    keys: head.keys === 'gateway' ? 'gateway' : base.keys,
  };
}

const STRICTNESS: readonly OnExceed[] = ['warn', 'raise', 'halt'];

function stricter(a: OnExceed, b: OnExceed): OnExceed {
  return STRICTNESS.indexOf(a) >= STRICTNESS.indexOf(b) ? a : b;
}

function keyOf({ dimension, scope }: Limit): string {
  return `${dimension} ${scopeName(scope)}`;
}
