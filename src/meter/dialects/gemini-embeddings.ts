import { hasMedia } from '../countable-text.js';
import type { Dialect } from './dialect.js';
import { gemini } from './gemini.js';
import { modelOfPath } from './gemini-usage.js';

/** `POST …/models/NAME:embedContent` and `:batchEmbedContents`. The Gemini API mostly states no usage for them. */
export const geminiEmbeddings: Dialect = {
  ...gemini,
  suffixes: [':embedContent', ':batchEmbedContents'],

  read: (body, path) => ({
    model: modelOfPath(path),
    stream: false,
    outputBound: 0,
    answers: 1,
    ...(hasMedia(body) ? { unbounded: 'media' } : {}),
  }),

  bound: () => undefined,
  isFinal: (answer) => answer.error == null && (answer.embedding ?? answer.embeddings) != null,
};
