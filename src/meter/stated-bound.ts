/**
 * The bounds that a request states, as any server may read them. One server knows names that another ignores, one takes
 * the first of two and another the last, and several take a number that is written as text: the largest reading counts.
 */
import { isObject, numberIn, type JsonObject } from '../lib/json.js';
import type { StatedBound } from './dialects/dialect.js';

const OTHER_NAMES = [
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_new_tokens', 'max_tokens_to_sample'],
  ...['maxTokens', 'maxOutputTokens', 'max_gen_len', 'max_length', 'n_predict', 'num_predict'],
  ...['min_tokens', 'min_new_tokens', 'min_length'],
];

/** Objects beside the format's own members in which servers look for parameters. */
const OTHER_PLACES = ['options', 'parameters', 'generation_config', 'generationConfig', 'extra_body'];

/** @param names the format's own, members of `owner` */
export function statedBound(body: JsonObject, names: readonly string[], owner: JsonObject = body): StatedBound {
  const own = names.map((name) => numberIn(owner[name])).filter((bound) => bound !== undefined);
  const largest = Math.max(...own);
  const places = [body, ...OTHER_PLACES.map((place) => body[place]).filter(isObject)];
  const others = places.flatMap((place) => otherBounds(place, place === owner ? names : []));
  const other = Math.max(...others);
  return {
    // Less than 0 stands for no bound.
    outputBound: own.length === 0 || largest < 0 ? undefined : Math.max(largest, other),
    ...(other > 0 && { otherBound: other }),
    ...(largest === 0 && { zero: true }),
    ...(others.concat(own).some((bound) => bound < 0) && own.length + others.length > 1 && { endless: true }),
  };
}

function otherBounds(place: JsonObject, own: readonly string[]): number[] {
  const names = OTHER_NAMES.filter((name) => !own.includes(name));
  return names.map((name) => numberIn(place[name])).filter((bound) => bound !== undefined);
}

const ANSWERS = ['n', 'best_of', 'n_cmpl', 'num_return_sequences', 'num_generations'];

/** How many answers a request asks for, under any name; undefined where one of them cannot be read. */
export function statedAnswers(body: JsonObject): number | undefined {
  const stated = ANSWERS.map((name) => body[name]).filter((count) => count != null);
  const counts = stated.map(numberIn);
  if (counts.some((count) => count === undefined)) return undefined;
  return Math.max(1, ...counts.map((count) => count ?? 1));
}
