/** What Bedrock's two formats share: how a path names the model, how counts are stated, how it says no. */
import { usageOf, type Usage } from '../../domain/usage.js';
import { exceptionFrame } from '../aws-event-stream-frame.js';
import { isObject, objectAt, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import type { Headers, ServiceWords } from './dialect.js';
import { PROVIDER_STATE } from './unbounded.js';

/** The model of `…/model/{id}/{operation}`: an id, an ARN or a profile, as it reads once decoded; empty where none. */
export function modelIn(path: string): string {
  const escaped = /\/model\/([^/]+)\/[^/]+$/.exec(path)?.[1] ?? '';
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}

export function isStreamed(path: string): boolean {
  return path.endsWith('-stream');
}

/** A stored prompt, which the request shows the variables of alone; a router, which answers by whichever model. */
export function unboundedModel(model: string): string | undefined {
  if (/^arn:[^:]*:bedrock:[^:]*:[^:]*:prompt\//.test(model)) return PROVIDER_STATE;
  return /^arn:.*prompt-router\//.test(model) ? 'a router that chooses the model' : undefined;
}

/** A filter that Bedrock puts before and after the model, and bills by units of text. */
export const GUARDRAIL = 'a guardrail';
/** Served faster at another price, which the answer does not state. */
export const FASTER = 'latency-optimized service';

/**
 * Usage as Converse and Nova state it: cache reads and writes come on top of `inputTokens`. Undefined where either total
 * is missing or no count.
 */
export function bedrockUsage(usage: JsonObject, tier: unknown): Usage | undefined {
  const uncached = reportedCount(usage.inputTokens);
  const output = reportedCount(usage.outputTokens);
  if (uncached === undefined || output === undefined) return undefined;
  const cacheRead = reportedCount(usage.cacheReadInputTokens) ?? 0;
  const written = writtenByLife(usage.cacheDetails);
  const cacheWrite = reportedCount(usage.cacheWriteInputTokens) ?? written.all;
  const input = uncached + cacheRead + cacheWrite;
  return usageOf({ input, output, cacheRead, cacheWrite, cacheWrite1h: written.hour, tier });
}

/** The breakdown only splits the total; where there is no total, it is one. */
function writtenByLife(details: unknown): { readonly all: number; readonly hour: number } {
  const parts = Array.isArray(details) ? details.filter(isObject) : [];
  const sum = (some: readonly JsonObject[]) =>
    some.reduce((total, { inputTokens }) => total + (reportedCount(inputTokens) ?? 0), 0);
  return { all: sum(parts), hour: sum(parts.filter(({ ttl }) => ttl === '1h')) };
}

/** AWS errors are told by their header; the body has the message alone. */
export function bedrockRefusal(message: string): JsonObject {
  return { message };
}

/** Both streaming operations model it, and its clients raise it in mid-stream. */
export const bedrockInterruption = (message: string): Buffer => exceptionFrame('validationException', message);

/** The one quota error of Bedrock's that its clients do not try again. */
export const REFUSAL_HEADERS = { 'x-amzn-errortype': 'ServiceQuotaExceededException' };

/** Whether an answer is an error in AWS's form: nothing but a message. */
export function isFailure(answer: JsonObject): boolean {
  const message = textOf(answer.message) ?? textOf(answer.Message);
  return message !== undefined || isObject(answer.error);
}

/** The tier as a body states it. */
export function tierIn(answer: JsonObject): unknown {
  return objectAt(answer, 'serviceTier').type;
}

/** Bedrock's words for a service tier: Converse's in the body, InvokeModel's in a header. */
export function bedrockServiceWords(body: JsonObject, headers: Headers): ServiceWords {
  return { tiers: [tierIn(body), headers['x-amzn-bedrock-service-tier']] };
}

const MEDIA = ['image', 'video', 'audio'];

/** Whether there is media in messages, in the system prompt or in the results of tools, which are blocks again. */
export function hasMediaBlocks({ messages, system }: JsonObject): boolean {
  const stack: unknown[] = [messages, system];
  while (stack.length > 0) {
    const value = stack.pop();
    if (Array.isArray(value)) for (const each of value) stack.push(each);
    if (!isObject(value)) continue;
    if (MEDIA.some((kind) => isObject(value[kind])) || isFile(value.document)) return true;
    stack.push(value.content, objectAt(value, 'toolResult').content, value.guardContent);
  }
  return false;
}

/** A document is text where its source is; as bytes it may hold pictures, or be packed. */
function isFile(document: unknown): boolean {
  const source = objectAt(document, 'source');
  return isObject(document) && !('text' in source) && !('content' in source);
}
