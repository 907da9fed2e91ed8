/**
 * HTML that is safe by construction: a template's own text stands as written, all that is put into it is escaped, unless
 * it is itself such markup. Text and quoted attribute values need the same escapes, so that one rule serves both.
 */
import { oneLine } from '../escape.js';

/** HTML made by `html`. */
export interface Markup {
  readonly markup: string;
}

/** What can be put into a template. */
export type Part = Markup | string | number | readonly Markup[];

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

const MOST_NAME = 120;
const NOTHING: Markup = { markup: '' };

/** A template whose parts are escaped; attribute values in it must stand in double quotes. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.reduce((markup, text, index) => markup + text + markupOf(parts[index] ?? ''), '') };
}

/** The markup where the condition holds, else nothing. */
export function when(condition: boolean, markup: () => Markup): Markup {
  return condition ? markup() : NOTHING;
}

/** Text of our own that stands as it is: the style sheet and the script. */
export function verbatim(text: string): Markup {
  return { markup: text };
}

/** An outside name on one line, without anything invisible, at most `max` characters; to be put into a template. */
export function name(text: string, max = MOST_NAME): string {
  return oneLine(text, max) || '(none)';
}

/** A coordinate to a tenth, which is finer than anybody sees. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function markupOf(part: Part): string {
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map((one) => one.markup).join('');
}

function escaped(text: string): string {
  return text.replace(/\p{C}/gu, ' ').replace(/[&<>"']/g, (character) => ESCAPES.get(character) ?? '');
}
