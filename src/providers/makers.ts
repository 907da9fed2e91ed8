/** Whose model a name stands for. What is billed is counted by its maker's tokenizer, wherever the model is served. */

/** Makers whose tokenizers or templates have a rule of their own; `open` is every other known one. */
export type Maker = 'openai' | 'anthropic' | 'google' | 'mistral' | 'x-ai' | 'open';

/** The first that matches decides: a name may tell of two, as `deepseek-r1-distill-llama` does. */
const NAMES: readonly (readonly [Maker, RegExp])[] = [
  ['anthropic', /claude/],
  ['open', /gpt-oss/],
  ['openai', /(^|[/.:])(gpt-\d|chatgpt-|o[134](-|$)|text-embedding-(3|ada)|(davinci|babbage)-002|codex-|computer-use)/],
  ['google', /gemini/],
  ['mistral', /mi[sx]tral|magistral|codestral|devstral|pixtral|voxtral/],
  ['x-ai', /grok/],
  [
    'open',
    /llama|qwen|qwq|gemma|deepseek|kimi|moonshot|glm-|minimax|phi-?\d|nemotron|granite|jamba|command|embed-|rerank|aya-|nova|titan|palmyra|sonar|hermes|olmo|falcon|yi-|smollm|bge-|e5-|gte-|nomic/,
  ],
];

/**
 * The maker of a model: as its name tells, else the one whose models its provider serves.
 * @returns undefined where neither tells
 */
export function makerOf(provider: { readonly maker?: Maker }, model: string): Maker | undefined {
  const name = model.toLowerCase();
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? provider.maker;
}
