import { routerTools, toolFacts } from '../asked-tools.js';
import type { Dialect } from './dialect.js';
import { modelOf } from './model-of.js';
import { statedAnswers, statedBound } from '../stated-bound.js';
import { unboundedIn } from './chat-unbounded.js';

/** OpenAI's models for plain completions, which write so many tokens where a request states no bound. */
const BRIEF_MODEL = /^(gpt-3\.5-turbo-instruct|davinci-002|babbage-002)/;
const BRIEF = 16;

/**
 * `POST …/completions`: a prompt, or several, to be continued. Mistral's `…/fim/completions` asks and answers alike.
 * @param chat OpenAI's, which answers alike
 */
export function completionsOf(chat: Dialect): Dialect {
  return {
    ...chat,
    name: 'openai-completions',
    statesCost: false,
    lowers: [],
    suffixes: ['/completions'],

    read(body, path) {
      const model = modelOf(body, path);
      const { zero, ...stated } = statedBound(body, ['max_tokens']);
      const answers = statedAnswers(body);
      const unbounded = unboundedIn(body);
      return {
        model,
        stream: body.stream === true,
        ...stated,
        outputBound: stated.outputBound ?? (BRIEF_MODEL.test(model) ? BRIEF : undefined),
        // With `echo` the prompt itself is the answer, so that a bound of 0 means 0.
        ...(zero && body.echo !== true && { zero }),
        answers: (answers ?? 1) * promptsOf(body.prompt),
        ...toolFacts(routerTools(body)),
        ...(unbounded === undefined ? {} : { unbounded }),
      };
    },

    bound: (tokens) => ({ max_tokens: tokens }),
  };
}

/** A list of texts, or of lists of token ids, is as many prompts; a list of ids is one. */
function promptsOf(prompt: unknown): number {
  if (!Array.isArray(prompt)) return 1;
  return prompt.some((each) => typeof each === 'number') ? 1 : Math.max(1, prompt.length);
}
