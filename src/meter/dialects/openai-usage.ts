import type { RefusalReason } from '../../domain/call.js';
import { tokenCount, usageOf, type Usage } from '../../domain/usage.js';
import { isObject, objectAt, type JsonObject } from '../json.js';

/**
 * Usage as OpenAI's formats state it. Cached and reasoning tokens are parts of their totals, but some compatible
 * providers (xAI, Perplexity) leave reasoning out of `completion_tokens`; their `total_tokens` has it, so the larger
 * of the two counts wins.
 */
export function openaiUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const input = usage['prompt_tokens'] ?? usage['input_tokens'];
  const output = usage['completion_tokens'] ?? usage['output_tokens'];
  if (typeof input !== 'number' && typeof output !== 'number') return undefined;
  const inputDetails = { ...objectAt(usage, 'prompt_tokens_details'), ...objectAt(usage, 'input_tokens_details') };
  const outputDetails = { ...objectAt(usage, 'completion_tokens_details'), ...objectAt(usage, 'output_tokens_details') };
  return usageOf({
    input,
    output: Math.max(tokenCount(output), tokenCount(usage['total_tokens']) - tokenCount(input)),
    cacheRead: inputDetails['cached_tokens'] ?? usage['prompt_cache_hit_tokens'] ?? usage['num_cached_tokens'],
    cacheWrite: inputDetails['cache_write_tokens'],
    reasoning: outputDetails['reasoning_tokens'],
  });
}

/** OpenAI's error shape; its official clients keep `code` as a property of the error. */
export function openaiRefusal(message: string, reason: RefusalReason): JsonObject {
  const code = reason === 'unmetered' || reason === 'unpriced' ? `token_budget_${reason}` : 'token_budget_exceeded';
  return { error: { message, type: 'insufficient_quota', param: null, code, reason } };
}
