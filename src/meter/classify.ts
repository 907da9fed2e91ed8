import type { Provider } from '../providers/provider.js';
import type { Dialect } from './dialects/dialect.js';
import type { Formats } from './dialects/formats.js';
import { FORMATS } from './dialects/index.js';
import { pathOf } from './request-path.js';

/**
 * What a request on a provider's host is: a call to meter, free of charge, or spend that cannot be metered (batches,
 * fine-tuning, wire formats this version does not read). Unknown paths count as the last: a budget with a way around
 * it is none.
 */
export type RequestKind =
  { readonly kind: 'call'; readonly dialect: Dialect } | { readonly kind: 'free' } | { readonly kind: 'unmetered' };

const READS = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);

/** Endpoints that spend in ways of their own: no call of an assumed format, whatever the policy says of the host. */
const OTHER_SPEND =
  /\/(async-invoke|guardrail|guardrail-checks|invoke-with-bidirectional-stream|batch|batches|fine_tuning|fine-tuning|fine-tunes|images|audio|video|videos|queue|jobs|batchPredictionJobs|batchInferenceJobs|realtime|assistants|threads|evals|containers|vector_stores)(\/|$)|\/completions$/i;

/** An ARN in the place of a model's id is one segment, whose slash is escaped as AWS's clients send it. */
const MODEL_ARN = /\/model\/arn(?::|%3a)(?:[\w.:-]|%3a)*%2f\w(?:[\w.:-]|%3a)*(?=\/[\w-]+$)/i;

/** What servers may decode, cut off or resolve, so that they see another path than this one. */
const AMBIGUOUS = /[\\;#]|[^!-~]|%(2e|2f|5c|3b|3f|23|25|0)|(^|\/)\.{1,2}(\/|$)/i;

/**
 * Tells a request by its method and path; the path's ending decides, since proxies and gateways add prefixes.
 * @param path the request target, query included
 * @param assumed the format of a POST whose path tells nothing, where the policy names one for its host
 * @param formats all that may be spoken
 */
export function classify(
  method: string,
  path: string,
  provider: Provider,
  assumed: string | undefined,
  formats: Formats = FORMATS,
): RequestKind {
  if (READS.has(method)) return { kind: 'free' };
  const bare = pathOf(path);
  if (method !== 'POST' || AMBIGUOUS.test(bare.replace(MODEL_ARN, '/model'))) return { kind: 'unmetered' };
  const dialect = formats.endpoints.find((each) => serves(each, bare, provider));
  if (dialect) return { kind: 'call', dialect };
  if (formats.free.some((free) => free.test(bare)) && !provider.billsFreePaths) return { kind: 'free' };
  const named = formats.named(assumed);
  return !named || OTHER_SPEND.test(decoded(bare)) ? { kind: 'unmetered' } : { kind: 'call', dialect: named };
}

function serves({ suffixes, only }: Dialect, path: string, provider: Provider): boolean {
  if (only !== undefined && only !== provider.name) return false;
  return suffixes.some((suffix) => (typeof suffix === 'string' ? path.endsWith(suffix) : suffix.test(path)));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
