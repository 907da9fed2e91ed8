import type { RefusalReason } from '../../domain/call.js';
import { tokenCount, usageOf, type Usage } from '../../domain/usage.js';
import { countOf, objectAt, parseObject, textOf, type JsonObject } from '../json.js';
import type { Dialect, Reported, StreamReader } from './dialect.js';
import { partsUnbounded, serverTools } from './unbounded.js';

/** Tools that Anthropic runs itself, by the start of their dated type; all others run at the caller. */
const SERVER_TOOLS = /^(web_search|web_fetch|code_execution|advisor|mcp)/;

/** `POST …/v1/messages`, as Anthropic defined it and several others serve it. */
export const anthropic: Dialect = {
  name: 'anthropic',
  suffixes: ['/v1/messages'],

  read(body) {
    const unbounded = partsUnbounded(body, 'messages') ?? serverTools(body, (type) => !SERVER_TOOLS.test(type));
    return {
      model: textOf(body['model']) ?? '',
      stream: body['stream'] === true,
      outputBound: countOf(body['max_tokens']),
      answers: 1,
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  // The format requires max_tokens; a request without it is answered by an error and costs nothing.
  bound: () => undefined,
  askForUsage: () => undefined,
  reported: (answer) => reportedBy(objectAt(answer, 'usage'), answer['model']),
  stream: () => new MessageStream(),
  refusal: anthropicRefusal,
};

/** Anthropic counts cache reads and writes beside `input_tokens`, not inside: the sum is what the model read. */
function anthropicUsage(usage: JsonObject): Usage | undefined {
  if (typeof usage['input_tokens'] !== 'number' && typeof usage['output_tokens'] !== 'number') return undefined;
  const cacheRead = tokenCount(usage['cache_read_input_tokens']);
  const cacheWrite = tokenCount(usage['cache_creation_input_tokens']);
  return usageOf({
    input: tokenCount(usage['input_tokens']) + cacheRead + cacheWrite,
    output: usage['output_tokens'],
    cacheRead,
    cacheWrite,
    cacheWrite1h: objectAt(usage, 'cache_creation')['ephemeral_1h_input_tokens'],
    reasoning: objectAt(usage, 'output_tokens_details')['thinking_tokens'],
  });
}

function reportedBy(usage: JsonObject, model: unknown): Reported | undefined {
  const known = anthropicUsage(usage);
  return known && { usage: known, ...(typeof model === 'string' ? { model } : {}) };
}

/** `message_start` states the input, each `message_delta` the totals so far: what it names overwrites, null does not. */
class MessageStream implements StreamReader {
  #usage: JsonObject = {};
  #model: string | undefined;
  #complete = false;

  event(data: string): boolean {
    const event = parseObject(data);
    const type = textOf(event?.['type']);
    if (type === 'message_start') {
      const message = objectAt(event, 'message');
      this.#model = textOf(message['model']);
      this.#usage = objectAt(message, 'usage');
    }
    if (type === 'message_delta') {
      this.#usage = { ...this.#usage, ...withoutNulls(objectAt(event, 'usage')) };
      this.#complete = true;
    }
    return type === 'message_stop';
  }

  /** Until the first `message_delta` the output count is a placeholder, so nothing counts as reported. */
  get reported(): Reported | undefined {
    return this.#complete ? reportedBy(this.#usage, this.#model) : undefined;
  }
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** `billing_error` is the format's own word for it; the request id is constant, since its clients print it. */
function anthropicRefusal(message: string, reason: RefusalReason): JsonObject {
  const details = { error_code: `token_budget_${reason}` };
  return { type: 'error', error: { type: 'billing_error', message, details }, request_id: 'req_token_budget' };
}
