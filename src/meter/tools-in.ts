import { isObject, type JsonObject } from '../lib/json.js';

/** Members of a body, in any format, that bring tools or a schema: instructions come with them. */
const BRINGS = [
  'tools',
  'functions',
  'toolConfig',
  'output_format',
  'output_config',
  'outputConfig',
  'response_format',
];
/** Lists of what was said, in any format. */
const TURNS = ['messages', 'input', 'inputs', 'contents', 'chat_history', 'tool_results', 'steps'];
const TELLING = /tool|function/i;

/** Whether a request brings tools, calls of them or their results, which some servers write anew. */
export function bringsTools(body: JsonObject): boolean {
  return BRINGS.some((name) => isSet(body[name])) || TURNS.some((name) => list(body[name]).some(usesTools));
}

function usesTools(turn: unknown): boolean {
  if (!isObject(turn)) return false;
  const { role, type, content, parts } = turn;
  const named = [role, type].some((word) => typeof word === 'string' && TELLING.test(word));
  if (named || Object.keys(turn).some((key) => TELLING.test(key) && turn[key] != null)) return true;
  return [...list(content), ...list(parts)].some((part) => isObject(part) && isToolPart(part));
}

function isToolPart(part: JsonObject): boolean {
  return TELLING.test(String(part.type)) || Object.keys(part).some((key) => TELLING.test(key));
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value != null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
