/** Whether an answer with an error status is billed. */
import type { Provider } from '../providers/provider.js';
import type { StatusRule } from '../providers/status-rule.js';
import { statusRulesOf } from './billed-statuses.js';
import type { Headers } from './dialects/dialect.js';
import { isObject, textOf, type JsonObject } from '../lib/json.js';

/** An answer with a status of 300 or more, and whose it is. */
export interface Failure {
  readonly provider: Pick<Provider, 'statuses'>;
  readonly host: string;
  readonly status: number;
  readonly headers: Headers;
  /** Its body, where that is a JSON object that could be read whole. */
  readonly body: JsonObject | undefined;
}

/** The rule that says what a failure costs: one always does. */
export function ruleFor(failure: Failure): StatusRule {
  const rules = statusRulesOf(failure.provider);
  const rule = rules.find((each) => holds(each, failure)) ?? rules.at(-1);
  if (!rule) throw new Error('there is no rule for statuses');
  return rule;
}

function holds(rule: StatusRule, failure: Failure): boolean {
  const { host, statuses, error, own } = rule;
  if (host !== undefined && !failure.host.includes(host)) return false;
  if (!statuses.some((each) => includes(each, failure.status))) return false;
  if (own === true && !isOwn(failure)) return false;
  return error === undefined || wordsOf(failure.body).some((words) => error.test(words));
}

function includes(range: StatusRule['statuses'][number], status: number): boolean {
  if (typeof range === 'number') return range === status;
  return range[0] <= status && status <= range[1];
}

/** Whether the API itself sent it: in its own shape of errors, or with AWS's own header. */
function isOwn({ body, headers }: Failure): boolean {
  if (headers['x-amzn-errortype'] !== undefined) return true;
  if (!body) return false;
  return isObject(body.error) || typeof body.error === 'string' || body.type === 'error' || body.object === 'error';
}

/** Names of members that tell what kind of error it is. What a prompt said may stand in others. */
const TELLING = ['code', 'type', 'status', 'message', 'error', 'detail', 'msg', 'error_code', 'error_type', 'title'];

/** Everything that an error says of itself, and the names of its members: some errors are told by what they bring. */
function wordsOf(body: JsonObject | undefined): string[] {
  const words: string[] = [];
  const stack: unknown[] = [body];
  while (stack.length > 0) {
    const value = stack.pop();
    if (Array.isArray(value)) for (const each of value) stack.push(each);
    if (!isObject(value)) continue;
    for (const [name, member] of Object.entries(value)) {
      words.push(name);
      if (TELLING.includes(name)) words.push(textOf(member) ?? '');
      stack.push(member);
    }
  }
  return words;
}
