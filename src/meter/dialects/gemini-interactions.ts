import { usageOf, type Meters, type Usage } from '../../domain/usage.js';
import { toolFacts, typedTools } from '../asked-tools.js';
import { isObject, parseObject, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import type { Dialect, Headers, Reported, StreamReader } from './dialect.js';
import { boundedConfig, countsOf, geminiServiceWords, googleRefusal, mediaIn, statedBound } from './gemini-usage.js';
import { PROVIDER_STATE, SERVER_TOOLS, unboundedBy } from './unbounded.js';

const UNBOUNDED_BY = {
  localTools: /^(function|computer_use)$/,
  members: {
    // An agent runs models and tools at Google until it is done.
    agent: SERVER_TOOLS,
    environment: SERVER_TOOLS,
    previous_interaction_id: PROVIDER_STATE,
    continuation_token: PROVIDER_STATE,
    cached_content: PROVIDER_STATE,
  },
};

/** `POST …/interactions`: Google's format with state of its own, where an answer is a list of steps. */
export const geminiInteractions: Dialect = {
  name: 'gemini-interactions',
  by: 'google',
  suffixes: ['/interactions'],
  free: [/\/interactions\/[\w-]+\/cancel$/],
  askedForAt: /\/interactions\/([\w-]+)(?:\/cancel)?$/,
  serviceWords: geminiServiceWords,

  read(body) {
    const unbounded = asksForMedia(body) ? 'media' : unboundedBy(body, UNBOUNDED_BY);
    return {
      model: textOf(body.model) ?? textOf(body.agent) ?? '',
      stream: body.stream === true,
      ...statedBound(body),
      answers: 1,
      ...toolFacts(typedTools(body.tools, UNBOUNDED_BY.localTools)),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  // A request to an agent has no such configuration.
  bound: (tokens, _, body) => (body.agent == null ? boundedConfig(body, tokens, 'generation_config') : undefined),
  askForUsage: () => undefined,
  reported: reportedIn,
  isFinal: (answer) => FINAL_STATUSES.has(answer.status ?? 'completed') && !isObject(answer.error),
  stream: (headers) => new InteractionStream(headers),
  runsOn: backgroundId,
  refusal: googleRefusal,
};

/** What runs in the background answers as `queued` or `in_progress`; what it uses is told later, and elsewhere. */
const FINAL_STATUSES = new Set<unknown>([
  'completed',
  'incomplete',
  'requires_action',
  'requires_continuation',
  'budget_exceeded',
]);

/** The id of an interaction that is worked at in the background, until it has come to an end. */
function backgroundId({ id, status }: JsonObject): string | undefined {
  return status === 'queued' || status === 'in_progress' ? textOf(id) : undefined;
}

function asksForMedia({ response_modalities, response_format }: JsonObject): boolean {
  const formats = [response_format].flat().map((format) => (isObject(format) ? format.type : 'text'));
  return [response_modalities, formats].flat().some((kind) => kind != null && textOf(kind)?.toLowerCase() !== 'text');
}

function reportedIn(interaction: JsonObject, headers: Headers): Reported | undefined {
  const { usage, service_tier } = interaction;
  const known = isObject(usage) ? interactionUsage(usage, service_tier ?? headers['x-gemini-service-tier']) : undefined;
  const model = textOf(interaction.model);
  return known && { usage: known, ...(model === undefined ? {} : { model }) };
}

/** As `usageMetadata` has it, by other names: tool tokens and thoughts come on top, cached tokens are within. */
function interactionUsage(usage: JsonObject, tier: unknown): Usage | undefined {
  const input = reportedCount(usage.total_input_tokens);
  const rest = countsOf(usage, ['total_tool_use_tokens', 'total_output_tokens', 'total_thought_tokens']);
  if (input === undefined || !rest) return undefined;
  const [tools = 0, output = 0, thoughts = 0] = rest;
  const total = reportedCount(usage.total_tokens) ?? 0;
  const read = [usage.input_tokens_by_modality, usage.tool_use_tokens_by_modality];
  return usageOf({
    input: input + tools,
    output: Math.max(output + thoughts, total - input - tools),
    cacheRead: usage.total_cached_tokens,
    reasoning: thoughts,
    ...mediaIn(read, [usage.cached_tokens_by_modality], [usage.output_tokens_by_modality]),
    meters: groundingIn(usage.grounding_tool_count),
    tier,
  });
}

/** The uses of each tool that grounds an answer; what is neither of the first two has no known price. */
function groundingIn(counts: unknown): Meters {
  const each = [counts].flat().filter(isObject);
  const sum = (of: (type: unknown) => boolean) =>
    each.filter(({ type }) => of(type)).reduce((total, { count }) => total + (reportedCount(count) ?? 0), 0);
  return {
    searches: sum((type) => type === 'google_search'),
    mapSearches: sum((type) => type === 'google_maps'),
    toolCalls: sum((type) => type !== 'google_search' && type !== 'google_maps'),
  };
}

/** Usage comes with the event that ends the interaction, and may come before it with a word on its status. */
class InteractionStream implements StreamReader {
  reported: Reported | undefined;
  readonly #headers: Headers;
  #status: unknown;
  #failed = false;

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  event(data: string): boolean {
    const event = parseObject(data);
    if (!event) return false;
    if (event.event_type === 'error' || event.error != null) this.#failed = true;
    const told = isObject(event.interaction) ? event.interaction : event;
    this.#status = told.status ?? this.#status;
    this.reported = reportedIn(told, this.#headers) ?? this.reported;
    return event.event_type === 'interaction.completed' && (this.reported !== undefined || this.isWhole());
  }

  isWhole(): boolean {
    return !this.#failed && FINAL_STATUSES.has(this.#status);
  }
}
