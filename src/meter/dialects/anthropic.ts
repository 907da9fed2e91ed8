import type { RefusalReason } from '../../domain/call.js';
import { usageOf, type Usage, type CacheWrites } from '../../domain/usage.js';
import { routerTools, toolFacts, typedTools } from '../asked-tools.js';
import { isObject, objectAt, objectsIn, parseObject, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import { statedBound as boundStated } from '../stated-bound.js';
import type { StatedBound, Dialect, ModelUsage, Reported, ServiceWords, StreamReader } from './dialect.js';
import { tokensOf, withParts } from './parts.js';
import { PROVIDER_STATE, SERVER_TOOLS, unboundedBy } from './unbounded.js';

const UNBOUNDED_BY = {
  /** Anthropic's own types that the caller runs; every other dated type runs at the provider, or may. */
  localTools: /^(function|custom|(bash|text_editor|memory|computer)_\d+)$/,
  members: {
    mcp_servers: SERVER_TOOLS,
    container: SERVER_TOOLS,
    context_management: SERVER_TOOLS,
    compaction: SERVER_TOOLS,
    thread: PROVIDER_STATE,
  },
};

/**
 * Tokens of each tool of Anthropic's own making, which a short name brings in (published: up to 735), with room for the
 * next version of it. The instructions that come with any tools are in the rule of Claude's bytes.
 */
const BUILT_IN_TOOL = 1_500;

/** `POST …/v1/messages`, as Anthropic defined it and several others serve it. */
export const anthropic: Dialect = {
  name: 'anthropic',
  by: 'anthropic',
  modelsOf: 'anthropic',
  suffixes: ['/v1/messages'],
  free: [/\/messages\/count_tokens$/],
  lowers: ['max_tokens'],

  read(body) {
    const unbounded = unboundedBy(body, UNBOUNDED_BY);
    return {
      model: textOf(body.model) ?? '',
      stream: body.stream === true,
      ...statedBound(body),
      answers: 1,
      overhead: overheadOf(body),
      caches: cacheWritesIn(body),
      ...toolFacts([...typedTools(body.tools, UNBOUNDED_BY.localTools), ...routerTools(body)]),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  // The format requires max_tokens; a request without it is answered by an error and costs nothing.
  bound: () => undefined,
  askForUsage: () => undefined,
  serviceWords: ({ speed, service_tier, inference_geo }) => ({
    tiers: [speed, service_tier],
    place: placeIn(inference_geo),
  }),
  reported: (answer) => reportedBy(usageWithCode(objectAt(answer, 'usage'), runsCode(answer.content)), answer.model),
  isFinal: (answer) => answer.type !== 'error' && answer.error == null && Array.isArray(answer.content),
  stream: () => new MessageStream(),
  refusal: anthropicRefusal,
  interruption: (message) => `event: error\ndata: ${JSON.stringify(anthropicRefusal(message, 'stopped'))}\n\n`,
};

function overheadOf(body: JsonObject): number {
  const tools = Array.isArray(body.tools) ? body.tools : [];
  return tools.filter((tool) => isObject(tool) && (textOf(tool.type) ?? 'custom') !== 'custom').length * BUILT_IN_TOOL;
}

/** A bound of 0 is one here: the provider reads the prompt into its cache. */
function statedBound(body: JsonObject): StatedBound {
  const { outputBound, otherBound, endless } = boundStated(body, ['max_tokens']);
  return { outputBound, ...(otherBound !== undefined && { otherBound }), ...(endless && { endless }) };
}

/**
 * Whether the request asks to write to the cache, and for how long: nothing else writes there (platform.claude.com,
 * prompt caching, 2026-11-28).
 */
function cacheWritesIn(body: JsonObject): CacheWrites {
  let writes: CacheWrites = 'none';
  for (const { cache_control: asked } of objectsIn(body)) {
    if (asked == null) continue;
    const { ttl = '5m' } = objectAt({ asked }, 'asked');
    if (ttl !== '5m') return 'long';
    writes = 'short';
  }
  return writes;
}

/**
 * Anthropic counts cache reads and writes beside `input_tokens`, not inside: the sum is what the model read. Undefined
 * where either total is missing or no count.
 */
function anthropicUsage(usage: JsonObject): Usage | undefined {
  const uncached = reportedCount(usage.input_tokens);
  const output = reportedCount(usage.output_tokens);
  if (uncached === undefined || output === undefined) return undefined;
  const used = objectAt(usage, 'server_tool_use');
  const written = objectAt(usage, 'cache_creation');
  const hour = reportedCount(written.ephemeral_1h_input_tokens) ?? 0;
  const cacheRead = reportedCount(usage.cache_read_input_tokens) ?? 0;
  // The breakdown only splits the total; where there is no total, it is one.
  const cacheWrite =
    reportedCount(usage.cache_creation_input_tokens) ?? hour + (reportedCount(written.ephemeral_5m_input_tokens) ?? 0);
  return usageOf({
    input: uncached + cacheRead + cacheWrite,
    output,
    cacheRead,
    cacheWrite,
    cacheWrite1h: hour,
    reasoning: objectAt(usage, 'output_tokens_details').thinking_tokens,
    meters: { searches: used.web_search_requests, containers: usage[CODE] },
    // Fast mode is named apart from the tier, and costs more than any.
    tier: usage.speed === 'fast' ? 'fast' : usage.service_tier,
    regional: placeIn(usage.inference_geo) !== undefined,
  });
}

/** Anthropic's words for no region in particular; older models answer with the last. */
const ANYWHERE = new Set(['', 'global', 'not_available']);
/** Places whose price is published (platform.claude.com/docs/build-with-claude/data-residency, 2026-11-24). */
const PRICED_PLACES = new Set(['us']);

/** A word for a place, in a request or an answer, that is billed dearer than no place in particular. */
function placeIn(geo: unknown): ServiceWords['place'] {
  const name = textOf(geo)?.trim().toLowerCase() ?? '';
  return ANYWHERE.has(name) ? undefined : { name, priced: PRICED_PLACES.has(name) };
}

/** Where it is noted that code ran in a container: usage states no such thing, the content does. */
const CODE = 'token_budget_containers';
const CODE_TOOL = /(^|_)code_execution$/;

function usageWithCode(usage: JsonObject, ran: boolean): JsonObject {
  return ran ? { ...usage, [CODE]: 1 } : usage;
}

function runsCode(content: unknown): boolean {
  return Array.isArray(content) && content.some((block) => isObject(block) && isCode(block));
}

function isCode({ type, name }: JsonObject): boolean {
  return type === 'server_tool_use' && CODE_TOOL.test(textOf(name) ?? '');
}

function reportedBy(usage: JsonObject, model: unknown): Reported | undefined {
  const known = anthropicUsage(usage);
  if (!known) return undefined;
  const whole = { usage: known, ...(typeof model === 'string' ? { model } : {}) };
  return withParts(whole, iterationsIn(usage, whole));
}

/**
 * What the call is billed by where it took several models or a compaction, which the totals leave out. Whether they have
 * the advisor's part and a fallback's is not said, so the larger of the two sums counts.
 */
function iterationsIn(usage: JsonObject, whole: ModelUsage): readonly ModelUsage[] | undefined {
  if (!Array.isArray(usage.iterations)) return undefined;
  const { service_tier, speed, inference_geo } = usage;
  const served = usage.iterations.filter(isObject).map((each) => ({ ...each, service_tier, speed, inference_geo }));
  const typed = (type: string) => served.filter((each: JsonObject) => each.type === type).flatMap(iterationOf);
  const fallback = typed('fallback_message').at(-1)?.model;
  const answered = fallback === undefined ? whole : { ...whole, model: fallback };
  const totals = [answered, ...typed('compaction'), ...typed('advisor_message')];
  const each = served.flatMap(iterationOf);
  if (tokensOf(each) > tokensOf(totals)) return each;
  return totals.length > 1 || fallback !== undefined ? totals : undefined;
}

function iterationOf(iteration: JsonObject): ModelUsage[] {
  const usage = anthropicUsage(iteration);
  const model = textOf(iteration.model);
  return usage ? [{ usage, ...(model === undefined ? {} : { model }) }] : [];
}

/** `message_start` states the input, each `message_delta` the totals so far: what it names overwrites, null does not. */
class MessageStream implements StreamReader {
  #usage: JsonObject = {};
  #model: string | undefined;
  #complete = false;
  #code = false;

  event(data: string): boolean {
    const event = parseObject(data);
    const type = textOf(event?.type);
    if (type === 'message_start') {
      const message = objectAt(event, 'message');
      this.#model = textOf(message.model);
      this.#usage = objectAt(message, 'usage');
    }
    if (type === 'content_block_start' && isCode(objectAt(event, 'content_block'))) this.#code = true;
    if (type === 'message_delta') {
      this.#usage = { ...this.#usage, ...statedIn(objectAt(event, 'usage')) };
      this.#complete = true;
    }
    return type === 'message_stop';
  }

  /** Until the first `message_delta` the output count is a placeholder, so nothing counts as reported. */
  get reported(): Reported | undefined {
    return this.#complete ? reportedBy(usageWithCode(this.#usage, this.#code), this.#model) : undefined;
  }
}

const INPUT_COUNTS = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];

/** What a delta states. No call reads nothing, so an input of zeros (some compatible servers) states none. */
function statedIn(usage: JsonObject): JsonObject {
  const readsNothing = INPUT_COUNTS.every((key) => !usage[key]);
  const stated = Object.entries(usage).filter(([key, value]) => {
    return value !== null && !(readsNothing && INPUT_COUNTS.includes(key));
  });
  return Object.fromEntries(stated);
}

/** `billing_error` is the format's own word for it; the request id is constant, since its clients print it. */
function anthropicRefusal(message: string, reason: RefusalReason): JsonObject {
  const details = { error_code: `token_budget_${reason}` };
  return { type: 'error', error: { type: 'billing_error', message, details }, request_id: 'req_token_budget' };
}
