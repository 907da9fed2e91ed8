import type { Match } from '../domain/match.js';
import type { OwnPrice, Provider } from './provider.js';
import { BEARER, usdPerMillion } from './row-parts.js';

const NOW = 'developer.puter.com/tutorials/cohere-api-pricing (third party), 2026-06';
const OLD = 'several tables of third parties agree; cohere.com states no price per search now, 2026-11-28';

function embedding(models: Match): OwnPrice {
  return { models, rates: usdPerMillion([0.1, 0]), source: OLD };
}

/** By the search unit alone. */
function rerank(source: string, models: Match, searchUnits: number): OwnPrice {
  return { models, rates: usdPerMillion([0, 0]), fees: { searchUnits }, source };
}

/** Cohere. */
export const cohere: Provider = {
  name: 'cohere',
  hosts: ['api.cohere.com', 'api.cohere.ai'],
  keys: { variables: ['CO_API_KEY', 'COHERE_API_KEY'], prefix: '', places: BEARER },
  dialect: 'cohere',
  maker: 'open',
  listsOwnModels: true,
  prices: [
    embedding({ starts: 'embed-english-' }),
    embedding({ starts: 'embed-multilingual-' }),
    rerank(NOW, ['rerank-v4.0-pro', 'rerank-4-pro'], 2_500_000_000),
    rerank(NOW, [{ starts: 'rerank-v4.0-fast' }, 'rerank-4-fast'], 2_000_000_000),
    rerank(
      OLD,
      [{ starts: 'rerank-v3' }, { starts: 'rerank-english-v3' }, { starts: 'rerank-multilingual-v3' }],
      2_000_000_000,
    ),
  ],
};
