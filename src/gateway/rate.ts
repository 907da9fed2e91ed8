import type { RateCard } from '../domain/rate.js';
import type { GatewayContext } from './context.js';
import type { Target } from './route.js';

/** The rates of a call now: the answer's name for its model says more than the policy's, and that more than the request's. */
export function rateAt(
  context: Pick<GatewayContext, 'rateOf'>,
  { provider, models }: Target,
  requested: string,
  answered?: string,
): RateCard | undefined {
  return context.rateOf(provider, requested, answered ?? models?.get(requested.toLowerCase()));
}
