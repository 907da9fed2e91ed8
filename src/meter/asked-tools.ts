/** Which tools a request asks a provider to run, by the names that the provider has for them. */
import type { AskedTool } from './dialects/dialect.js';
import { countOf, isObject, objectAt, textOf, type JsonObject, numberIn } from '../lib/json.js';

/** A request's tools as one of its facts; nothing where it asks for none. */
export function toolFacts(tools: readonly AskedTool[]): { readonly tools?: readonly AskedTool[] } {
  return tools.length > 0 ? { tools } : {};
}

/** A name of this form is a word of an API's, which a key or a sentence never is; any other is not repeated. */
const WORDS = /^(?:[a-z]{1,24}|\d{1,8}[a-z]?)(?:[_.:-](?:[a-z]{1,24}\d?|[a-z]?\d{1,8}[a-z]?)){0,8}$/;
const UNNAMED = 'of another name';

/** A name as it may be repeated to people: lower case, in the form of an API's words. */
export function wordOf(name: string): string {
  const folded = name
    .trim()
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return WORDS.test(folded) ? folded : UNNAMED;
}

/**
 * The tools of a list that tells each by its `type`, but for those that the caller runs.
 * @param most uses that the request allows all of them together
 */
export function typedTools(tools: unknown, local: RegExp, most?: number): readonly AskedTool[] {
  const list = Array.isArray(tools) ? tools.filter(isObject) : [];
  return list
    .filter((tool) => !local.test(textOf(tool.type) ?? 'function') && !runsAtCaller(tool))
    .map((tool) => {
      const allowed = countOf(tool.max_uses) ?? most;
      const model = textOf(tool.model);
      return {
        name: typedName(tool),
        ...(allowed !== undefined && { most: allowed }),
        ...(model !== undefined && { model }),
      };
    });
}

/** OpenAI's shell is the caller's own, unless it is given a container. */
function runsAtCaller({ type, environment }: JsonObject): boolean {
  return type === 'shell' && !(textOf(objectAt({ environment }, 'environment').type) ?? '').startsWith('container');
}

/** A container costs by its size, the smallest where none is named. */
function typedName(tool: JsonObject): string {
  const name = wordOf(textOf(tool.type) ?? '');
  if (name === 'builtin_function') return `${name}:${wordOf(textOf(objectAt(tool, 'function').name) ?? '')}`;
  if (name !== 'code_interpreter' && name !== 'shell') return name;
  const size = objectAt(tool, name === 'shell' ? 'environment' : 'container').memory_limit;
  // Without a place of its own it is another provider's tool of the name.
  if (size == null && tool.container == null && tool.environment == null) return name;
  return `${name}:${wordOf(textOf(size) ?? '1g')}`;
}

/** Tools that are told by their one member, as Google's are. */
export function keyedTools(tools: unknown, local: ReadonlySet<string>): readonly AskedTool[] {
  const list = [tools].flat().filter(isObject);
  const names = list.flatMap((tool) => Object.keys(tool).filter((kind) => tool[kind] != null));
  return names.filter((name) => !local.has(name)).map((name) => ({ name: wordOf(name) }));
}

const SEARCH_MODEL = /-search-(preview|api)/;
const COMPOUND = /(^|\/)compound/;
/** Results of a search where a request does not say how many (openrouter.ai/docs/features/web-search). */
const RESULTS = 5;

/** What a chat asks for beside its list of tools: searches by options of their own, by a plugin or by its model's name. */
export function chatTools(body: JsonObject, local: RegExp): readonly AskedTool[] {
  const model = textOf(body.model) ?? '';
  const searches = SEARCH_MODEL.test(model);
  return [
    ...typedTools(body.tools, local),
    ...(searches ? [{ name: 'search_model', most: answersOf(body) }] : []),
    ...(body.web_search_options != null && !searches ? [{ name: 'web_search' }] : []),
    ...liveSearch(body.search_parameters),
    ...routerTools(body),
    ...compoundTools(body, model),
  ];
}

function answersOf({ n }: JsonObject): number {
  return Math.max(1, numberIn(n) ?? 1);
}

/** xAI's search in its chat, by the sources that it may use. */
function liveSearch(parameters: unknown): readonly AskedTool[] {
  if (!isObject(parameters) || parameters.mode === 'off') return [];
  const most = countOf(parameters.max_search_results);
  return [{ name: 'live_search', ...(most !== undefined && { most }) }];
}

/** OpenRouter's plugins, in any format that it takes; the suffix is another word for that of its search. */
export function routerTools({ plugins: list, model: named }: JsonObject): readonly AskedTool[] {
  const model = textOf(named) ?? '';
  const asked = (Array.isArray(list) ? list : []).filter(isObject).filter(({ enabled }) => enabled !== false);
  const found = asked.map(({ id, max_results: results }) => {
    const name = `plugin:${wordOf(textOf(id) ?? '')}`;
    return name === 'plugin:web' ? { name, most: numberIn(results) ?? RESULTS } : { name };
  });
  const suffixed = /:online(:|$)/.test(model) && !found.some(({ name }) => name === 'plugin:web');
  return suffixed ? [...found, { name: 'plugin:web', most: RESULTS }] : found;
}

/** Groq's systems of several models run tools without being asked to. */
function compoundTools(body: JsonObject, model: string): readonly AskedTool[] {
  if (!COMPOUND.test(model)) return [];
  const { enabled_tools: enabled } = objectAt(body, 'compound_custom', 'tools');
  const names = Array.isArray(enabled) ? enabled.map((name) => wordOf(textOf(name) ?? '')) : DEFAULT_TOOLS;
  return names.map((name) => ({ name }));
}

const DEFAULT_TOOLS = ['web_search', 'code_interpreter', 'visit_website'];
