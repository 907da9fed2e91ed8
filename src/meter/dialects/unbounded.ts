import { hasMedia } from '../countable-text.js';
import { isObject, objectAt, textOf, type JsonObject } from '../../lib/json.js';

/** Members that let the provider add work of its own or read what the request does not show. */
export interface UnboundedBy {
  /** Reason in words, by the member that causes it where it is set. */
  readonly members: Readonly<Record<string, string>>;
  /** Types of the tools that run at the caller. */
  readonly localTools: RegExp;
}

/** Tools that run at the provider re-read the context each turn, so that the request's bytes bound one turn only. */
export const SERVER_TOOLS = 'server tools';
export const PROVIDER_STATE = 'state at the provider';
export const UNREADABLE_ANSWERS = 'an unreadable number of answers';
export const OTHER_MODELS = 'other models as a fallback';

/**
 * What gateways and routers take beside the members of any format: OpenRouter's presets, plugins and fallbacks
 * (openrouter.ai/docs/features/presets, /web-search, /model-routing), LiteLLM's prompts and fallbacks
 * (docs.litellm.ai/docs/proxy/prompt_management, /reliability), contexts that a provider keeps (Google's compatible
 * endpoint, Volcengine's Ark), agents in a model's place (Azure AI Foundry); read 2026-11-28.
 */
const OF_GATEWAYS: Readonly<Record<string, string>> = {
  models: OTHER_MODELS,
  fallbacks: OTHER_MODELS,
  plugins: SERVER_TOOLS,
  preset: PROVIDER_STATE,
  prompt_id: PROVIDER_STATE,
  context_id: PROVIDER_STATE,
  cached_content: PROVIDER_STATE,
  agent: PROVIDER_STATE,
  agent_reference: PROVIDER_STATE,
};

/** Models that search or run tools at the provider without being asked to. */
const SEARCHING_MODEL = /(^|\/)sonar|-search-|-search$|deep-research|(^|\/)compound|:online(:|$)/i;

/** Why the request's bytes and its stated bound are not an upper bound of what the call may cost, where they are not. */
export function unboundedBy(body: JsonObject, { members, localTools }: UnboundedBy): string | undefined {
  const model = textOf(body.model) ?? '';
  if (SEARCHING_MODEL.test(model)) return SERVER_TOOLS;
  if (model.includes('@preset/')) return PROVIDER_STATE;
  if (hasMedia(body)) return 'media';
  const reason = reasonIn(body, { ...OF_GATEWAYS, ...members }) ?? gatewayReason(body);
  return reason ?? (hasServerTools(body.tools, localTools) ? SERVER_TOOLS : undefined);
}

/** The same members where clients put them for a gateway: in an object of their own. */
function gatewayReason(body: JsonObject): string | undefined {
  const places = [['extra_body'], ['extra_body', 'google'], ['providerOptions', 'gateway']] as const;
  return places.map((place) => reasonIn(objectAt(body, ...place), OF_GATEWAYS)).find((reason) => reason !== undefined);
}

function reasonIn(owner: JsonObject, reasons: Readonly<Record<string, string>>): string | undefined {
  const member = Object.keys(reasons).find((key) => isSet(owner[key]));
  return member === undefined ? undefined : reasons[member];
}

function isSet(value: unknown): boolean {
  if (value == null || value === false) return false;
  return !(Array.isArray(value) && value.length === 0);
}

function hasServerTools(tools: unknown, local: RegExp): boolean {
  if (!Array.isArray(tools)) return false;
  return tools.some((tool) => isObject(tool) && !local.test(textOf(tool.type) ?? 'function'));
}
