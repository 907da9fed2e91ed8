import { countOf } from '../json.js';
import type { Dialect } from './dialect.js';
import { modelOf } from './model-of.js';
import { openaiChat } from './openai-chat.js';

/** OpenAI's models for plain completions, which write so many tokens where a request states no bound. */
const BRIEF_MODEL = /^(gpt-3\.5-turbo-instruct|davinci-002|babbage-002)/;
const BRIEF = 16;

/** `POST …/completions`: a prompt, or several, to be continued. Mistral's `…/fim/completions` asks and answers alike. */
export const openaiCompletions: Dialect = {
  ...openaiChat,
  name: 'openai-completions',
  suffixes: ['/completions'],

  read(body, path) {
    const model = modelOf(body, path);
    const bound = countOf(body.max_tokens) ?? 0;
    const several = [body.n, body.best_of].some((count) => count != null && countOf(count) === undefined);
    return {
      model,
      stream: body.stream === true,
      outputBound: bound > 0 ? bound : BRIEF_MODEL.test(model) ? BRIEF : undefined,
      answers: Math.max(1, countOf(body.n) ?? 1, countOf(body.best_of) ?? 1) * promptsOf(body.prompt),
      ...(several ? { unbounded: 'a number of answers that is no count' } : {}),
    };
  },

  bound: (tokens) => ({ max_tokens: tokens }),
};

/** A list of texts, or of lists of token ids, is as many prompts; a list of ids is one. */
function promptsOf(prompt: unknown): number {
  if (!Array.isArray(prompt)) return 1;
  return prompt.some((each) => typeof each === 'number') ? 1 : Math.max(1, prompt.length);
}
