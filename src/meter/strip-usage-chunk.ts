/** Takes out of a chat's stream what `include_usage` brings, where the gateway asked for that on its own behalf. */
import { isObject, parseObject, type JsonObject } from '../lib/json.js';
import { withoutMember } from './json-text.js';

/**
 * A block of a chat stream as it would have been without `include_usage`: the extra chunk is gone, the others say
 * nothing of usage, and every other byte stays.
 * @param data the block's data
 */
export function withoutUsage(block: Buffer, data: string): Buffer[] {
  if (!data.includes('"usage"')) return [block];
  const chunk = parseObject(data);
  if (chunk && isUsageChunk(chunk)) return [];
  return [chunk?.usage === null ? withoutNullUsage(block) : block];
}

/** Latin-1 takes each byte for one character and back, whatever the text's own encoding. */
function withoutNullUsage(block: Buffer): Buffer {
  const text = block.toString('latin1');
  const start = text.indexOf('{', text.indexOf('data:'));
  const end = text.lastIndexOf('}') + 1;
  const chunk = text.slice(start, end);
  // No format spreads a chunk over lines; one that did keeps its null.
  if (/[\r\n]/.test(chunk)) return block;
  return Buffer.from(text.slice(0, start) + withoutMember(chunk, 'usage') + text.slice(end), 'latin1');
}

/** The usage chunk that comes only when asked for: an empty or absent `choices` beside a usage object. */
function isUsageChunk(chunk: JsonObject): boolean {
  if (!isObject(chunk.usage) || chunk.error != null) return false;
  const choices = chunk.choices;
  return choices == null || (Array.isArray(choices) && choices.length === 0);
}
