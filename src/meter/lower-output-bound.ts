/** Lowers the output bound that a request states. */
import type { DialectName } from '../domain/call.js';
import { LEAST_BOUND } from '../domain/limit.js';
import { objectAt, type JsonObject } from '../lib/json.js';
import { numberIn } from './stated-bound.js';

/** Where formats state the bound, all of them members of the body. A format that is not listed keeps its bounds. */
const BOUNDS: Readonly<Partial<Record<DialectName, readonly string[]>>> = {
  'openai-chat': ['max_completion_tokens', 'max_tokens'],
  'openai-responses': ['max_output_tokens'],
  anthropic: ['max_tokens'],
};

/**
 * Members that bring a stated bound down to so many tokens; undefined where the format has no place for them. The name
 * that the request uses is kept: OpenAI takes only one of its two.
 * @param repeated members that the request states twice: which of the two counts is the server's choice, so they are
 * written anew however low the last is
 */
export function loweredMembers(
  dialect: DialectName,
  body: JsonObject,
  tokens: number,
  repeated: ReadonlySet<string> = new Set(),
): JsonObject | undefined {
  const stated = BOUNDS[dialect]?.flatMap((name) => {
    const bound = numberIn(body[name]);
    return bound !== undefined && (bound > tokens || repeated.has(name)) ? [[name, Math.min(bound, tokens)]] : [];
  });
  return stated === undefined || stated.length === 0 ? undefined : (Object.fromEntries(stated) as JsonObject);
}

/** The least bound that a request can do with. Anthropic answers one that is not above `thinking.budget_tokens` by a 400. */
export function leastBound(body: JsonObject): number {
  return Math.max(LEAST_BOUND, (numberIn(objectAt(body, 'thinking').budget_tokens) ?? 0) + 1);
}
