import { usageOf } from '../../domain/usage.js';
import { toolFacts, keyedTools } from '../asked-tools.js';
import {
  countOf,
  isObject,
  objectAt,
  objectsIn,
  parseObject,
  textOf,
  type JsonObject,
  numberIn,
} from '../../lib/json.js';
import type { Dialect, Headers, Reported, StreamReader } from './dialect.js';
import {
  boundedConfig,
  configured,
  geminiServiceWords,
  geminiUsage,
  googleInterruption,
  googleRefusal,
  modelOfPath,
  statedBound,
} from './gemini-usage.js';
import { undividedOf } from './parts.js';
import { OTHER_MODELS, PROVIDER_STATE, SERVER_TOOLS, UNREADABLE_ANSWERS, unboundedBy } from './unbounded.js';

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
  by: 'google',
  suffixes: [':generateContent', ':streamGenerateContent'],
  free: [
    /\/(models|tunedModels|endpoints)\/[\w.@-]+:(countTokens|computeTokens|fetchPredictOperation)$/,
    /\/(operations|batches|batchPredictionJobs|tuningJobs)\/[\w-]+:cancel$/,
  ],

  read(body, path) {
    const model = modelOfPath(path);
    const unbounded = unboundedIn(body, model);
    const stream = path.endsWith(':streamGenerateContent');
    return {
      model,
      stream,
      // Without `alt=sse` the answer is an array that grows.
      ...(stream && { array: true }),
      ...statedBound(body),
      answers: Math.max(1, ...candidateCounts(body).map((count) => numberIn(count) ?? 1)),
      ...toolFacts(keyedTools(body.tools, LOCAL_TOOLS)),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  bound: (tokens, _, body) => boundedConfig(body, tokens, 'generationConfig'),
  askForUsage: () => undefined,
  serviceWords: geminiServiceWords,
  reported: (answer, headers) => reportedBy(answer, objectAt(answer, 'usageMetadata'), groundingIn(answer), headers),
  isFinal: (answer) => answer.error == null && (answer.candidates != null || isObject(answer.promptFeedback)),
  stream: (headers) => new GenerateStream(headers),
  refusal: googleRefusal,
  interruption: googleInterruption,
};

function candidateCounts(body: JsonObject): readonly unknown[] {
  return configured(body, 'candidateCount', 'candidate_count');
}

function unboundedIn(body: JsonObject, model: string): string | undefined {
  if (candidateCounts(body).some((count) => numberIn(count) === undefined)) return UNREADABLE_ANSWERS;
  if (MEDIA_MODEL.test(model) || asksForMedia(body)) return 'media';
  // A definition that is referred to may be written out at each place.
  if (refersWithin([configured(body, ...SCHEMAS), body.tools])) return 'a schema with references';
  const routed = configured(body, 'routingConfig', 'routing_config', 'modelSelectionConfig', 'model_selection_config');
  if (routed.length > 0) return OTHER_MODELS;
  return unboundedBy(body, UNBOUNDED_BY) ?? (runsTools(body.tools) ? SERVER_TOOLS : undefined);
}

const SCHEMAS = [
  'responseSchema',
  'response_schema',
  'responseJsonSchema',
  'response_json_schema',
  '_responseJsonSchema',
];

function refersWithin(value: unknown): boolean {
  for (const each of objectsIn(value)) if ('$ref' in each || typeof each.ref === 'string') return true;
  return false;
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
  { queries, maps }: Grounding,
  headers: Headers,
): Reported | undefined {
  const usage = geminiUsage(stated, headers);
  const model = textOf(answer.modelVersion);
  if (!usage) return undividedOf(stated, ['promptTokenCount', 'candidatesTokenCount'], stated.totalTokenCount, model);
  const meters = { searches: billedSearches(queries, model), ...(maps && { mapSearches: 1 }) };
  return {
    usage: queries.size === 0 && !maps ? usage : usageOf({ ...usage, meters }),
    ...(model === undefined ? {} : { model }),
  };
}

/** From Gemini 3 on each search of the web is billed; before that a request that searched, however often. */
function billedSearches(queries: ReadonlySet<string>, model = ''): number {
  const [, generation = ''] = /gemini-(\d+)/.exec(model) ?? [];
  return Number(generation) >= 3 ? queries.size : Math.min(queries.size, 1);
}

/** What an answer says that it was grounded with. */
interface Grounding {
  readonly queries: ReadonlySet<string>;
  /** With a map, which is billed apart; its queries stand among the others. */
  readonly maps: boolean;
}

function groundingIn(answer: JsonObject): Grounding {
  return { queries: queriesIn(answer), maps: candidatesIn(answer).some(usesMaps) };
}

function usesMaps({ groundingMetadata }: JsonObject): boolean {
  const { groundingChunks: chunks, googleMapsWidgetContextToken } = objectAt(
    { groundingMetadata },
    'groundingMetadata',
  );
  return googleMapsWidgetContextToken != null || [chunks].flat().some((chunk) => isObject(chunk) && chunk.maps != null);
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
  #maps = false;
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
    const { queries, maps } = groundingIn(chunk);
    for (const query of queries) this.#queries.add(query);
    this.#maps ||= maps;
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

  /** The first chunks may state the prompt alone: that is not a word on what was generated. */
  #count(chunk: JsonObject): void {
    const stated = Object.entries(objectAt(chunk, 'usageMetadata')).filter(([, value]) => value !== null);
    this.#stated = { ...this.#stated, ...Object.fromEntries(stated) };
    const counted = this.#stated.candidatesTokenCount !== undefined || this.#stated.thoughtsTokenCount !== undefined;
    if (!counted && !this.isWhole()) return;
    this.reported =
      reportedBy(chunk, this.#stated, { queries: this.#queries, maps: this.#maps }, this.#headers) ?? this.reported;
  }
}
