/**
 * Finds the top-level members of a JSON object in its text, so that one can be put in or taken out while every other
 * byte stays. The text must be an object that JSON.parse takes; nothing here recurses.
 */

/** Where one member stands in the text. */
export interface MemberSpan {
  readonly key: string;
  /** Of its key's opening quote. */
  readonly start: number;
  /** Of its value's first character. */
  readonly value: number;
  /** After its value's last character. */
  readonly end: number;
}

/** The members in their order; a key that is written twice is in it twice. */
export function memberSpans(text: string): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] === '"') {
    const keyEnd = stringEnd(text, at);
    const value = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, value);
    spans.push({ key: String(JSON.parse(text.slice(at, keyEnd))), start: at, value, end });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return spans;
}

/** The text without the first member of that key and the comma that it brought; the text itself where it has none. */
export function withoutMember(text: string, key: string): string {
  const spans = memberSpans(text);
  const i = spans.findIndex((span) => span.key === key);
  const span = spans[i];
  if (!span) return text;
  const previous = spans[i - 1];
  if (previous) return text.slice(0, previous.end) + text.slice(span.end);
  return text.slice(0, span.start) + text.slice(spans[i + 1]?.start ?? span.end);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

/** The index after the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

const SCALAR_ENDS = new Set([',', '}', ']', ' ', '\n', '\r', '\t']);

function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (depth === 0 && SCALAR_ENDS.has(char)) return at;
    if (char === '"') at = stringEnd(text, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    const closed = char === '"' || char === '}' || char === ']';
    if (closed && depth === 0) return at + 1;
  }
  return text.length;
}
