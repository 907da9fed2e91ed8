import { usageOf, type Usage } from '../../domain/usage.js';
import { hasMedia } from '../countable-text.js';
import { toolFacts, wordOf } from '../asked-tools.js';
import type { AskedTool, Dialect, Reported, RequestFacts, StreamReader } from './dialect.js';
import { isObject, objectAt, parseObject, reportedCount, textOf, type JsonObject, numberIn } from '../../lib/json.js';
import { statedAnswers, statedBound } from '../stated-bound.js';
import { PROVIDER_STATE, SERVER_TOOLS, UNREADABLE_ANSWERS, unboundedBy } from './unbounded.js';

const UNBOUNDED_BY = {
  localTools: /^function$/,
  members: { connectors: SERVER_TOOLS, conversation_id: PROVIDER_STATE },
};

/** Tokens of the template and of the instructions that come with tools and documents: counted, though not billed. */
const INSTRUCTIONS = 2_000;

/** `POST …/v2/chat` and `…/v1/chat` of Cohere. All its answers state their use alike. */
export const cohere: Dialect = {
  name: 'cohere',
  suffixes: ['/v2/chat', '/v1/chat'],
  free: [/\/(tokenize|detokenize)$/, /\/v1\/check-api-key$/],

  read(body) {
    const unbounded = statedAnswers(body) === undefined ? UNREADABLE_ANSWERS : unboundedBy(body, UNBOUNDED_BY);
    const { outputBound: bound, ...stated } = statedBound(body, ['max_tokens']);
    return {
      model: textOf(body.model) ?? '',
      stream: body.stream === true,
      ...stated,
      // Whether the budget of thoughts is within the bound is not said.
      outputBound:
        bound === undefined ? undefined : bound + Math.max(0, numberIn(objectAt(body, 'thinking').token_budget) ?? 0),
      answers: statedAnswers(body) ?? 1,
      overhead: INSTRUCTIONS,
      ...toolFacts(connectors(body.connectors)),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  bound: (tokens) => ({ max_tokens: tokens }),
  askForUsage: () => undefined,
  reported: reportedIn,
  isFinal: (answer) => answer.finish_reason !== 'ERROR',
  stream: () => new ChatStream(),
  refusal: (message) => ({ id: 'token-budget', message }),
  interruption(message) {
    const delta = { error: message, finish_reason: 'ERROR' };
    return `event: message-end\ndata: ${JSON.stringify({ type: 'message-end', delta })}\n\n`;
  },
};

function connectors(list: unknown): readonly AskedTool[] {
  const named = (Array.isArray(list) ? list : []).filter(isObject);
  return named.map(({ id }) => ({ name: `connector:${wordOf(textOf(id) ?? '')}` }));
}

/** `POST …/embed` and `…/classify`: nothing is generated. */
export const cohereEmbeddings: Dialect = {
  ...cohere,
  suffixes: ['/v2/embed', '/v1/embed', '/v1/classify'],
  read: (body) => (hasPictures(body) ? { ...inputOnly(body), unbounded: 'media' } : inputOnly(body)),
  bound: () => undefined,
};

/**
 * `POST …/rerank`, which several others serve too; Cohere bills it by the search unit, and others by the token: the query
 * with each document anew (docs.voyageai.com/docs/faq, 2026-11-28).
 */
export const cohereRerank: Dialect = {
  ...cohere,
  suffixes: ['/rerank'],
  longTexts: true,
  read: (body) => ({
    ...inputOnly(body),
    overhead: repeatedQuery(body),
    meters: { searchUnits: searchUnits(body) },
    ...(hasMedia(body) ? { unbounded: 'media' } : {}),
  }),
  bound: () => undefined,
  reported: (answer) => reportedIn(answer) ?? totalIn(answer),
  // A list of ranks says nothing of how often the query was read, so that its hold is what is known.
  isFinal: () => false,
};

/** Tokens of a model's own around each pair of a query and a document. */
const AROUND_PAIR = 16;

function repeatedQuery({ query, documents, texts }: JsonObject): number {
  const count = [documents, texts].flat().length;
  return count * (Buffer.byteLength(JSON.stringify(query ?? '')) + AROUND_PAIR);
}

/** Others state their tokens as OpenAI's formats do, or their sum alone. */
function totalIn({ usage, model }: JsonObject): Reported | undefined {
  const { prompt_tokens: prompt, total_tokens: total } = objectAt({ usage }, 'usage');
  const counts = [prompt, total].map(reportedCount).filter((count) => count !== undefined);
  const named = textOf(model);
  if (counts.length === 0) return undefined;
  return { usage: usageOf({ input: Math.max(...counts) }), ...(named !== undefined && { model: named }) };
}

function inputOnly(body: JsonObject): RequestFacts {
  return { model: textOf(body.model) ?? '', stream: false, outputBound: 0, answers: 1 };
}

function hasPictures(body: JsonObject): boolean {
  return hasMedia(body) || (Array.isArray(body.images) && body.images.length > 0);
}

/** Documents in a unit, and bytes that one of the pieces which count as documents surely has: each is 500 tokens, its query included. */
const DOCUMENTS = 100;
const PIECE_BYTES = 500;

function searchUnits({ documents, query }: JsonObject): number {
  const asked = Buffer.byteLength(textOf(query) ?? '');
  const pieces = (Array.isArray(documents) ? documents : []).map((each: unknown) =>
    Math.max(1, Math.ceil((Buffer.byteLength(JSON.stringify(each)) + asked) / PIECE_BYTES)),
  );
  return Math.max(1, Math.ceil(pieces.reduce((sum, count) => sum + count, 0) / DOCUMENTS));
}

/** Cohere bills fewer tokens than its models read: the limits hold for what was read, the price for what is billed. */
function reportedIn(answer: JsonObject): Reported | undefined {
  const { usage: stated = answer.meta } = answer;
  const billed = billedUsage(objectAt(stated, 'billed_units'));
  const read = readUsage(objectAt(stated, 'tokens'), objectAt({ stated }, 'stated').cached_tokens);
  if (!read) return billed && { usage: billed };
  if (!billed) return { usage: read };
  const { meters } = billed;
  return { usage: meters ? usageOf({ ...read, meters }) : read, parts: [{ usage: billed }] };
}

function billedUsage(units: JsonObject): Usage | undefined {
  const stated = [units.input_tokens, units.image_tokens, units.output_tokens, units.search_units, units.pages];
  const counts = stated.map((count) => (count == null ? 0 : reportedCount(count)));
  if (stated.every((count) => count == null) || counts.includes(undefined)) return undefined;
  const [text = 0, image = 0, output, searchUnits, pages] = counts;
  return usageOf({ input: text + image, imageIn: image, output, meters: { searchUnits, pages } });
}

function readUsage(tokens: JsonObject, cached: unknown): Usage | undefined {
  const input = reportedCount(tokens.input_tokens);
  const output = reportedCount(tokens.output_tokens ?? 0);
  // No call reads nothing: zeros beside what is billed are not a count.
  if (!input || output === undefined) return undefined;
  return usageOf({ input, output, cacheRead: cached });
}

/** The second version ends with `message-end`, the first with `stream-end` around a whole answer. */
class ChatStream implements StreamReader {
  reported: Reported | undefined;

  event(data: string): boolean {
    if (!data.includes('-end"')) return false;
    const event = parseObject(data);
    const isLast = event?.type === 'message-end' || event?.event_type === 'stream-end';
    if (!event || !isLast) return false;
    const answer = isObject(event.delta) ? event.delta : objectAt(event, 'response');
    this.reported = reportedIn(answer);
    return this.reported !== undefined || !FAILED.has(answer.finish_reason ?? event.finish_reason);
  }
}

const FAILED = new Set<unknown>(['ERROR', 'ERROR_TOXIC', 'TIMEOUT']);
