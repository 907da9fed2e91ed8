import { usageOf } from '../../domain/usage.js';
import { objectAt, parseObject, reportedCount, type JsonObject } from '../../lib/json.js';
import { statedAnswers, statedBound } from '../stated-bound.js';
import type { Dialect, Reported, StreamReader } from './dialect.js';
import { UNREADABLE_ANSWERS } from './unbounded.js';
import { openaiInterruption } from './openai-usage.js';

/**
 * Hugging Face's text-generation-inference: `POST /generate` and `/generate_stream`. Its paths may be anyone's, so a
 * policy names it for its host. A server has one model and no request names it.
 */
export const tgi: Dialect = {
  name: 'tgi',
  suffixes: [],

  read(body, path) {
    const parameters = objectAt(body, 'parameters');
    const answers = statedAnswers(parameters);
    return {
      model: 'tgi',
      stream: body.stream === true || path.endsWith('_stream'),
      ...statedBound(body, ['max_new_tokens'], parameters),
      answers: answers ?? 1,
      ...(answers === undefined ? { unbounded: UNREADABLE_ANSWERS } : {}),
    };
  },

  bound: (tokens, _, body) => ({ parameters: { ...objectAt(body, 'parameters'), max_new_tokens: tokens } }),
  askForUsage: () => undefined,
  reported: reportedIn,
  isFinal: (answer) => answer.error == null,
  stream: () => new TokenStream(),
  refusal: (message) => ({ error: message, error_type: 'token_budget' }),
  interruption: openaiInterruption,
};

/** Details come only where asked for; the prompt's tokens are a number in a stream, and a list otherwise. */
function reportedIn(answer: JsonObject): Reported | undefined {
  const { generated_tokens, input_length, prefill } = objectAt(answer, 'details');
  const output = reportedCount(generated_tokens);
  if (output === undefined) return undefined;
  const listed = Array.isArray(prefill) && prefill.length > 0 ? prefill.length : undefined;
  const input = reportedCount(input_length) ?? listed;
  return { usage: usageOf({ input, output }), ...(input === undefined ? { inputUnknown: true } : {}) };
}

class TokenStream implements StreamReader {
  reported: Reported | undefined;

  event(data: string): boolean {
    if (!data.includes('"generated_text"')) return false;
    const event = parseObject(data);
    if (event?.generated_text == null) return false;
    this.reported = reportedIn(event);
    return true;
  }
}
