import type { DialectName } from '../domain/call.js';
import type { Provider } from '../providers/provider.js';
import type { Dialect } from './dialects/dialect.js';
import { DIALECTS, ENDPOINTS } from './dialects/index.js';

/**
 * What a request on a provider's host is: a call to meter, free of charge, or spend that cannot be metered (batches,
 * fine-tuning, wire formats this version does not read). Unknown paths count as the last: a budget with a way around
 * it is none.
 */
export type RequestKind =
  { readonly kind: 'call'; readonly dialect: Dialect } | { readonly kind: 'free' } | { readonly kind: 'unmetered' };

const READS = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);

/**
 * POSTs that most providers do not bill: token counters, files, stored objects, cancelling. An identifier is one segment of
 * letters, digits, `-` and `_`, so that nothing that a server would decode or resolve can stand in its place.
 */
const FREE_PATHS = [
  /\/moderations$/,
  /\/(responses\/input_tokens|messages\/count_tokens|tokenize|detokenize)$/,
  /\/responses\/[\w-]+\/cancel$/,
  /\/chat\/completions\/chatcmpl-[\w-]+$/,
  /\/files$/,
  /\/uploads(\/[\w-]+\/(parts|complete|cancel))?$/,
  /\/conversations(\/conv_[\w-]+(\/items)?)?$/,
  /\/(models|tunedModels|endpoints)\/[\w.@-]+:(countTokens|computeTokens|fetchPredictOperation)$/,
  /\/publishers\/anthropic\/models\/count-tokens:rawPredict$/,
  /\/(interactions\/[\w-]+\/cancel|(operations|batches|batchPredictionJobs|tuningJobs)\/[\w-]+:cancel)$/,
  /\/model\/[^/]+\/count-tokens$/,
  /\/v1\/check-api-key$/,
  /\/api\/(show|pull|push|create|copy|delete|me|signout|blobs\/sha256:[0-9a-f]{64})$/,
];

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
 */
export function classify(
  method: string,
  path: string,
  provider: Provider,
  assumed: DialectName | undefined,
): RequestKind {
  if (READS.has(method)) return { kind: 'free' };
  const bare = pathOf(path);
  if (method !== 'POST' || AMBIGUOUS.test(bare.replace(MODEL_ARN, '/model'))) return { kind: 'unmetered' };
  const dialect = ENDPOINTS.find((each) => serves(each, bare, provider));
  if (dialect) return { kind: 'call', dialect };
  if (FREE_PATHS.some((free) => free.test(bare)) && !provider.billsFreePaths) return { kind: 'free' };
  if (assumed === undefined || OTHER_SPEND.test(decoded(bare))) return { kind: 'unmetered' };
  return { kind: 'call', dialect: DIALECTS[assumed] };
}

function serves({ suffixes, only }: Dialect, path: string, provider: Provider): boolean {
  if (only !== undefined && only !== provider.name) return false;
  return suffixes.some((suffix) => (typeof suffix === 'string' ? path.endsWith(suffix) : suffix.test(path)));
}

/** A request target's path, without its query and the slashes at its end. */
export function pathOf(target: string): string {
  const path = target.split('?', 1)[0] ?? '';
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
