/** What the tools of a response did: it states that in places of its own, beside the tokens. */
import { type Meters, type Usage, usageOf } from '../../domain/usage.js';
import { wordOf } from '../asked-tools.js';
import { isObject, objectAt, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import type { ModelUsage } from './dialect.js';

/** What the tools of a response did beside its tokens. */
export interface ToolUses {
  readonly meters: Meters;
  /** What the model used that made pictures. */
  readonly imageTool?: ModelUsage;
  /** What it did beside, whose price is not known. */
  readonly untold?: string;
}

/** Items that cost nothing beside their tokens, or that the caller works on. */
const BY_TOKENS = new Set([
  ...['function_call', 'custom_tool_call', 'mcp_call', 'computer_call', 'local_shell_call', 'apply_patch_call'],
  ...['tool_search_call', 'program_call', 'multi_agent_call'],
]);
/** Items that the units below, or a tool's own tokens, have the price of. */
const COUNTED = new Set([
  ...['web_search_call', 'file_search_call', 'code_interpreter_call', 'shell_call', 'image_generation_call'],
]);

/**
 * What the tools of an answer did.
 * @param readUsage reads the usage of the tool that makes pictures
 */
export function responseTools(answer: JsonObject, readUsage: (stated: unknown) => Usage | undefined): ToolUses {
  const items = Array.isArray(answer.output) ? answer.output.filter(isObject) : [];
  const stated = objectAt(answer, 'tool_usage');
  const imageUsage = pictureUsage(stated.image_gen, readUsage);
  const pictures = items.filter(({ type }) => type === 'image_generation_call').length;
  const others = items.map(({ type }) => textOf(type) ?? '').filter(isOther);
  return {
    meters: {
      ...serverTools(objectAt(answer, 'usage')),
      ...nonZero({
        searches: reportedCount(objectAt(stated, 'web_search').num_requests) ?? items.filter(isSearch).length,
        fileSearches: items.filter(({ type }) => type === 'file_search_call').length,
        containers: containersIn(items),
        toolCalls: others.length,
        ...(!imageUsage && { images: pictures }),
      }),
    },
    ...(imageUsage && { imageTool: { usage: imageUsage, ...imageModel(answer.tools) } }),
    ...untoldOf(others, imageUsage ? 0 : pictures),
  };
}

function isOther(type: string): boolean {
  return type.endsWith('_call') && !BY_TOKENS.has(type) && !COUNTED.has(type);
}

function untoldOf(others: readonly string[], pictures: number): Pick<ToolUses, 'untold'> {
  const [other] = others;
  if (other !== undefined) return { untold: `no price is known for the tool ${wordOf(other)}` };
  return pictures > 0 ? { untold: 'the tokens of its pictures are not stated' } : {};
}

/** Pages that are opened, and what is looked for in them, are not searches (github.com/BerriAI/litellm/issues/39610). */
function isSearch({ type, action }: JsonObject): boolean {
  if (type !== 'web_search_call') return false;
  const kind = objectAt({ action }, 'action').type;
  return kind === undefined || kind === 'search';
}

/** Each container that code ran in, once; a call that does not name its own is counted as one. */
function containersIn(items: readonly JsonObject[]): number {
  const ran = items.filter(({ type }) => type === 'code_interpreter_call' || type === 'shell_call');
  const ids = ran.map(({ type, container_id, environment }, index) => {
    const id = textOf(container_id) ?? textOf(objectAt({ environment }, 'environment').container_id);
    // A shell without a container is the caller's own.
    return id ?? (type === 'shell_call' ? undefined : String(index));
  });
  return new Set(ids.filter((id) => id !== undefined)).size;
}

/** xAI's counts of what ran at its side. */
function serverTools(usage: JsonObject): Meters {
  const { web_search_calls, x_search_calls, code_interpreter_calls, file_search_calls, document_search_calls } =
    objectAt(usage, 'server_side_tool_usage_details');
  const sum = (...counts: readonly unknown[]) =>
    counts.reduce<number>((total, count) => total + (reportedCount(count) ?? 0), 0);
  return nonZero({
    searches: sum(web_search_calls, x_search_calls),
    fileSearches: sum(file_search_calls, document_search_calls),
    toolCalls: sum(code_interpreter_calls),
  });
}

function nonZero(meters: Meters): Meters {
  return Object.fromEntries(Object.entries(meters).filter(([, count]) => count > 0));
}

/** A picture's tokens; what is not said to be text is the picture. */
function pictureUsage(stated: unknown, readUsage: (stated: unknown) => Usage | undefined): Usage | undefined {
  const usage = readUsage(stated);
  if (!usage || usage.input + usage.output === 0) return undefined;
  const { cached_tokens_details: cached } = objectAt({ stated }, 'stated');
  const told = isObject(objectAt({ stated }, 'stated').output_tokens_details);
  const imageCached = objectAt({ cached }, 'cached').cached_image_tokens;
  return usageOf({ ...usage, imageCached: imageCached ?? usage.imageCached, ...(!told && { imageOut: usage.output }) });
}

/** A response repeats the tools that it was asked with. */
function imageModel(tools: unknown): Pick<ModelUsage, 'model'> {
  const list = Array.isArray(tools) ? tools.filter(isObject) : [];
  const model = textOf(list.find(({ type }) => type === 'image_generation')?.model);
  return model === undefined ? {} : { model };
}
