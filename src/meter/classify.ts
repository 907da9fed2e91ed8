import type { DialectName } from '../domain/call.js';
import type { Dialect } from './dialects/dialect.js';
import { DIALECTS } from './dialects/index.js';

/**
 * What a request on a provider's host is: a call to meter, free of charge, or spend that cannot be metered (batches,
 * fine-tuning, wire formats this version does not read). Unknown paths count as the last: a budget with a way around
 * it is none.
 */
export type RequestKind =
  | { readonly kind: 'call'; readonly dialect: Dialect }
  | { readonly kind: 'free' }
  | { readonly kind: 'unmetered' };

const READS = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);

/** POSTs that no provider bills: token counters, files, stored objects, cancelling. */
const FREE_PATHS = [
  /\/moderations$/,
  /\/(responses\/input_tokens|messages\/count_tokens|tokenize|detokenize)$/,
  /\/responses\/[^/]+\/cancel$/,
  /\/chat\/completions\/[^/]+$/,
  /\/(files|uploads|conversations|vector_stores)(\/.*)?$/,
];

/** Mistral bills moderation; elsewhere it is free. */
const BILLED_MODERATION = new Set(['mistral']);

/**
 * Tells a request by its method and path; the path's ending decides, since proxies and gateways add prefixes.
 * @param path the request target, query included
 * @param assumed the format of a POST whose path tells nothing, where the policy names one for its host
 */
export function classify(method: string, path: string, provider: string, assumed: DialectName | undefined): RequestKind {
  if (READS.has(method)) return { kind: 'free' };
  const bare = (path.split('?', 1)[0] ?? '').replace(/\/+$/, '');
  const dialect = Object.values(DIALECTS).find((each) => each.suffixes.some((suffix) => bare.endsWith(suffix)));
  if (dialect) return { kind: 'call', dialect };
  if (FREE_PATHS.some((free) => free.test(bare)) && !BILLED_MODERATION.has(provider)) return { kind: 'free' };
  return assumed === undefined ? { kind: 'unmetered' } : { kind: 'call', dialect: DIALECTS[assumed] };
}
