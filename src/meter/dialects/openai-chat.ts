import { toolFacts, chatTools } from '../asked-tools.js';
import { isObject, objectAt, parseObject, textOf, type JsonObject, numberIn } from '../../lib/json.js';
import type { Quirks } from '../../providers/quirks.js';
import { statedAnswers, statedBound } from '../stated-bound.js';
import { withoutUsage } from '../strip-usage-chunk.js';
import type { Dialect, ModelUsage, Reported, StreamReader } from './dialect.js';
import { executedTools, groqParts, ofModels, withTools } from './groq.js';
import { LOCAL_TOOLS, unboundedIn } from './chat-unbounded.js';
import { modelOf } from './model-of.js';
import type { Usage } from '../../domain/usage.js';
import { openaiInterruption, openaiRefusal, openaiReported, openaiServiceWords, openaiUsage } from './openai-usage.js';

/** Mistral's own models, whose servers are strict wherever they run, and state usage unasked. */
const STRICT_MODEL = /(^|[/-])(mistral|ministral|magistral|codestral|devstral|pixtral|voxtral)\b/i;

/** Azure takes the option beside `data_sources` for an error (openai/openai-python#2296, read 2026-11-28). */
function refusesToBeAsked(body: JsonObject, { servesStrictModels }: Quirks): boolean {
  if (body.data_sources != null || body.dataSources != null) return true;
  return servesStrictModels === true && STRICT_MODEL.test(textOf(body.model) ?? '');
}

const BOUNDS = ['max_completion_tokens', 'max_tokens'] as const;

/** `POST …/chat/completions`, as OpenAI defined it and many providers and local servers speak it. */
export const openaiChat: Dialect = {
  name: 'openai-chat',
  by: 'openai',
  statesCost: true,
  suffixes: ['/chat/completions'],
  free: [
    /\/moderations$/,
    /\/chat\/completions\/chatcmpl-[\w-]+$/,
    /\/files$/,
    /\/uploads(\/[\w-]+\/(parts|complete|cancel))?$/,
  ],
  lowers: BOUNDS,
  // What xAI has answered to `deferred: true`.
  askedForAt: /\/deferred-completion\/([\w-]+)$/,

  read(body, path) {
    const unbounded = unboundedIn(body);
    return {
      model: modelOf(body, path),
      stream: body.stream === true,
      ...statedBound(body, BOUNDS),
      ...(body.max_completion_tokens != null && numberIn(body.max_tokens) === undefined && { newerName: true }),
      answers: statedAnswers(body) ?? 1,
      ...toolFacts(chatTools(body, LOCAL_TOOLS)),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  // OpenAI refuses max_tokens for reasoning models, and its own name beside a prediction; most compatible servers know
  // no other name. What stands in the request and is not a bound is written anew where it stands: some take -1 for none.
  bound(tokens, { wantsCompletionTokens: newer }, body) {
    if (newer && body.prediction != null) return undefined;
    const stated = BOUNDS.filter((name) => body[name] != null);
    const names = newer && stated.length > 0 ? stated : [...stated, newer ? BOUNDS[0] : BOUNDS[1]];
    return Object.fromEntries(names.map((name) => [name, tokens]));
  },

  askForUsage(body, provider) {
    if (body.stream !== true || provider.reportsUnasked || refusesToBeAsked(body, provider)) return undefined;
    const options = objectAt(body, 'stream_options');
    return options.include_usage === true ? undefined : { stream_options: { ...options, include_usage: true } };
  },

  namesUsageWish: /stream[_ -]?options?|include_usage/i,
  stripUsage: withoutUsage,
  serviceWords: openaiServiceWords,
  reported: (answer) => withTools(reportedIn(answer), executedTools(answer)),
  isFinal: (answer) => answer.error == null && Array.isArray(answer.choices),
  stream: () => new ChatStream(),
  runsOn: deferredId,
  refusal: openaiRefusal,
  interruption: openaiInterruption,
};

/** `POST …/models/chat/completions` of Azure AI Foundry and GitHub Models, for models of many makers. */
export const foundryChat: Dialect = {
  ...openaiChat,
  suffixes: ['/models/chat/completions'],
  bound: (tokens) => ({ max_tokens: tokens }),
};

function partOf(model: unknown, usage: unknown): ModelUsage | undefined {
  return openaiReported({ model }, openaiUsage(usage));
}

/** What xAI answers to `deferred: true`: the completion is asked for by this id, once. */
function deferredId({ request_id, choices, usage, error }: JsonObject): string | undefined {
  return choices == null && usage == null && error == null ? textOf(request_id) : undefined;
}

/** Moonshot states a stream's usage within its last choice (earendil-works/pi#2017, read 2026-11-28). */
function choiceUsage({ choices }: JsonObject): Usage | undefined {
  const list = Array.isArray(choices) ? choices.filter(isObject) : [];
  return list.map(({ usage }) => openaiUsage(usage)).find((usage) => usage !== undefined);
}

function reportedIn(answer: JsonObject): Reported | undefined {
  const usage = openaiUsage(answer.usage) ?? openaiUsage(objectAt(answer, 'x_groq').usage) ?? choiceUsage(answer);
  const reported = openaiReported(answer, usage);
  return reported && ofModels(reported, groqParts(answer, partOf) ?? groqParts(objectAt(answer, 'x_groq'), partOf));
}

/** A chunk that can matter to metering; most carry text alone, and reading them all is most of a stream's cost. */
const TELLING = /"(?:usage|x_groq)"\s*:\s*\{|"executed_tools"|"error"\s*:\s*(?!null)|"finish_reason"\s*:\s*"/;

class ChatStream implements StreamReader {
  reported: Reported | undefined;
  #usage: JsonObject | undefined;
  #failed = false;
  #finished = false;
  readonly #tools = new Map<string, string>();

  /** An error in mid-stream leaves unknown what was generated before it, even where the end follows in good order. */
  event(data: string): boolean {
    if (data.trim() === '[DONE]') return !this.#failed || this.reported !== undefined;
    if (!TELLING.test(data)) return false;
    const chunk = parseObject(data);
    if (chunk?.error != null) this.#failed = true;
    if (chunk && hasFinish(chunk)) this.#finished = true;
    if (chunk) this.#take(chunk);
    return false;
  }

  /** A usage may come in parts. */
  #take(chunk: JsonObject): void {
    for (const [key, tool] of executedTools(chunk)) this.#tools.set(key, tool);
    this.#usage = statedSoFar(this.#usage, chunk.usage);
    const reported = reportedIn(isObject(chunk.usage) ? { ...chunk, usage: this.#usage } : chunk);
    this.reported = withTools(reported ?? this.reported, this.#tools);
  }

  /** Some providers leave `[DONE]` out. */
  isWhole(): boolean {
    return this.#finished && !this.#failed && this.reported !== undefined;
  }
}

/** A usage that states both counts stands for itself; one that states less adds to what was stated before. */
function statedSoFar(before: JsonObject | undefined, now: unknown): JsonObject | undefined {
  if (!isObject(now)) return before;
  const whole = now.prompt_tokens != null && now.completion_tokens != null;
  if (!before || whole) return now;
  return { ...before, ...Object.fromEntries(Object.entries(now).filter(([, value]) => value != null)) };
}

function hasFinish(chunk: JsonObject): boolean {
  const { choices } = chunk;
  return Array.isArray(choices) && choices.some((choice) => isObject(choice) && choice.finish_reason != null);
}
