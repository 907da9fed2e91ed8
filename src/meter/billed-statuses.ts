/**
 * What an answer with an error status costs: the rules by which a call's hold is kept or freed, as data, each with the
 * words that it rests on. The first rule that fits decides. Where no provider says anything, the sound side is taken: a
 * status that a server may send after it has worked keeps the hold.
 */
/** On what a rule rests: the provider says so; its meaning of the status says so; a rule of its own for a like case does. */
export type Basis = 'stated' | 'meaning' | 'like case' | 'not stated';

export interface StatusRule {
  /** The provider's id; left out where the rule holds for all that no earlier rule names. */
  readonly provider?: string;
  /** Hosts of the provider that it holds for, by a part of their name; all where left out. */
  readonly host?: string;
  /** Statuses and ranges of them, both ends included. */
  readonly statuses: readonly (number | readonly [from: number, to: number])[];
  /** Holds for errors that match this in their code, type or message alone. */
  readonly error?: RegExp;
  /** Holds only for errors in the provider's own format: something between it and us may send the same status. */
  readonly own?: true;
  readonly billed: boolean;
  /** The least that such an answer is billed by itself, in nano-USD. */
  readonly fee?: number;
  readonly basis: Basis;
  /** In a few words, why. */
  readonly why: string;
  readonly source: string;
  /** When the source was read, or was last changed by its own word. */
  readonly date: string;
}

const AZURE_FAQ = 'https://learn.microsoft.com/azure/ai-foundry/openai/faq';
const AZURE = {
  basis: 'stated',
  source: AZURE_FAQ,
  date: '2026-09-11',
} as const;
const OPENROUTER = 'https://openrouter.ai/docs/guides/features/zero-completion-insurance';
const RFC = 'https://www.rfc-editor.org/rfc/rfc9110#section-15';

/** Codes by which a filter says that it has read, or that a model has written, what it holds back. */
const FILTERED = /content_?filter|ResponsibleAIPolicyViolation|content_policy_violation|moderation_blocked/i;

/** Statuses of RFC 9110 and 6585 that turn a request away before it is worked at. 408, 424 and 499 are none of them. */
const TURNED_AWAY = [[300, 407], [409, 418], [421, 423], 425, 426, 428, 429, 431, 451, 501, 505, 511] as const;

const OVERLOADED = {
  statuses: [503],
  own: true,
  billed: false,
  basis: 'meaning',
  why: 'overloaded or down: the request was not taken',
  date: '2026-11-28',
} as const;

export const STATUS_RULES: readonly StatusRule[] = [
  {
    provider: 'openrouter',
    statuses: [[400, 407], [409, 498], [500, 503], 529],
    own: true,
    billed: false,
    basis: 'stated',
    why: 'an answer without output, or with an error, is not billed',
    source: OPENROUTER,
    date: '2026-09-29',
  },
  {
    provider: 'google',
    host: 'aiplatform',
    statuses: [[400, 599]],
    own: true,
    billed: false,
    basis: 'stated',
    why: 'only requests that return a 200 response code are charged',
    source: 'https://cloud.google.com/vertex-ai/generative-ai/pricing',
    date: '2026-09-23',
  },
  {
    provider: 'google',
    statuses: [400, 500],
    own: true,
    billed: false,
    basis: 'stated',
    why: 'a request that fails with a 400 or 500 error is not charged',
    source: 'https://ai.google.dev/gemini-api/docs/billing',
    date: '2026-09-20',
  },
  {
    provider: 'google',
    statuses: [503],
    own: true,
    billed: false,
    basis: 'meaning',
    why: 'the service is overloaded or down and takes no request',
    source: 'https://ai.google.dev/gemini-api/docs/troubleshooting',
    date: '2026-09-20',
  },
  {
    provider: 'azure',
    statuses: [408],
    billed: true,
    ...AZURE,
    why: 'what was processed is charged, a time-out too',
  },
  {
    provider: 'azure',
    statuses: [400],
    error: /context_length_exceeded|string_above_max_length/,
    billed: true,
    ...AZURE,
    why: 'what was processed is charged, an input past its limit too',
  },
  {
    statuses: [[400, 599]],
    error: FILTERED,
    billed: true,
    ...AZURE,
    why: 'a filter had read the prompt, or held an answer back: Azure charges both, and stands behind many gateways',
  },
  {
    provider: 'azure',
    statuses: [400],
    error:
      /invalid_request_error|unsupported_|unknown_|invalid_|missing_|extra_|Extra |BadRequest|OperationNotSupported/,
    billed: false,
    ...AZURE,
    why: 'what is not processed is not charged',
  },
  {
    provider: 'azure',
    statuses: [400],
    billed: true,
    ...AZURE,
    why: 'a 400 that does not say why may come of a filter, after processing',
  },
  {
    provider: 'x-ai',
    statuses: [400, 403, 422],
    error: /usage guideline|safety_check/i,
    billed: true,
    fee: 50_000_000,
    basis: 'stated',
    why: 'a request against the usage guidelines is charged, by $0.05 where it was caught before generation',
    source: 'https://docs.x.ai/developers/pricing#usage-guidelines-violation-fee',
    date: '2026-07-17',
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
  {
    provider: 'groq',
    statuses: [422],
    billed: true,
    basis: 'meaning',
    why: 'may come of what a model made up, after it has worked',
    source: 'https://console.groq.com/docs/errors',
    date: '2026-11-28',
  },
  {
    provider: 'groq',
    statuses: [498, [500, 503]],
    own: true,
    billed: false,
    basis: 'stated',
    why: 'requests that return server errors are not charged; at 498 there was no capacity for flex',
    source: 'https://console.groq.com/docs/errors',
    date: '2026-11-28',
  },
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
    provider: 'anthropic',
    statuses: [503],
    own: true,
    billed: false,
    basis: 'meaning',
    why: 'overloaded: the request was not taken',
    source: 'https://platform.claude.com/docs/en/api/errors',
    date: '2026-09-23',
  },
  {
    provider: 'anthropic',
    statuses: [500],
    own: true,
    billed: false,
    basis: 'like case',
    why: 'a request of a batch that ends with an internal server error is not billed',
    source: 'https://platform.claude.com/docs/en/build-with-claude/batch-processing',
    date: '2026-09-23',
  },
  {
    provider: 'openai',
    statuses: [503],
    own: true,
    billed: false,
    basis: 'meaning',
    why: 'overloaded: the model has no capacity for the request',
    source: 'https://developers.openai.com/api/docs/guides/error-codes',
    date: '2026-11-28',
  },
  {
    provider: 'aws',
    ...OVERLOADED,
    source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html',
  },
  { provider: 'deepseek', ...OVERLOADED, source: 'https://api-docs.deepseek.com/quick_start/error_codes' },
  { provider: 'fireworks', ...OVERLOADED, source: 'https://docs.fireworks.ai/guides/inference-error-codes' },
  { provider: 'mistral', ...OVERLOADED, source: 'https://docs.mistral.ai/resources/error-glossary' },
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
