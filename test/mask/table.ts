/** Names of models as they are, and keys that stand in their place: what docs/masking.md shows, and the tests hold. */
const hex = (length: number) => '3f9a1c07b2d84e65'.repeat(8).slice(0, length);
const mixed = (length: number) => 'a7Qd93kLm2XpR5tV'.repeat(8).slice(0, length);

/** Written as they are. */
export const STAYS: readonly (readonly [what: string, name: string])[] = [
  ['a dated model', 'gpt-4o-mini-2024-07-18'],
  ['a fine-tuned model of OpenAI', 'ft:gpt-4o-mini-2024-07-18:acme:support-bot:AbC123xY'],
  ['its checkpoint', 'ft:gpt-4o-mini-2024-07-18:acme::AbC123xY:ckpt-step-88'],
  ['a deployment on Azure', 'team-gpt4o-eastus2-prod-001'],
  ['a deployment that is a UUID', '8f14e45f-ceea-467a-9538-3f2b1c0d9e7a'],
  ['a model on Bedrock', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0'],
  [
    'an inference profile of Bedrock',
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6',
  ],
  ['a provisioned model of Bedrock', 'arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/x9y8z7w6v5u4'],
  ['a model on Vertex', 'projects/acme-123/locations/us-central1/publishers/anthropic/models/claude-opus-4@20250514'],
  ['an endpoint of Vertex', 'projects/123456789012/locations/us-central1/endpoints/1234567890123456789'],
  ['a model on Hugging Face', 'meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo'],
  ['one whose maker is named as keys begin', 'xai-org/grok-1'],
  ['one whose name begins as keys do', 'pplx-70b-online'],
  ['a word with sk- in it', 'risk-assessment-v2'],
  ['a model on Fireworks', 'accounts/acme/deployedModels/llama-v3p1-8b-instruct-a1b2c3d4'],
  ['a version on Replicate', `meta/llama-2-70b-chat:${hex(64)}`],
  ['a digest of Ollama', `hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF@sha256:${hex(64)}`],
  ['a quantised model', 'llama3.1:8b-instruct-q4_K_M'],
  ['a model on Cloudflare', '@cf/meta/llama-3.1-8b-instruct'],
];

/** Written as `***`. */
export const MASKED: readonly (readonly [what: string, name: string])[] = [
  ['a key of OpenAI', `sk-proj-${mixed(48)}`],
  ['a key of Anthropic', `sk-ant-api03-${mixed(64)}`],
  ['a key of OpenRouter', `sk-or-v1-${hex(64)}`],
  ['a key of xAI', `xai-${mixed(80)}`],
  ['a key of Groq', `gsk_${mixed(52)}`],
  ['a key of Google', `AIza${mixed(35)}`],
  ['a key of Perplexity', `pplx-${mixed(48)}`],
  ['a key of Fireworks', `fw_${mixed(24)}`],
  ['a key of Cerebras', `csk-${mixed(48)}`],
  ['a key of Bedrock', `ABSK${mixed(60)}`],
  ['a key of Replicate', `r8_${mixed(37)}`],
  ['a key of NVIDIA', `nvapi-${mixed(60)}`],
  ['a token of Hugging Face', `hf_${mixed(34)}`],
  ['a token of GitHub', `ghp_${mixed(36)}`],
  ['a token of Databricks', `dapi${hex(32)}`],
  ['a token of Google Cloud', `ya29.${mixed(60)}`],
  ['a JSON web token', `eyJ${mixed(30)}.eyJ${mixed(30)}.${mixed(40)}`],
  ['a key of Azure', hex(32)],
  ['a key of Mistral', mixed(32)],
  ['a key of Cohere', mixed(40)],
  ['a key of Together', hex(64)],
  ['a header', `Bearer ${mixed(20)}`],
];
