import type { JsonObject } from '../lib/json.js';
import { memberSpans } from '../meter/json-text.js';

/**
 * Sets top-level members in a JSON object's text and leaves all other bytes as they are: numbers keep their spelling
 * (a seed may pass 2^53) and members their order. A member that the text already has (as null, say) gets its new value
 * where it stands; the others come first.
 * @param text an object that JSON.parse takes
 */
export function withMembers(text: string, parsed: JsonObject, members: JsonObject): string {
  const keys = Object.keys(members);
  const present = keys.filter((key) => Object.hasOwn(parsed, key));
  const added = Object.fromEntries(Object.entries(members).filter(([key]) => !present.includes(key)));
  return prepended(present.length === 0 ? text : replaced(text, members), added, Object.keys(parsed).length === 0);
}

function prepended(text: string, added: JsonObject, empty: boolean): string {
  const inserted = JSON.stringify(added).slice(1, -1);
  if (inserted === '') return text;
  const open = text.indexOf('{') + 1;
  return `${text.slice(0, open)}${inserted}${empty ? '' : ','}${text.slice(open)}`;
}

/** Every member of these keys gets the new value: which of two with the same key counts is the reader's choice. */
function replaced(text: string, members: JsonObject): string {
  const pieces: string[] = [];
  let kept = 0;
  for (const { key, value, end } of memberSpans(text)) {
    if (!Object.hasOwn(members, key)) continue;
    pieces.push(text.slice(kept, value), JSON.stringify(members[key]));
    kept = end;
  }
  return pieces.join('') + text.slice(kept);
}
