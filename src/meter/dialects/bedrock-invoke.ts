import { usageOf, type Usage } from '../../domain/usage.js';
import { isObject, objectAt, parseObject, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import {
  bedrockInterruption,
  bedrockRefusal,
  bedrockServiceWords,
  bedrockUsage,
  FASTER,
  GUARDRAIL,
  hasMediaBlocks,
  isFailure,
  isStreamed,
  modelIn,
  REFUSAL_HEADERS,
  unboundedModel,
} from './bedrock.js';
import { answersIn, boundIn, boundMembers, familyOf } from './bedrock-families.js';
import type { Dialect, Headers, Reported, StreamReader } from './dialect.js';
import { openaiUsage } from './openai-usage.js';

/** Formats of families that other endpoints have as well. */
interface Families {
  readonly anthropic: Dialect;
  /** OpenAI's chat, whose tools and members most others share. */
  readonly chat: Dialect;
}

/** `POST /model/{id}/invoke` and `/invoke-with-response-stream`: each model family's own body in one envelope. */
export function bedrockInvokeOf(families: Families): Dialect {
  return {
    name: 'bedrock-invoke',
    suffixes: [/\/model\/[^/]+\/(invoke|invoke-with-response-stream)$/],
    serviceWords: bedrockServiceWords,

    read(body, path, headers = {}) {
      const model = modelIn(path);
      const family = familyOf(model);
      const claude = isClaude(model, body);
      const own = claude ? families.anthropic.read(body, path) : families.chat.read(body, path);
      const unbounded =
        unboundedModel(model) ?? family?.unbounded ?? own.unbounded ?? unboundedIn(body) ?? unboundedBy(headers);
      return {
        model,
        stream: isStreamed(path),
        outputBound: family?.bounds.length === 0 ? 0 : boundIn(body, family?.bounds),
        answers: answersIn(body),
        ...(own.tools && { tools: own.tools }),
        ...(own.overhead !== undefined && { overhead: own.overhead }),
        ...(unbounded === undefined ? {} : { unbounded }),
      };
    },

    bound(tokens, _, body, path = '') {
      // Claude's body requires a bound, and what nobody can tell the family of has no member to write it to.
      const [member] = isClaude(modelIn(path), body) ? [] : (familyOf(modelIn(path))?.bounds ?? []);
      return member === undefined ? undefined : boundMembers(body, member, tokens);
    },

    askForUsage: () => undefined,
    reported: (answer, headers) =>
      reportedBy(ownUsage(answer, families.anthropic), countsIn(answer, headers), tierOf(headers)),
    isFinal: (answer) => !isFailure(answer) && answer.type !== 'error',
    stream: (headers) => new InvokeStream(tierOf(headers), families.anthropic),
    refusal: bedrockRefusal,
    interruption: bedrockInterruption,
    refusalHeaders: REFUSAL_HEADERS,
  };
}

/** A profile's own ARN does not say whose model is behind it; Claude's body names its version. */
function isClaude(model: string, body: JsonObject): boolean {
  return /\banthropic\./.test(model) || textOf(body.anthropic_version) !== undefined;
}

/** Members of other families that carry media: Titan's and Llama's pictures, what TwelveLabs watches. */
const MEDIA = ['inputImage', 'images', 'image', 'mediaSource', 'taskType'];

function unboundedIn(body: JsonObject): string | undefined {
  if (hasMediaBlocks(body) || MEDIA.some((member) => body[member] != null)) return 'media';
  if (body['amazon-bedrock-guardrailConfig'] != null) return GUARDRAIL;
  return undefined;
}

function unboundedBy(headers: Headers): string | undefined {
  if (headers['x-amzn-bedrock-guardrailidentifier'] !== undefined) return GUARDRAIL;
  return headers['x-amzn-bedrock-performanceconfig-latency'] === 'optimized' ? FASTER : undefined;
}

const tierOf = (headers: Headers) => headers['x-amzn-bedrock-service-tier'];

/** Bedrock's own counts of a whole answer, as Converse names them; an embedding has no output to count. */
function countsIn(answer: JsonObject, headers: Headers): JsonObject {
  const count = (name: string) => countOf(headers[`x-amzn-bedrock-${name}-token-count`]);
  const embeds = ['embedding', 'embeddings', 'embeddingsByType'].some((member) => member in answer);
  return {
    inputTokens: count('input'),
    outputTokens: count('output') ?? (embeds ? 0 : undefined),
    cacheReadInputTokens: count('cache-read-input'),
    cacheWriteInputTokens: count('cache-write-input'),
  };
}

function countOf(header: unknown): number | undefined {
  return typeof header === 'string' && /^\d{1,16}$/.test(header) ? reportedCount(Number(header)) : undefined;
}

/** Bedrock's counts are what it bills; the family's own say more of their parts, and are all there is where it has none. */
function reportedBy(own: Usage | undefined, counts: JsonObject, tier: unknown): Reported | undefined {
  const cached = { cacheReadInputTokens: own?.cacheRead, cacheWriteInputTokens: own?.cacheWrite };
  const stated = Object.entries(counts).filter(([, count]) => count !== undefined);
  const billed = bedrockUsage({ ...cached, ...Object.fromEntries(stated) }, undefined);
  const total = billed ?? own;
  if (!total) return undefined;
  const { input, output, cacheRead, cacheWrite } = total;
  return { usage: usageOf({ ...own, input, output, cacheRead, cacheWrite, tier: tier ?? own?.tier }) };
}

/**
 * What a body states in its family's own words: Anthropic's; Nova's, as Converse; OpenAI's (also AI21, DeepSeek, Qwen);
 * Llama's; Titan's; Cohere's. Its model is left out: the path names it with its region, and so its price.
 */
function ownUsage(body: JsonObject, anthropic: Dialect): Usage | undefined {
  const usage = objectAt(body, 'usage');
  return (
    anthropic.reported(body, {})?.usage ?? bedrockUsage(usage, undefined) ?? openaiUsage(body.usage) ?? plainUsage(body)
  );
}

/** Counts beside the text, in pairs. */
const PAIRS: readonly ((body: JsonObject) => readonly [unknown, unknown])[] = [
  (body) => [body.prompt_token_count, body.generation_token_count],
  (body) => [body.inputTextTokenCount, 'embedding' in body ? 0 : sumOf(body.results)],
  (body) => [objectAt(body, 'token_count').prompt_tokens, objectAt(body, 'token_count').response_tokens],
  (body) => [objectAt(body, 'meta', 'billed_units').input_tokens, objectAt(body, 'meta', 'billed_units').output_tokens],
];

function plainUsage(body: JsonObject): Usage | undefined {
  const pairs = PAIRS.map((pair) => pair(body).map(reportedCount));
  const [input, output] = pairs.find(([read, generated]) => read !== undefined && generated !== undefined) ?? [];
  return input === undefined ? undefined : usageOf({ input, output });
}

/** Titan counts each of its results. */
function sumOf(results: unknown): number | undefined {
  if (!Array.isArray(results)) return undefined;
  const counts = results.map((result) => (isObject(result) ? reportedCount(result.tokenCount) : undefined));
  return counts.includes(undefined) ? undefined : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** A part of an answer that can matter to metering; most carry text alone. */
const TELLING = /invocationMetrics|"usage"|"type"\s*:\s*"message_|[tT]oken_?[cC]ount/;

/** Chunks hold the family's own JSON in base64; the last has what Bedrock bills, which a failing stream does not send. */
class InvokeStream implements StreamReader {
  readonly #tier: unknown;
  readonly #anthropic: Dialect;
  readonly #claude: StreamReader;
  #own: Usage | undefined;
  #counts: JsonObject = {};
  #failed = false;

  constructor(tier: unknown, anthropic: Dialect) {
    this.#tier = tier;
    this.#anthropic = anthropic;
    this.#claude = anthropic.stream({});
  }

  event(data: string): boolean {
    const bytes = textOf(objectAt(parseObject(data), 'chunk').bytes);
    if (bytes === undefined) {
      this.#failed = true;
      return false;
    }
    const text = Buffer.from(bytes, 'base64').toString('utf8');
    return TELLING.test(text) && this.#take(text);
  }

  #take(text: string): boolean {
    const inner = parseObject(text);
    if (!inner) return false;
    this.#claude.event(text);
    const stated = [inner, objectAt(inner, 'metadata')].map((part) => ownUsage(part, this.#anthropic));
    this.#own = this.#claude.reported?.usage ?? stated[0] ?? stated[1] ?? this.#own;
    const metrics = inner['amazon-bedrock-invocationMetrics'];
    if (!isObject(metrics)) return false;
    this.#counts = {
      inputTokens: metrics.inputTokenCount,
      outputTokens: metrics.outputTokenCount,
      cacheReadInputTokens: metrics.cacheReadInputTokenCount,
      cacheWriteInputTokens: metrics.cacheWriteInputTokenCount,
    };
    return this.reported !== undefined;
  }

  isWhole(): boolean {
    return !this.#failed && this.reported !== undefined;
  }

  get reported(): Reported | undefined {
    return reportedBy(this.#own, this.#counts, this.#tier);
  }
}
