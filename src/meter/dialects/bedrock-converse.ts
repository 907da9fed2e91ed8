import { toolFacts, typedTools, wordOf } from '../asked-tools.js';
import type { AskedTool, Dialect, Reported, StreamReader } from './dialect.js';
import { isObject, objectAt, parseObject, textOf, type JsonObject, numberIn } from '../../lib/json.js';
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
  tierIn,
  unboundedModel,
} from './bedrock.js';
import { answersIn, boundIn } from './bedrock-families.js';
import { undividedOf } from './parts.js';
import { PROVIDER_STATE, SERVER_TOOLS } from './unbounded.js';

/** `POST /model/{id}/converse` and `/converse-stream`: Bedrock's one format for all its chat models. */
export const bedrockConverse: Dialect = {
  name: 'bedrock-converse',
  suffixes: [/\/model\/[^/]+\/(converse|converse-stream)$/],
  free: [/\/model\/[^/]+\/count-tokens$/],
  serviceWords: bedrockServiceWords,

  read(body, path) {
    const model = modelIn(path);
    const extra = objectAt(body, 'additionalModelRequestFields');
    const unbounded = unboundedModel(model) ?? unboundedIn(body, extra);
    return {
      model,
      stream: isStreamed(path),
      outputBound: statedBound(body, extra),
      answers: answersIn(extra),
      ...toolFacts(hostedTools(body, extra)),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  bound: (tokens, _, body) => ({ inferenceConfig: { ...objectAt(body, 'inferenceConfig'), maxTokens: tokens } }),
  askForUsage: () => undefined,
  reported: reportedIn,
  isFinal: (answer) => !isFailure(answer) && isObject(answer.output),
  stream: () => new ConverseStream(),
  refusal: bedrockRefusal,
  interruption: bedrockInterruption,
  refusalHeaders: REFUSAL_HEADERS,
};

/** A bound in the model's own words may stand beside the format's; which of them wins is the model's affair. */
function statedBound(body: JsonObject, extra: JsonObject): number | undefined {
  const stated = numberIn(objectAt(body, 'inferenceConfig').maxTokens) ?? 0;
  const largest = Math.max(stated, boundIn(extra) ?? 0);
  return largest > 0 ? largest : undefined;
}

function unboundedIn(body: JsonObject, extra: JsonObject): string | undefined {
  if (hasMediaBlocks(body)) return 'media';
  if (isObject(body.guardrailConfig)) return GUARDRAIL;
  if (isObject(body.promptVariables)) return PROVIDER_STATE;
  if (objectAt(body, 'performanceConfig').latency === 'optimized') return FASTER;
  const { tools } = objectAt(body, 'toolConfig');
  const hosted = Array.isArray(tools) && tools.some((tool) => isObject(tool) && 'systemTool' in tool);
  // Tools and servers in the model's own words: some of them run at the provider.
  return hosted || Array.isArray(extra.tools) || 'mcp_servers' in extra ? SERVER_TOOLS : undefined;
}

/** Claude's own tools that the caller runs, as in its own format. */
const LOCAL = /^(function|custom|(bash|text_editor|memory|computer)_\d+)$/;

/** Bedrock's own tools, and those that are asked for in the model's own words. */
function hostedTools(body: JsonObject, extra: JsonObject): readonly AskedTool[] {
  const { tools } = objectAt(body, 'toolConfig');
  const own = (Array.isArray(tools) ? tools : []).filter(isObject).filter((tool) => 'systemTool' in tool);
  const named = own.map((tool) => ({ name: wordOf(textOf(objectAt(tool, 'systemTool').name) ?? '') }));
  return [...named, ...typedTools(extra.tools, LOCAL)];
}

function reportedIn(answer: JsonObject): Reported | undefined {
  const usage = bedrockUsage(objectAt(answer, 'usage'), tierIn(answer));
  // A router says in its trace which model it chose.
  const model = textOf(objectAt(answer, 'trace', 'promptRouter').invokedModelId);
  const stated = objectAt(answer, 'usage');
  if (!usage) return undividedOf(stated, ['inputTokens', 'outputTokens'], stated.totalTokens, model);
  return { usage, ...(model === undefined ? {} : { model }) };
}

/** `metadata` is the last event and states the usage; it stays away where a stream fails. */
class ConverseStream implements StreamReader {
  reported: Reported | undefined;

  event(data: string): boolean {
    if (!data.startsWith('{"metadata"')) return false;
    const metadata = parseObject(data)?.metadata;
    if (!isObject(metadata)) return false;
    this.reported = reportedIn(metadata);
    return true;
  }
}
