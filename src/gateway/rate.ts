import type { RateCard } from '../domain/rate.js';
import type { GatewayContext } from './context.js';
import type { SentCall } from './metered.js';

/**
 * The rates of a call, as they stood when it came: a price that changes while it runs does not outgrow its hold. The
 * answer's name for its model says more than the policy's, and that more than the request's.
 */
export function rateOfCall(
  context: Pick<GatewayContext, 'rateOf'>,
  { target, at }: Pick<SentCall, 'target' | 'at'>,
  requested: string,
  answered?: string,
): RateCard | undefined {
  const name = answered ?? target.models?.get(requested.toLowerCase());
  return context.rateOf(target.provider.name, requested, name, at);
}
