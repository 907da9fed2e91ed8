import { usageOf } from '../../domain/usage.js';
import { routerTools, toolFacts, typedTools } from '../asked-tools.js';
import { countOf, isObject, parseObject, textOf, type JsonObject } from '../../lib/json.js';
import type { Dialect, Reported, StreamReader } from './dialect.js';
import { modelOf } from './model-of.js';
import { openaiRefusal, openaiReported, openaiServiceWords, openaiUsage } from './openai-usage.js';
import { responseTools } from './response-tools.js';
import { statedBound } from '../stated-bound.js';
import { PROVIDER_STATE, SERVER_TOOLS, unboundedBy } from './unbounded.js';

const UNBOUNDED_BY = {
  localTools: /^(function|custom)$/,
  members: {
    previous_response_id: PROVIDER_STATE,
    conversation: PROVIDER_STATE,
    prompt: PROVIDER_STATE,
    context_management: SERVER_TOOLS,
  },
};

/** `POST …/responses`. Usage stands in the answer, and in a stream in the event that ends it. */
export const openaiResponses: Dialect = {
  name: 'openai-responses',
  by: 'openai',
  statesCost: true,
  suffixes: ['/responses'],
  free: [/\/responses\/input_tokens$/, /\/responses\/[\w-]+\/cancel$/, /\/conversations(\/conv_[\w-]+(\/items)?)?$/],
  lowers: ['max_output_tokens'],
  askedForAt: /\/responses\/([\w-]+)(?:\/cancel)?$/,
  serviceWords: openaiServiceWords,

  read(body, path) {
    const unbounded = unboundedBy(body, UNBOUNDED_BY) ?? (refersToItems(body.input) ? PROVIDER_STATE : undefined);
    return {
      model: modelOf(body, path),
      stream: body.stream === true,
      ...statedBound(body, ['max_output_tokens']),
      answers: 1,
      ...toolFacts([
        ...typedTools(body.tools, UNBOUNDED_BY.localTools, countOf(body.max_tool_calls)),
        ...routerTools(body),
      ]),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  bound: (tokens) => ({ max_output_tokens: tokens }),
  askForUsage: () => undefined,
  reported: reportedIn,
  isFinal: (answer) =>
    FINAL_STATUSES.has(answer.status ?? 'completed') && answer.error == null && Array.isArray(answer.output),
  stream: () => new ResponsesStream(),
  runsOn: backgroundId,
  refusal: openaiRefusal,
  interruption: responsesInterruption,
};

/** `POST …/responses/compact` answers with usage too, yet takes no bound on its output. */
export const openaiCompaction: Dialect = {
  ...openaiResponses,
  suffixes: ['/responses/compact'],
  bound: () => undefined,
};

/** A response that runs in the background answers as `queued`; what it uses is told later, and elsewhere. */
const FINAL_STATUSES = new Set<unknown>(['completed', 'incomplete']);

/** The id of a response that is worked at in the background, until it has come to an end. */
function backgroundId({ id, status, background }: JsonObject): string | undefined {
  const runs = status === 'queued' || status === 'in_progress';
  return runs && background === true ? textOf(id) : undefined;
}

/** An item may stand for itself by its id alone. */
function refersToItems(input: unknown): boolean {
  return Array.isArray(input) && input.some((item) => isObject(item) && isReference(item));
}

/** Items of an earlier answer whose text the provider keeps, and puts before its model: what they say is their id. */
const KEPT = new Set<unknown>([
  'item_reference',
  'file_search_call',
  'web_search_call',
  'code_interpreter_call',
  'compaction',
]);

/**
 * The format lets the type of a reference be left out: an item of nothing but an id. Reasoning stands for what was thought
 * unless it brings that, in words or encrypted (developers.openai.com/api/docs/guides/reasoning, 2026-11-28).
 */
function isReference({ id, type, role, content, encrypted_content: encrypted }: JsonObject): boolean {
  if (type === 'reasoning') return id != null && encrypted == null && !(Array.isArray(content) && content.length > 0);
  return KEPT.has(type) || (id != null && type == null && role == null);
}

function reportedIn(answer: JsonObject): Reported | undefined {
  const usage = openaiUsage(answer.usage);
  const { meters, imageTool, untold } = responseTools(answer, openaiUsage);
  const all = usage && usageOf({ ...usage, meters: { ...usage.meters, ...meters } });
  const reported = openaiReported(answer, all);
  return reported && { ...reported, ...(imageTool && { imageTool }), ...(untold !== undefined && { untold }) };
}

/** OpenAI's own event has its members at the top, which one of its clients hands on as an event; nested, both raise it. */
function responsesInterruption(message: string): string {
  const { error } = openaiRefusal(message, 'stopped', {});
  const members = { code: 'token_budget_exceeded', message, param: null };
  return `event: error\ndata: ${JSON.stringify({ type: 'error', ...members, error })}\n\n`;
}

const LAST_EVENTS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

class ResponsesStream implements StreamReader {
  reported: Reported | undefined;
  runsOn: string | undefined;

  /** A failure without usage leaves unknown what was generated before it. */
  event(data: string): boolean {
    const event = parseObject(data);
    if (!event || !isObject(event.response)) return false;
    this.reported = reportedIn(event.response) ?? this.reported;
    this.runsOn = backgroundId(event.response);
    const type = textOf(event.type) ?? '';
    return LAST_EVENTS.has(type) && (type !== 'response.failed' || this.reported !== undefined);
  }
}
