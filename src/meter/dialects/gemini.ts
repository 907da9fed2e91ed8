import { usageOf } from '../../domain/usage.js';
import { countOf, isObject, objectAt, parseObject, textOf, type JsonObject } from '../json.js';
import type { Dialect, Headers, Reported, StreamReader } from './dialect.js';
import {
  boundedConfig,
  configured,
  geminiUsage,
  googleInterruption,
  googleRefusal,
  modelOfPath,
  statedBound,
} from './gemini-usage.js';
import { undividedOf } from './parts.js';
import { OTHER_MODELS, PROVIDER_STATE, SERVER_TOOLS, unboundedBy } from './unbounded.js';

const UNBOUNDED_BY = {
  localTools: /^/,
  members: { cachedContent: PROVIDER_STATE, cached_content: PROVIDER_STATE },
};

/** A tool is told by its one member. These two the caller runs, every other one Google. */
const LOCAL_TOOLS = new Set(['functionDeclarations', 'function_declarations', 'computerUse', 'computer_use']);

/** Models that speak or draw without being asked to. */
const MEDIA_MODEL = /-(image|tts|audio)\b/;

/** `POST …/models/NAME:generateContent` and `:streamGenerateContent`, on the Gemini API and on Vertex. */
export const gemini: Dialect = {
  name: 'gemini',
  suffixes: [':generateContent', ':streamGenerateContent'],

  read(body, path) {
    const model = modelOfPath(path);
    const unbounded = unboundedIn(body, model);
    const stream = path.endsWith(':streamGenerateContent');
    return {
      model,
      stream,
      // Without `alt=sse` the answer is an array that grows.
      ...(stream && { array: true }),
      outputBound: statedBound(body),
      answers: Math.max(1, ...candidateCounts(body).map((count) => countOf(count) ?? 1)),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  bound: (tokens, _, body) => boundedConfig(body, tokens, 'generationConfig'),
  askForUsage: () => undefined,
  reported: (answer, headers) => reportedBy(answer, objectAt(answer, 'usageMetadata'), queriesIn(answer), headers),
  isFinal: (answer) => answer.error == null && (answer.candidates != null || isObject(answer.promptFeedback)),
  stream: (headers) => new GenerateStream(headers),
  refusal: googleRefusal,
  interruption: googleInterruption,
};

function candidateCounts(body: JsonObject): readonly unknown[] {
  return configured(body, 'candidateCount', 'candidate_count');
}

function unboundedIn(body: JsonObject, model: string): string | undefined {
  if (candidateCounts(body).some((count) => countOf(count) === undefined))
    return 'a number of answers that is no count';
  if (MEDIA_MODEL.test(model) || asksForMedia(body)) return 'media';
  const routed = configured(body, 'routingConfig', 'routing_config', 'modelSelectionConfig', 'model_selection_config');
  if (routed.length > 0) return OTHER_MODELS;
  return unboundedBy(body, UNBOUNDED_BY) ?? (runsTools(body.tools) ? SERVER_TOOLS : undefined);
}

/** Sound and pictures have rates of their own, far above those of text. */
function asksForMedia(body: JsonObject): boolean {
  const modalities = configured(body, 'responseModalities', 'response_modalities').flat();
  return modalities.some((modality) => textOf(modality)?.toUpperCase() !== 'TEXT');
}

function runsTools(tools: unknown): boolean {
  return [tools].flat().some((tool) => {
    return isObject(tool) && Object.keys(tool).some((kind) => tool[kind] != null && !LOCAL_TOOLS.has(kind));
  });
}

function reportedBy(
  answer: JsonObject,
  stated: JsonObject,
  queries: ReadonlySet<string>,
  headers: Headers,
): Reported | undefined {
  const usage = geminiUsage(stated, headers);
  const model = textOf(answer.modelVersion);
  if (!usage) return undividedOf(stated, ['promptTokenCount', 'candidatesTokenCount'], stated.totalTokenCount, model);
  const searches = billedSearches(queries, model);
  return {
    usage: searches === 0 ? usage : usageOf({ ...usage, meters: { searches } }),
    ...(model === undefined ? {} : { model }),
  };
}

/** From Gemini 3 on each search of the web is billed; before that a request that searched, however often. */
function billedSearches(queries: ReadonlySet<string>, model = ''): number {
  const [, generation = ''] = /gemini-(\d+)/.exec(model) ?? [];
  return Number(generation) >= 3 ? queries.size : Math.min(queries.size, 1);
}

function queriesIn(answer: JsonObject): ReadonlySet<string> {
  const candidates = candidatesIn(answer);
  return new Set(
    candidates.flatMap((candidate) => searchesOf(objectAt(candidate, 'groundingMetadata'), candidate.index)),
  );
}

function searchesOf({ webSearchQueries, imageSearchQueries }: JsonObject, index: unknown): string[] {
  const queries = [webSearchQueries, imageSearchQueries].flat().filter((query) => typeof query === 'string');
  return queries.map((query) => `${countOf(index) ?? 0} ${query}`);
}

function candidatesIn(answer: JsonObject): readonly JsonObject[] {
  return Array.isArray(answer.candidates) ? answer.candidates.filter(isObject) : [];
}

/** Each chunk states the totals so far. What it names overwrites; the prompt's count may stand in the first alone. */
class GenerateStream implements StreamReader {
  reported: Reported | undefined;
  readonly #headers: Headers;
  #stated: JsonObject = {};
  readonly #queries = new Set<string>();
  /** By the place of each candidate, whether it has ended. */
  readonly #ended = new Map<unknown, boolean>();
  #blocked = false;
  #failed = false;

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  /** Never true: what comes after a candidate's end may still raise the counts, so the stream's own end decides. */
  event(data: string): boolean {
    const chunk = parseObject(data);
    if (!chunk) return false;
    if (chunk.error != null) this.#failed = true;
    if (objectAt(chunk, 'promptFeedback').blockReason != null) this.#blocked = true;
    for (const { index = 0, finishReason } of candidatesIn(chunk)) {
      this.#ended.set(index, this.#ended.get(index) === true || finishReason != null);
    }
    for (const query of queriesIn(chunk)) this.#queries.add(query);
    this.#count(chunk);
    return false;
  }

  /** A blocked prompt has no candidates. After an error nobody knows what would have come. */
  isWhole(): boolean {
    return !this.#failed && (this.#blocked || this.#hasEnded());
  }

  #hasEnded(): boolean {
    return this.#ended.size > 0 && [...this.#ended.values()].every(Boolean);
  }

  /** The first chunks may state the prompt alone: that is no word on what was generated. */
  #count(chunk: JsonObject): void {
    const stated = Object.entries(objectAt(chunk, 'usageMetadata')).filter(([, value]) => value !== null);
    this.#stated = { ...this.#stated, ...Object.fromEntries(stated) };
    const counted = this.#stated.candidatesTokenCount !== undefined || this.#stated.thoughtsTokenCount !== undefined;
    if (!counted && !this.isWhole()) return;
    this.reported = reportedBy(chunk, this.#stated, this.#queries, this.#headers) ?? this.reported;
  }
}
