import { countOf, isObject, objectAt, parseObject, textOf, type JsonObject } from '../json.js';
import { partsUnbounded } from './unbounded.js';
import type { Dialect, Reported, StreamReader } from './dialect.js';
import { openaiRefusal, openaiUsage } from './openai-usage.js';

/** Providers that report usage in every stream, or whose schema is too strict for the option. */
const REPORTS_UNASKED = new Set(['mistral', 'groq', 'openrouter', 'together', 'fireworks', 'perplexity']);

/** `POST …/chat/completions`, as OpenAI defined it and many providers and local servers speak it. */
export const openaiChat: Dialect = {
  name: 'openai-chat',
  suffixes: ['/chat/completions'],

  read(body) {
    const unbounded = partsUnbounded(body, 'messages') ?? (body['web_search_options'] ? 'server tools' : undefined);
    return {
      model: textOf(body['model']) ?? '',
      stream: body['stream'] === true,
      outputBound: countOf(body['max_completion_tokens']) ?? countOf(body['max_tokens']),
      answers: Math.max(1, countOf(body['n']) ?? 1),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  // OpenAI refuses max_tokens for reasoning models; most compatible servers know no other name.
  bound: (tokens, provider) =>
    provider === 'openai' || provider === 'azure' ? { max_completion_tokens: tokens } : { max_tokens: tokens },

  askForUsage(body, provider) {
    if (body['stream'] !== true || REPORTS_UNASKED.has(provider)) return undefined;
    const options = objectAt(body, 'stream_options');
    return options['include_usage'] === true ? undefined : { stream_options: { ...options, include_usage: true } };
  },

  reported: reportedIn,
  stream: () => new ChatStream(),
  refusal: openaiRefusal,
};

/** The usage chunk that comes only when asked for: an empty or absent `choices` beside a usage object. */
export function isUsageChunk(chunk: JsonObject): boolean {
  const choices = chunk['choices'];
  return isObject(chunk['usage']) && (choices == null || (Array.isArray(choices) && choices.length === 0));
}

function reportedIn(answer: JsonObject): Reported | undefined {
  const usage = openaiUsage(answer['usage']) ?? openaiUsage(objectAt(answer, 'x_groq')['usage']);
  const model = textOf(answer['model']);
  return usage && { usage, ...(model === undefined ? {} : { model }) };
}

class ChatStream implements StreamReader {
  reported: Reported | undefined;

  event(data: string): boolean {
    if (data.trim() === '[DONE]') return true;
    const chunk = parseObject(data);
    if (chunk) this.reported = reportedIn(chunk) ?? this.reported;
    return false;
  }
}
