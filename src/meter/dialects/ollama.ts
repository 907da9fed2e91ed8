import { NO_USAGE, usageOf } from '../../domain/usage.js';
import { isObject, objectAt, parseObject, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import { statedBound } from '../stated-bound.js';
import type { Dialect, Reported, StreamReader } from './dialect.js';

/** Tokens of the system prompt and the template that a model file may put around a request, as far as one can tell. */
const MODEL_FILE = 2_000;

/** `POST …/api/chat` and `…/api/generate`, which stream lines of JSON unless told not to. */
export const ollama: Dialect = {
  name: 'ollama',
  suffixes: ['/api/chat', '/api/generate'],
  free: [/\/api\/(show|pull|push|create|copy|delete|me|signout|blobs\/sha256:[0-9a-f]{64})$/],

  read(body) {
    // −1 and −2 stand for no bound, and so does 0 in older versions.
    return {
      model: textOf(body.model) ?? '',
      stream: body.stream !== false,
      ...statedBound(body, ['num_predict'], objectAt(body, 'options')),
      answers: 1,
      overhead: MODEL_FILE,
      ...(hasPictures(body) ? { unbounded: 'media' } : {}),
    };
  },

  bound: (tokens, _, body) => ({ options: { ...objectAt(body, 'options'), num_predict: tokens } }),
  askForUsage: () => undefined,
  reported: reportedIn,
  isFinal: (answer) => answer.error == null && answer.done !== false,
  stream: () => new LineStream(),
  refusal: (message) => ({ error: message }),
  interruption: (message) => `${JSON.stringify({ error: message })}\n`,
};

/** `POST …/api/embed`: input only, never streamed. The older `…/api/embeddings` reads as OpenAI's do: neither counts. */
export const ollamaEmbeddings: Dialect = {
  ...ollama,
  suffixes: ['/api/embed'],
  read: (body) => ({
    model: textOf(body.model) ?? '',
    stream: false,
    outputBound: 0,
    answers: 1,
    overhead: MODEL_FILE,
  }),
  bound: () => undefined,
};

function hasPictures(body: JsonObject): boolean {
  const messages: readonly unknown[] = Array.isArray(body.messages) ? body.messages : [];
  return [body, ...messages].some((each) => isObject(each) && Array.isArray(each.images) && each.images.length > 0);
}

/** A prompt that is all in the server's cache is not counted: then only what was generated is known. */
function reportedIn(answer: JsonObject): Reported | undefined {
  const model = textOf(answer.model);
  const named = model === undefined ? {} : { model };
  const read = reportedCount(answer.prompt_eval_count);
  const input = read === 0 ? undefined : read;
  const output = reportedCount(answer.eval_count);
  if (answer.done_reason === 'load' || answer.done_reason === 'unload')
    return { usage: NO_USAGE, nothing: true, ...named };
  if (input === undefined && output === undefined) return undefined;
  if (answer.prompt_eval_count != null && read === undefined) return undefined;
  if (answer.eval_count != null && output === undefined) return undefined;
  const usage = usageOf({ input, output });
  return { usage, ...named, ...(input === undefined ? { inputUnknown: true } : {}) };
}

class LineStream implements StreamReader {
  reported: Reported | undefined;

  event(data: string): boolean {
    if (!data.includes('"done"')) return false;
    const line = parseObject(data);
    if (line?.done !== true) return false;
    this.reported = reportedIn(line);
    return line.error == null;
  }
}
