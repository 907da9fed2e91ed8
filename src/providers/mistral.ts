import type { Match } from '../domain/match.js';
import type { OwnPrice, Provider } from './provider.js';
import { BEARER, usdPerMillion } from './row-parts.js';
import { OVERLOADED } from './status-rule.js';

const LARGE =
  'docs.mistral.ai/models: an alias of Large 3, whose price is the table’s, 2026-11-27; Large 4 is a preview under names of its own';
const NEWEST =
  'docs.mistral.ai/models: price of the newest model of that name; that the alias stands for it is inferred, 2026-11-27';

function price(source: string, models: Match, usd: readonly number[]): OwnPrice {
  return { models, rates: usdPerMillion(usd), source };
}

/** Mistral. */
export const mistral: Provider = {
  name: 'mistral',
  hosts: ['api.mistral.ai', '*.mistral.ai'],
  keys: { variables: ['MISTRAL_API_KEY', 'CODESTRAL_API_KEY'], prefix: '', places: BEARER },
  maker: 'mistral',
  knowsCompletionTokens: true,
  reportsUnasked: true,
  // A 422 (openai/openai-agents-python#442, read 2026-11-28); its streams state usage unasked.
  refusesUsageWish: /(^|\.)mistral\.ai$/,
  errorShape: 'flat',
  billsFreePaths: true,
  listsOwnModels: true,
  statuses: [{ ...OVERLOADED, source: 'https://docs.mistral.ai/resources/error-glossary' }],
  prices: [
    // The table has the price of Large 2.
    price(LARGE, 'mistral-large-latest', [0.5, 1.5, 0.05]),
    price(NEWEST, 'ministral-3b-latest', [0.1, 0.1, 0.01]),
    price(NEWEST, 'ministral-14b-latest', [0.2, 0.2, 0.02]),
    price(NEWEST, ['devstral-latest', 'devstral-medium-latest'], [0.4, 2, 0.04]),
    price(NEWEST, ['open-mistral-nemo-2407', 'mistral-nemo-2407'], [0.15, 0.15]),
    price(NEWEST, 'pixtral-12b-2409', [0.15, 0.15]),
  ],
};
