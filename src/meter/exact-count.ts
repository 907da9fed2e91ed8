/**
 * A request's input as OpenAI's own tokenizers count it: a bound tighter than its bytes, for OpenAI's own models alone.
 * Whose tokenizer is not public, or only looks alike, has none: a count by another is not a bound, whatever factor it gets.
 */
import { plainTexts } from './countable-text.js';
import type { Provider } from '../providers/provider.js';
import type { EncodingName } from './counter.js';

/** Counts a text by a named tokenizer. */
export type CountBy = (encoding: EncodingName, text: string) => Promise<number>;

/** After tiktoken's model table (0.14.0, tiktoken/model.py, 2026-11-28). A model that it does not list has no count. */
const MODELS: readonly (readonly [EncodingName, RegExp])[] = [
  ['o200k_base', /^(ft:)?(gpt-4o|chatgpt-4o|gpt-4\.[15]|gpt-5|o1|o3|o4-mini)(?![a-z0-9])/],
  ['cl100k_base', /^(ft:)?(gpt-4|gpt-3\.5|gpt-35-turbo)(?![a-z0-9.])/],
  ['cl100k_base', /^(ft:)?(davinci|babbage)-002|^text-embedding-(ada-002|3-(small|large))/],
];

/** The tokenizers that a model may be billed by, all of which are to be asked; none where that is not known. */
export function encodingsOf({ tokenizers }: Pick<Provider, 'tokenizers'>, model: string): readonly EncodingName[] {
  const known = MODELS.find(([, pattern]) => pattern.test(model.toLowerCase()))?.[0];
  if (known === undefined || tokenizers === undefined) return [];
  return tokenizers === 'any' ? ['o200k_base', 'cl100k_base'] : [known];
}

/** Shorter texts count by their bytes: there is little to win. */
const SHORTEST = 32;

/**
 * Tokens by which a request's bytes overstate it: of each text that goes before the model as it is, the bytes that it
 * surely has in the JSON, less its tokens. All else keeps its bytes.
 * @throws CounterError where the tokenizer cannot be had
 */
export async function overstated(body: unknown, encodings: readonly EncodingName[], count: CountBy): Promise<number> {
  const texts = plainTexts(body, SHORTEST);
  const counts = await Promise.all(
    texts.map(async (text) => Math.max(...(await Promise.all(encodings.map((encoding) => count(encoding, text)))))),
  );
  const bytes = texts.map((text) => Buffer.byteLength(JSON.stringify(text)) - 2);
  return bytes.reduce((sum, size, at) => sum + Math.max(0, size - (counts[at] ?? size)), 0);
}
