/** Names of models as they are, and keys in their place: what docs/masking.md shows, and what the tests hold. */
const hex = (length: number) => '3f9a1c07b2d84e65'.repeat(8).slice(0, length);
const mixed = (length: number) => 'a7Qd93kLm2XpR5tV'.repeat(8).slice(0, length);

/** Written as they are. */
export const STAYS: readonly (readonly [what: string, name: string])[] = [
  ['a dated model', 'gpt-4o-mini-2024-07-18'],
  ['a fine-tuned OpenAI model', 'ft:gpt-4o-mini-2024-07-18:acme:support-bot:AbC123xY'],
  ['a checkpoint of it', 'ft:gpt-4o-mini-2024-07-18:acme::AbC123xY:ckpt-step-88'],
  ['a deployment on Azure', 'team-gpt4o-eastus2-prod-001'],
  ['a deployment that is a UUID', '8f14e45f-ceea-467a-9538-3f2b1c0d9e7a'],
  ['a model on Bedrock', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0'],
  ['a Bedrock inference profile', 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6'],
  ['a provisioned Bedrock model', 'arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/x9y8z7w6v5u4'],
  ['a model on Vertex', 'projects/acme-123/locations/us-central1/publishers/anthropic/models/claude-opus-4@20250514'],
  ['a Vertex endpoint', 'projects/123456789012/locations/us-central1/endpoints/1234567890123456789'],
  ['a model on Hugging Face', 'meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo'],
  ['a maker whose name begins like a key', 'xai-org/grok-1'],
  ['a model whose name begins like a key', 'pplx-70b-online'],
  ['a word with sk- in it', 'risk-assessment-v2'],
  ['a model on Fireworks', 'accounts/acme/deployedModels/llama-v3p1-8b-instruct-a1b2c3d4'],
  ['a version on Replicate', `meta/llama-2-70b-chat:${hex(64)}`],
  ['an Ollama digest', `hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF@sha256:${hex(64)}`],
  ['a quantised model', 'llama3.1:8b-instruct-q4_K_M'],
  ['a model on Cloudflare', '@cf/meta/llama-3.1-8b-instruct'],
];

/** Written as `***`. */
export const MASKED: readonly (readonly [what: string, name: string])[] = [
  ['an OpenAI key', `sk-proj-${mixed(48)}`],
  ['an Anthropic key', `sk-ant-api03-${mixed(64)}`],
  ['an OpenRouter key', `sk-or-v1-${hex(64)}`],
  ['an xAI key', `xai-${mixed(80)}`],
  ['a Groq key', `gsk_${mixed(52)}`],
  ['a Google key', `AIza${mixed(35)}`],
  ['a Perplexity key', `pplx-${mixed(48)}`],
  ['a Fireworks key', `fw_${mixed(24)}`],
  ['a Cerebras key', `csk-${mixed(48)}`],
  ['a Bedrock key', `ABSK${mixed(60)}`],
  ['a Replicate key', `r8_${mixed(37)}`],
  ['an NVIDIA key', `nvapi-${mixed(60)}`],
  ['a Hugging Face token', `hf_${mixed(34)}`],
  ['a GitHub token', `ghp_${mixed(36)}`],
  ['a Databricks token', `dapi${hex(32)}`],
  ['a Google Cloud token', `ya29.${mixed(60)}`],
  ['a JSON web token', `eyJ${mixed(30)}.eyJ${mixed(30)}.${mixed(40)}`],
  ['an Azure key', hex(32)],
  ['a Mistral key', mixed(32)],
  ['a Cohere key', mixed(40)],
  ['a Together key', hex(64)],
  ['a header', `Bearer ${mixed(20)}`],
];
