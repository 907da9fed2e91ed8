/** How the model families that InvokeModel serves each bound their output, after the parameter pages of Bedrock's user guide. */
import { isObject, objectAt, type JsonObject, numberIn } from '../../lib/json.js';

export interface Family {
  /** In a model's id. An ARN of an imported model or of one's own profile names no family. */
  readonly models: RegExp;
  /** Members that bound its output, `a.b` for b within a; the first is written where none is stated. Empty: no output. */
  readonly bounds: readonly string[];
  /** Why bytes and tokens do not bound its cost, where they do not. */
  readonly unbounded?: string;
}

const OTHER_UNITS = 'billed by other units than tokens';

/** The first that matches counts, so that what makes no text stands before its maker's chat models. */
const FAMILIES: readonly Family[] = [
  { models: /\brerank/, bounds: [], unbounded: OTHER_UNITS },
  { models: /canvas|titan-image|stability\.|luma\.|nova-reel|twelvelabs\./, bounds: [], unbounded: OTHER_UNITS },
  { models: /embed/, bounds: [] },
  { models: /\banthropic\./, bounds: ['max_tokens', 'max_tokens_to_sample'] },
  { models: /\bamazon\.nova/, bounds: ['inferenceConfig.maxTokens', 'inferenceConfig.max_new_tokens'] },
  { models: /\bamazon\.titan/, bounds: ['textGenerationConfig.maxTokenCount'] },
  { models: /\bmeta\./, bounds: ['max_gen_len'] },
  { models: /\b(mistral|cohere|deepseek|writer)\./, bounds: ['max_tokens'] },
  { models: /\bai21\./, bounds: ['max_tokens', 'maxTokens'] },
  { models: /\bopenai\./, bounds: ['max_completion_tokens', 'max_tokens'] },
  {
    models: /\b(qwen|google|nvidia|moonshot|moonshotai|minimax|zai)\./,
    bounds: ['max_tokens', 'max_completion_tokens'],
  },
];

/** Every family's word, for a model of which nobody can tell whose it is: what it does not know bounds nothing more. */
const ALL_BOUNDS = [...new Set(FAMILIES.flatMap(({ bounds }) => bounds))];

/** How many answers a request asks for, in any family's word. */
const ANSWERS = ['n', 'best_of', 'num_generations', 'numResults'];

export function familyOf(model: string): Family | undefined {
  return FAMILIES.find(({ models }) => models.test(model));
}

/** The largest bound that a request states under any of these members; undefined where it states none. */
export function boundIn(body: JsonObject, members: readonly string[] = ALL_BOUNDS): number | undefined {
  const largest = Math.max(0, ...members.map((member) => numberIn(valueAt(body, member)) ?? 0));
  return largest > 0 ? largest : undefined;
}

export function answersIn(body: JsonObject): number {
  return Math.max(1, ...ANSWERS.map((member) => numberIn(body[member]) ?? 1));
}

/** Members that set a bound; what stands beside it in the same object stays. */
export function boundMembers(body: JsonObject, member: string, tokens: number): JsonObject {
  const [outer = '', inner] = member.split('.');
  return { [outer]: inner === undefined ? tokens : { ...objectAt(body, outer), [inner]: tokens } };
}

function valueAt(body: JsonObject, member: string): unknown {
  const [outer = '', inner] = member.split('.');
  const value = body[outer];
  return inner === undefined ? value : isObject(value) ? value[inner] : undefined;
}
