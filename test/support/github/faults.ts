/** Failures that the stand-in can be told to have. */
import { failed, notAccessible, type Answer } from './answers.js';

export interface Fault {
  /** An operation of the description, `graphql/viewer`, `graphql/minimize`, or `*` for all. */
  readonly operation: string;
  readonly kind: 'server-error' | 'secondary-limit' | 'primary-limit' | 'unauthorized' | 'forbidden' | 'reset' | 'hang';
  /** How many requests it meets; all where left out. */
  readonly times?: number;
  /** For a secondary limit, in seconds; no header where left out. */
  readonly retryAfter?: number;
  /** Of a secondary limit: 403 where left out, or 429. */
  readonly status?: 403 | 429;
  /** For a server error: what was asked is done all the same. */
  readonly done?: boolean;
}

/** The answer of a fault that answers at all. */
export function faultAnswer({ kind, retryAfter, status = 403 }: Fault, operation: string): Answer {
  if (kind === 'forbidden') return forbidden(operation);
  if (kind === 'unauthorized') return failed(401, 'Bad credentials');
  if (kind === 'primary-limit') {
    const reset = String(Math.ceil(Date.now() / 1000) + 1800);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    return failed(403, 'API rate limit exceeded for installation ID 1.', headers);
  }
  if (kind === 'secondary-limit') {
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    return failed(status, message, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
  }
  return failed(502, 'Server Error');
}

function forbidden(operation: string): Answer {
  if (!operation.startsWith('graphql/')) return notAccessible('');
  const errors = [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration', path: [] }];
  return { status: 200, body: { data: null, errors } };
}

/** The fault that meets a request of this operation, one of its times used up. */
export function nextFault(faults: (Fault & { left: number })[], operation: string): Fault | undefined {
  const fault = faults.find((each) => each.left > 0 && ['*', operation].includes(each.operation));
  if (fault) fault.left -= 1;
  return fault;
}
