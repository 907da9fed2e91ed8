import { countOf, isObject, objectAt, parseObject, textOf, type JsonObject } from '../json.js';
import type { Dialect, ModelUsage, Reported, StreamReader } from './dialect.js';
import { modelOf } from './model-of.js';
import { openaiInterruption, openaiRefusal, openaiReported, openaiUsage } from './openai-usage.js';
import { withParts } from './parts.js';
import { OTHER_MODELS, PROVIDER_STATE, SERVER_TOOLS, unboundedBy } from './unbounded.js';

/** Providers that report usage in every stream, or whose schema is too strict for the option. */
const REPORTS_UNASKED = new Set(['mistral', 'groq', 'openrouter', 'together', 'fireworks', 'perplexity']);

/** Mistral's own models, whose servers are strict wherever they run, and state usage unasked. */
const STRICT_MODEL = /(^|[/-])(mistral|ministral|magistral|codestral|devstral|pixtral|voxtral)\b/i;
const HOSTS_OF_MANY = new Set(['google', 'azure', 'github-models']);

/** Azure takes the option beside `data_sources` for an error (openai/openai-python#2296, read 2026-11-28). */
function refusesToBeAsked(body: JsonObject, provider: string): boolean {
  if (body.data_sources != null || body.dataSources != null) return true;
  return HOSTS_OF_MANY.has(provider) && STRICT_MODEL.test(textOf(body.model) ?? '');
}

const UNBOUNDED_BY = {
  localTools: /^(function|custom)$/,
  members: {
    web_search_options: SERVER_TOOLS,
    search_parameters: SERVER_TOOLS,
    plugins: SERVER_TOOLS,
    models: OTHER_MODELS,
  },
};

/** Models that search or run tools at the provider without being asked to. */
const SEARCHING_MODEL = /(^|\/)sonar|-search-|-search$|deep-research|(^|\/)compound|:online$/;

/** `POST …/chat/completions`, as OpenAI defined it and many providers and local servers speak it. */
export const openaiChat: Dialect = {
  name: 'openai-chat',
  suffixes: ['/chat/completions'],

  read(body, path) {
    const unbounded = unboundedIn(body);
    return {
      model: modelOf(body, path),
      stream: body.stream === true,
      outputBound: statedBound(body),
      answers: Math.max(1, countOf(body.n) ?? 1, countOf(body.best_of) ?? 1),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  // OpenAI refuses max_tokens for reasoning models; most compatible servers know no other name.
  bound: (tokens, provider) =>
    provider === 'openai' || provider === 'azure' ? { max_completion_tokens: tokens } : { max_tokens: tokens },

  askForUsage(body, provider) {
    if (body.stream !== true || REPORTS_UNASKED.has(provider) || refusesToBeAsked(body, provider)) return undefined;
    const options = objectAt(body, 'stream_options');
    return options.include_usage === true ? undefined : { stream_options: { ...options, include_usage: true } };
  },

  reported: reportedIn,
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

/**
 * Which of the two names a server obeys where a request has both is its own choice, so the larger one binds. 0 and
 * less stand for no bound at several local servers.
 */
function statedBound(body: JsonObject): number | undefined {
  const stated = [body.max_completion_tokens, body.max_tokens].map((bound) => countOf(bound) ?? 0);
  const largest = Math.max(...stated);
  return largest > 0 ? largest : undefined;
}

function unboundedIn(body: JsonObject): string | undefined {
  if (SEARCHING_MODEL.test(textOf(body.model) ?? '')) return SERVER_TOOLS;
  const several = [body.n, body.best_of].some((count) => count != null && countOf(count) === undefined);
  if (several) return 'a number of answers that is no count';
  if (asksForAudio(body)) return 'media';
  return unboundedBy(body, UNBOUNDED_BY) ?? (namesAudio(body.messages) ? PROVIDER_STATE : undefined);
}

/** Audio has rates of its own, far above those of text. */
function asksForAudio(body: JsonObject): boolean {
  const modalities = body.modalities;
  return Array.isArray(modalities) && modalities.some((each) => each !== 'text');
}

/** An earlier spoken answer stands in a message by its id alone. */
function namesAudio(messages: unknown): boolean {
  return Array.isArray(messages) && messages.some((message) => isObject(message) && isObject(message.audio));
}

/** What xAI answers to `deferred: true`: the completion is asked for by this id, once. */
function deferredId({ request_id, choices, usage, error }: JsonObject): string | undefined {
  return choices == null && usage == null && error == null ? textOf(request_id) : undefined;
}

/** The usage chunk that comes only when asked for: an empty or absent `choices` beside a usage object. */
export function isUsageChunk(chunk: JsonObject): boolean {
  if (!isObject(chunk.usage) || chunk.error != null) return false;
  const choices = chunk.choices;
  return choices == null || (Array.isArray(choices) && choices.length === 0);
}

function reportedIn(answer: JsonObject): Reported | undefined {
  const usage = openaiUsage(answer.usage) ?? openaiUsage(objectAt(answer, 'x_groq').usage);
  const reported = openaiReported(answer, usage);
  return reported && withParts(reported, groqParts(answer) ?? groqParts(objectAt(answer, 'x_groq')));
}

/** Groq's compound systems run several models and say what each used. */
function groqParts(answer: JsonObject): readonly ModelUsage[] | undefined {
  const { models } = objectAt(answer, 'usage_breakdown');
  if (!Array.isArray(models)) return undefined;
  const parts = models.map((each: unknown) => {
    const { model, usage } = objectAt({ each }, 'each');
    return openaiReported({ model }, openaiUsage(usage));
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** A chunk that can matter to metering; most carry text alone, and reading them all is most of a stream's cost. */
const TELLING = /"(?:usage|x_groq)"\s*:\s*\{|"error"\s*:\s*(?!null)|"finish_reason"\s*:\s*"/;

class ChatStream implements StreamReader {
  reported: Reported | undefined;
  #usage: JsonObject | undefined;
  #failed = false;
  #finished = false;

  /** An error in mid-stream leaves unknown what was generated before it, even where the end follows in good order. */
  event(data: string): boolean {
    if (data.trim() === '[DONE]') return !this.#failed || this.reported !== undefined;
    if (!TELLING.test(data)) return false;
    const chunk = parseObject(data);
    if (chunk?.error != null) this.#failed = true;
    if (chunk && hasFinish(chunk)) this.#finished = true;
    if (chunk) this.#count(chunk);
    return false;
  }

  /** A usage may come in parts. */
  #count(chunk: JsonObject): void {
    this.#usage = statedSoFar(this.#usage, chunk.usage);
    const reported = reportedIn(isObject(chunk.usage) ? { ...chunk, usage: this.#usage } : chunk);
    this.reported = reported ?? this.reported;
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
