import type { Purpose } from '../domain/call.js';
import { PURPOSE_HEADER } from '../hook/config.js';
import type { Incoming } from './message.js';

const PURPOSE = /^(preflight|predict|judge)(?: ([\w-]{1,64}))?$/;

/** Reads a request's purpose; a header that is not of its form says nothing. */
export function purposeIn({ headers }: Incoming): Purpose {
  const header = headers[PURPOSE_HEADER];
  const match = PURPOSE.exec(typeof header === 'string' ? header : '');
  if (!match) return {};
  const phase = match[1] as 'preflight' | 'predict' | 'judge';
  return match[2] === undefined ? { phase } : { phase, row: match[2] };
}
