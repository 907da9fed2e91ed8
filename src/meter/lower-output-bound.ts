/** Lowers the output bound that a request states. */
import type { Dialect } from './dialects/dialect.js';
import { LEAST_BOUND } from '../domain/limit.js';
import { objectAt, type JsonObject, numberIn } from '../lib/json.js';

/**
 * Members that bring a stated bound down to so many tokens; undefined where the format has no place for them. The name
 * that the request uses is kept: OpenAI takes only one of its two.
 * @param repeated members that the request states twice: which of the two counts is the server's choice, so they are
 * written anew however low the last is
 */
export function loweredMembers(
  { lowers = [] }: Pick<Dialect, 'lowers'>,
  body: JsonObject,
  tokens: number,
  repeated: ReadonlySet<string> = new Set(),
): JsonObject | undefined {
  const stated = lowers.flatMap((name) => {
    const bound = numberIn(body[name]);
    return bound !== undefined && (bound > tokens || repeated.has(name))
      ? [[name, Math.min(bound, tokens)] as const]
      : [];
  });
  return stated.length === 0 ? undefined : Object.fromEntries<unknown>(stated);
}

/** The least bound that a request can do with. Anthropic answers one that is not above `thinking.budget_tokens` by a 400. */
export function leastBound(body: JsonObject): number {
  return Math.max(LEAST_BOUND, (numberIn(objectAt(body, 'thinking').budget_tokens) ?? 0) + 1);
}
