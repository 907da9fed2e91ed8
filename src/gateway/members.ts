import type { JsonObject } from '../meter/json.js';

/**
 * Adds top-level members to a JSON object's text and leaves all other bytes as they are: numbers keep their spelling
 * and members their order. Members that the text already has (as null, say) make a rewrite of the whole text necessary.
 */
export function withMembers(text: string, parsed: JsonObject, members: JsonObject): string {
  const keys = Object.keys(members);
  if (keys.length === 0) return text;
  if (keys.some((key) => key in parsed)) return JSON.stringify({ ...parsed, ...members });
  const open = text.indexOf('{') + 1;
  const inserted = JSON.stringify(members).slice(1, -1);
  const separator = Object.keys(parsed).length === 0 ? '' : ',';
  return `${text.slice(0, open)}${inserted}${separator}${text.slice(open)}`;
}
