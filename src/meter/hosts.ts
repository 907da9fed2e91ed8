/** Hosts of providers that the gateway meters without being told, and whose prices apply there. */
export interface ProviderHosts {
  /** The provider's id in the price table. */
  readonly provider: string;
  readonly hosts: readonly string[];
}

export const PROVIDER_HOSTS: readonly ProviderHosts[] = [
  { provider: 'openai', hosts: ['api.openai.com', '*.api.openai.com'] },
  { provider: 'anthropic', hosts: ['api.anthropic.com'] },
  {
    provider: 'azure',
    hosts: ['*.openai.azure.com', '*.cognitiveservices.azure.com', '*.services.ai.azure.com', '*.models.ai.azure.com'],
  },
  {
    provider: 'google',
    hosts: [
      'generativelanguage.googleapis.com',
      'aiplatform.googleapis.com',
      '*-aiplatform.googleapis.com',
      'aiplatform.*.rep.googleapis.com',
    ],
  },
  { provider: 'mistral', hosts: ['api.mistral.ai', '*.mistral.ai'] },
  { provider: 'groq', hosts: ['api.groq.com'] },
  { provider: 'deepseek', hosts: ['api.deepseek.com'] },
  { provider: 'x-ai', hosts: ['api.x.ai', '*.api.x.ai'] },
  { provider: 'together', hosts: ['api.together.xyz', 'api.together.ai'] },
  { provider: 'fireworks', hosts: ['api.fireworks.ai'] },
  { provider: 'perplexity', hosts: ['api.perplexity.ai'] },
  { provider: 'cerebras', hosts: ['api.cerebras.ai'] },
  { provider: 'openrouter', hosts: ['openrouter.ai'] },
  {
    provider: 'aws',
    hosts: [
      ...['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime-fips.*.amazonaws.com', 'bedrock-runtime.*.api.aws'],
      ...['*.bedrock-runtime.*.vpce.amazonaws.com', '*.bedrock-runtime-fips.*.vpce.amazonaws.com'],
      'bedrock-mantle.*.api.aws',
    ],
  },
  { provider: 'github-models', hosts: ['models.inference.ai.azure.com', 'models.github.ai'] },
  { provider: 'cohere', hosts: ['api.cohere.com', 'api.cohere.ai'] },
  { provider: 'ollama-cloud', hosts: ['ollama.com'] },
];
