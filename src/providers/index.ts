/** All providers that are known. A new one is a row: a file of its own, or a few lines in others.ts, and its place here. */
import { anthropic } from './anthropic.js';
import { aws } from './aws.js';
import { azure } from './azure.js';
import { cohere } from './cohere.js';
import { google } from './google.js';
import { groq } from './groq.js';
import { providersOf } from './lookup.js';
import type { Providers } from './provider.js';
import { mistral } from './mistral.js';
import { openai } from './openai.js';
import { openrouter } from './openrouter.js';
import {
  cerebras,
  databricks,
  deepseek,
  fireworks,
  githubModels,
  ollama,
  ollamaCloud,
  otherMakers,
  perplexity,
  together,
} from './others.js';
import { xai } from './x-ai.js';

/** Every known provider; those with hosts are metered without being told. */
export const PROVIDERS: Providers = providersOf([
  ...[openai, anthropic, azure, google, mistral, groq, deepseek, xai, together, fireworks, perplexity, cerebras],
  ...[openrouter, aws, githubModels, cohere, ollamaCloud],
  ...[ollama, databricks, ...otherMakers],
]);
