import type { RequestHead, Incoming } from './message.js';
import type { Custody } from './key-custody.js';
import { namesHost, type Origin } from './origin.js';
import type { Target } from './target.js';

/** Whom a gateway forwards to, and the keys that it puts into requests. */
export interface Rules {
  readonly targetOf: (route: Origin) => Target | undefined;
  readonly custody: Custody;
}

/** Where a request may go and with what head, or the status and the words to turn it down with. */
export type Authorization =
  | { readonly allowed: true; readonly target: Target; readonly head: RequestHead }
  | { readonly allowed: false; readonly status: number; readonly message: string; readonly aboutKey?: true };

/** Whether a request of the run's may go where its route says. */
export function authorize({ targetOf, custody }: Rules, route: Origin, request: Incoming): Authorization {
  const target = targetOf(route);
  if (!target)
    return denied(403, `the host ${route.host} is not a known provider; name it under upstreams in the policy`);
  if (!request.url?.startsWith('/')) return denied(400, 'the request names no path');
  if (!target.listed && !namesHost(request.headers.host, route))
    return denied(403, `the request was routed to ${route.host} and names another host`);
  const unlocked = custody.unlock(request, target);
  if ('head' in unlocked) return { allowed: true, target, head: unlocked.head };
  const { variable, why } = unlocked.denied;
  return { ...denied(403, `a request with the placeholder of ${variable} was not sent: ${why}`), aboutKey: true };
}

function denied(status: number, message: string): { readonly allowed: false; status: number; message: string } {
  return { allowed: false, status, message };
}
