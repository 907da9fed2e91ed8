/** What Groq states beside usage: which models its systems ran, and which tools. */
import { usageOf } from '../../domain/usage.js';
import { isObject, objectAt, reportedCount, textOf, type JsonObject } from '../../lib/json.js';
import type { ModelUsage, Reported } from './dialect.js';
import { tokensOf, withParts } from './parts.js';

/**
 * Groq's compound systems run several models and say what each used.
 * @param reportedOf reads one of them
 */
export function groqParts(
  answer: JsonObject,
  reportedOf: (model: unknown, usage: unknown) => ModelUsage | undefined,
): readonly ModelUsage[] | undefined {
  const { models } = objectAt(answer, 'usage_breakdown');
  if (!Array.isArray(models)) return undefined;
  const parts = models.map((each: unknown) => {
    const { model, usage } = objectAt({ each }, 'each');
    return reportedOf(model, usage);
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/**
 * What was reported, with what each of several models did. In a stream each part repeats the total (recorded by
 * pydantic-ai, test_groq_model_web_search_tool_stream): then it is not known which model did how much of it.
 */
export function ofModels(reported: Reported, parts: readonly ModelUsage[] = []): Reported {
  const total = tokensOf([reported]);
  if (parts.length < 2 || total === 0 || !parts.every((part) => tokensOf([part]) === total)) {
    return withParts(reported, parts);
  }
  const models = parts.map(({ model }) => model).filter((model) => model !== undefined);
  return models.length > 0 ? { ...reported, either: [...new Set(models)] } : reported;
}

/** The kinds of tools that an answer or a chunk says were run, each under its place. */
export function executedTools({ choices }: JsonObject): ReadonlyMap<string, string> {
  const ran = (Array.isArray(choices) ? choices : []).filter(isObject).flatMap((choice, place) => {
    const { executed_tools: tools } = { ...objectAt(choice, 'message'), ...objectAt(choice, 'delta') };
    const list = Array.isArray(tools) ? tools.filter(isObject) : [];
    return list.map(({ index, type }, i): [string, string] => [
      `${place} ${reportedCount(index) ?? i}`,
      textOf(type) ?? '',
    ]);
  });
  return new Map(ran);
}

/** What was reported, with the tools that ran as units that are billed. */
export function withTools(reported: Reported | undefined, ran: ReadonlyMap<string, string>): Reported | undefined {
  if (!reported || ran.size === 0) return reported;
  const types = [...ran.values()];
  const searches = types.filter((type) => type.includes('search')).length;
  const containers = types.filter((type) => /python|code/.test(type)).length;
  const toolCalls = types.length - searches - containers;
  const { usage } = reported;
  return { ...reported, usage: usageOf({ ...usage, meters: { ...usage.meters, searches, containers, toolCalls } }) };
}
