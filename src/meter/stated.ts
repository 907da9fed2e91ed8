import type { DialectName } from '../domain/call.js';

/**
 * Providers whose answers state what the call cost, in OpenAI's formats: OpenRouter in `usage.cost`, xAI in
 * `usage.cost_in_usd_ticks`, Perplexity in `usage.cost.total_cost` (openrouter.ai/docs/use-cases/usage-accounting,
 * docs.x.ai cost tracking, docs.perplexity.ai chat completions, 2026-11-24).
 */
const STATING: ReadonlySet<string> = new Set(['openrouter', 'x-ai', 'perplexity']);

/** Whether an answer in this format of this provider is known to state its own cost. */
export function statesCost(provider: string, dialect: DialectName): boolean {
  return STATING.has(provider) && (dialect === 'openai-chat' || dialect === 'openai-responses');
}
