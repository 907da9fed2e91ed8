import { textOf } from '../json.js';
import type { Dialect } from './dialect.js';
import { openaiRefusal, openaiUsage } from './openai-usage.js';

/** `POST …/embeddings`: input only, never streamed. */
export const openaiEmbeddings: Dialect = {
  name: 'openai-embeddings',
  suffixes: ['/embeddings'],
  read: (body) => ({ model: textOf(body['model']) ?? '', stream: false, outputBound: 0, answers: 1 }),
  bound: () => undefined,
  askForUsage: () => undefined,

  reported(answer) {
    const usage = openaiUsage(answer['usage']);
    const model = textOf(answer['model']);
    return usage && { usage, ...(model === undefined ? {} : { model }) };
  },

  stream: () => ({ event: () => false, reported: undefined }),
  refusal: openaiRefusal,
};
