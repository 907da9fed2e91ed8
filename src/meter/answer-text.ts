import { parseObject } from './json.js';

/** Members under which the known formats put what a model generated, whole or as the next piece of a stream. */
const GENERATED = new Set([
  'content',
  'text',
  'delta',
  'arguments',
  'partial_json',
  'reasoning_content',
  'reasoning',
  'thinking',
  'refusal',
]);

/**
 * The generated text in an answer's JSON texts (one for a whole answer, one an event for a stream), for counting where
 * the provider reported no usage.
 */
export function answerText(texts: readonly string[]): string {
  const found: string[] = [];
  for (const text of texts) collect(parseObject(text), false, found);
  return found.join('');
}

function collect(value: unknown, generated: boolean, found: string[]): void {
  if (typeof value === 'string') {
    if (generated) found.push(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, generated, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) collect(member, GENERATED.has(key), found);
  }
}
