import type { Provider } from './provider.js';
import { billedTool, PER_1K, WEB_SEARCH } from './row-parts.js';
import { OVERLOADED } from './status-rule.js';

/**
 * Amazon Bedrock. Its regional models have rows of their own in the price table. It says that its service tiers cost more
 * and less, and not how much.
 */
export const aws: Provider = {
  name: 'aws',
  hosts: [
    ...['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime-fips.*.amazonaws.com', 'bedrock-runtime.*.api.aws'],
    ...['*.bedrock-runtime.*.vpce.amazonaws.com', '*.bedrock-runtime-fips.*.vpce.amazonaws.com'],
    'bedrock-mantle.*.api.aws',
  ],
  credentials: [
    ['AWS_SECRET_ACCESS_KEY', 'AWS clients sign each request with it'],
    ['AWS_BEARER_TOKEN_BEDROCK', 'the gateway does not hold keys of AWS'],
  ],
  dialect: 'bedrock-converse',
  knowsCompletionTokens: true,
  statuses: [
    {
      ...OVERLOADED,
      source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html',
    },
  ],
  tools: [
    // What its endpoint in OpenAI's format takes, by the count that its answer states.
    billedTool(
      WEB_SEARCH,
      'searches',
      12 * PER_1K,
      'github.com/truefoundry/models/pull/2159 (third party), 2026-08-13',
    ),
  ],
};
