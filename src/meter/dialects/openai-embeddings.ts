import { usageOf, type Usage } from '../../domain/usage.js';
import { isObject, reportedCount } from '../../lib/json.js';
import type { Dialect } from './dialect.js';
import { modelOf } from './model-of.js';
import { openaiRefusal, openaiReported } from './openai-usage.js';

/** `POST …/embeddings`: input only, never streamed. */
export const openaiEmbeddings: Dialect = {
  name: 'openai-embeddings',
  by: 'openai',
  suffixes: ['/embeddings'],

  read(body, path) {
    const { input } = body;
    // Text or token ids are at least a byte a token; an object is an image by its address.
    const media = (Array.isArray(input) ? input : [input]).some(isObject);
    return {
      model: modelOf(body, path),
      stream: false,
      outputBound: 0,
      answers: 1,
      ...(media ? { unbounded: 'media' } : {}),
    };
  },

  bound: () => undefined,
  askForUsage: () => undefined,
  reported: (answer) => openaiReported(answer, embeddingUsage(answer.usage)),
  isFinal: (answer) => !isObject(answer.error),
  stream: () => ({ event: () => false, reported: undefined }),
  refusal: openaiRefusal,
};

/** Nothing is generated, so whatever is counted was read; some compatible servers state the total only. */
function embeddingUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const counts = [usage.prompt_tokens, usage.input_tokens, usage.total_tokens].filter((count) => count != null);
  const known = counts.map(reportedCount);
  if (known.length === 0 || known.includes(undefined)) return undefined;
  return usageOf({ input: Math.max(...known.map((count) => count ?? 0)) });
}
