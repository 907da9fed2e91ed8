import { countOf, isObject, objectAt, parseObject, textOf, type JsonObject } from '../json.js';
import type { Dialect, Reported, StreamReader } from './dialect.js';
import { openaiRefusal, openaiUsage } from './openai-usage.js';
import { partsUnbounded, serverTools } from './unbounded.js';

const LOCAL_TOOLS = new Set(['function', 'custom']);

/** `POST …/responses`. Usage stands in the answer, and in a stream in the event that ends it. */
export const openaiResponses: Dialect = {
  name: 'openai-responses',
  suffixes: ['/responses', '/responses/compact'],

  read(body) {
    const unbounded = unboundedBy(body);
    return {
      model: textOf(body['model']) ?? '',
      stream: body['stream'] === true,
      outputBound: countOf(body['max_output_tokens']),
      answers: 1,
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  bound: (tokens) => ({ max_output_tokens: tokens }),
  askForUsage: () => undefined,
  reported: reportedIn,
  stream: () => new ResponsesStream(),
  refusal: openaiRefusal,
};

function unboundedBy(body: JsonObject): string | undefined {
  const state = ['previous_response_id', 'conversation', 'prompt'].some((key) => body[key] != null);
  if (state) return 'state at the provider';
  return partsUnbounded(body, 'input') ?? serverTools(body, (type) => LOCAL_TOOLS.has(type));
}

function reportedIn(answer: JsonObject): Reported | undefined {
  const usage = openaiUsage(answer['usage']);
  const model = textOf(answer['model']);
  return usage && { usage, ...(model === undefined ? {} : { model }) };
}

const LAST_EVENTS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

class ResponsesStream implements StreamReader {
  reported: Reported | undefined;

  event(data: string): boolean {
    const event = parseObject(data);
    if (!event || !isObject(event['response'])) return false;
    this.reported = reportedIn(objectAt(event, 'response')) ?? this.reported;
    return LAST_EVENTS.has(textOf(event['type']) ?? '');
  }
}
