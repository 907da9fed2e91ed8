/**
 * What an answer with an error status costs, whoever sends it, and the order in which a provider's own rules stand among
 * these. Where no provider says anything, the sound side is taken: a status that a server may send after it has worked
 * keeps the hold.
 */
import type { Provider } from '../providers/provider.js';
import type { StatusRule } from '../providers/status-rule.js';

const RFC = 'https://www.rfc-editor.org/rfc/rfc9110#section-15';

/** Codes by which a filter says that it has read, or that a model has written, what it holds back. */
const FILTERED = /content_?filter|ResponsibleAIPolicyViolation|content_policy_violation|moderation_blocked/i;

/** Statuses of RFC 9110 and 6585 that turn a request away before it is worked at. 408, 424 and 499 are none of them. */
const TURNED_AWAY = [[300, 407], [409, 418], [421, 423], 425, 426, 428, 429, 431, 451, 501, 505, 511] as const;

/** Errors by which anyone tells that a model or a filter has worked. */
export const WORKED: readonly StatusRule[] = [
  {
    statuses: [[400, 599]],
    error: FILTERED,
    billed: true,
    basis: 'stated',
    why: 'a filter had read the prompt, or held an answer back: Azure charges both, and stands behind many gateways',
    source: 'https://learn.microsoft.com/azure/ai-foundry/openai/faq',
    date: '2026-09-11',
  },
  {
    statuses: [[400, 599]],
    error: /failed_generation|tool_use_failed|json_validate_failed/,
    billed: true,
    basis: 'not stated',
    why: 'the error comes after generation, and has what was generated (Groq)',
    source: 'https://console.groq.com/docs/errors',
    date: '2026-11-28',
  },
];

/** What holds for every status of which a provider says nothing. */
export const OTHERWISE: readonly StatusRule[] = [
  {
    statuses: [529],
    own: true,
    billed: false,
    basis: 'meaning',
    why: 'overloaded, wherever the status is used: the request was not taken',
    source: 'https://platform.claude.com/docs/en/api/errors',
    date: '2026-09-23',
  },
  {
    statuses: TURNED_AWAY,
    billed: false,
    basis: 'meaning',
    why: 'the request was turned away before it was worked at',
    source: RFC,
    date: '2026-11-28',
  },
  {
    statuses: [[300, 999]],
    billed: true,
    basis: 'not stated',
    why: 'the request may have been worked at: time-outs, gateways that gave up, errors amid the work',
    source: RFC,
    date: '2026-11-28',
  },
];

/** The rules for a provider's errors in their order: the first that fits decides. */
export function statusRulesOf({ statuses = [] }: Pick<Provider, 'statuses'>): readonly StatusRule[] {
  return [...statuses.filter(({ first }) => first), ...WORKED, ...statuses.filter(({ first }) => !first), ...OTHERWISE];
}
