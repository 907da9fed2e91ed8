import { hasMedia } from '../estimate.js';
import { isObject, textOf, type JsonObject } from '../json.js';

/** Members that let the provider add work of its own or read what the request does not show. */
export interface UnboundedBy {
  /** Reason in words, by the member that causes it where it is set. */
  readonly members: Readonly<Record<string, string>>;
  /** Types of the tools that run at the caller. */
  readonly localTools: RegExp;
}

/** Why the request's bytes and its stated bound are no upper bound of what the call may cost, where they are not. */
export function unboundedBy(body: JsonObject, { members, localTools }: UnboundedBy): string | undefined {
  if (hasMedia(body)) return 'media';
  const member = Object.keys(members).find((key) => isSet(body[key]));
  if (member !== undefined) return members[member];
  return hasServerTools(body.tools, localTools) ? SERVER_TOOLS : undefined;
}

/** Tools that run at the provider re-read the context each turn, so that the request's bytes bound one turn only. */
export const SERVER_TOOLS = 'server tools';
export const PROVIDER_STATE = 'state at the provider';
export const UNREADABLE_ANSWERS = 'an unreadable number of answers';
export const OTHER_MODELS = 'other models as a fallback';

function isSet(value: unknown): boolean {
  if (value == null || value === false) return false;
  return !(Array.isArray(value) && value.length === 0);
}

function hasServerTools(tools: unknown, local: RegExp): boolean {
  if (!Array.isArray(tools)) return false;
  return tools.some((tool) => isObject(tool) && !local.test(textOf(tool.type) ?? 'function'));
}
