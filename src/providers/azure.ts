import type { Provider, Router } from './provider.js';
import type { StatusRule } from './status-rule.js';

const FAQ = {
  basis: 'stated',
  source: 'https://learn.microsoft.com/azure/ai-foundry/openai/faq',
  date: '2026-09-11',
} as const;

const STATUSES: readonly StatusRule[] = [
  { statuses: [408], first: true, billed: true, ...FAQ, why: 'what was processed is charged, a time-out too' },
  {
    statuses: [400],
    first: true,
    error: /context_length_exceeded|string_above_max_length/,
    billed: true,
    ...FAQ,
    why: 'what was processed is charged, an input past its limit too',
  },
  {
    statuses: [400],
    error:
      /invalid_request_error|unsupported_|unknown_|invalid_|missing_|extra_|Extra |BadRequest|OperationNotSupported/,
    billed: false,
    ...FAQ,
    why: 'what is not processed is not charged',
  },
  {
    statuses: [400],
    billed: true,
    ...FAQ,
    why: 'a 400 that does not say why may come of a filter, after processing',
  },
];

const ROUTER: Router = {
  // Of the 43 models that it could pick on 2026-11-11 these are known by name; the list grows without a new version.
  // The fee is for input alone.
  models: [{ has: 'model-router' }, { has: 'model_router' }, 'auto'],
  picks: [
    ...['gpt-6-astra', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna', 'gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini'],
    ...['gpt-5.2', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'o4-mini', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'],
    ...['gpt-4o', 'gpt-4o-mini', 'claude-fable-5-1', 'claude-opus-5', 'claude-sonnet-5', 'claude-opus-4-1'],
    ...['claude-haiku-4-5', 'grok-4', 'grok-4-fast', 'deepseek-v3.2'],
  ],
  varies: 'the router may pick a model that is dearer than those known',
  fee: 140_000,
  source:
    'learn.microsoft.com/azure/foundry/openai/how-to/model-router (an older list) and …/foundry/model-router/supported-models ' +
    '(43 models), version 2025-11-18, 2026-11-11; azure.microsoft.com/pricing/details/ai-foundry-models/aoai, 2026-11-27',
};

/** Azure OpenAI and Azure AI Foundry. */
export const azure: Provider = {
  name: 'azure',
  hosts: ['*.openai.azure.com', '*.cognitiveservices.azure.com', '*.services.ai.azure.com', '*.models.ai.azure.com'],
  keys: {
    variables: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
    prefix: '',
    places: ['api-key', 'authorization', 'x-api-key'],
  },
  credentials: [
    ['AZURE_CLIENT_SECRET', 'Azure clients make tokens of it'],
    ['AZURE_OPENAI_AD_TOKEN', 'it is a token of Azure AD'],
  ],
  // A deployment may have the name of one model and be another.
  tokenizers: 'any',
  knowsCompletionTokens: true,
  wantsCompletionTokens: true,
  servesStrictModels: true,
  statuses: STATUSES,
  routers: [ROUTER],
};
