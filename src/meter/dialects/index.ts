import type { DialectName } from '../../domain/call.js';
import { anthropic } from './anthropic.js';
import { bedrockConverse } from './bedrock-converse.js';
import { bedrockInvoke } from './bedrock-invoke.js';
import type { Dialect } from './dialect.js';
import { gemini } from './gemini.js';
import { geminiEmbeddings } from './gemini-embeddings.js';
import { geminiInteractions } from './gemini-interactions.js';
import { openaiChat } from './openai-chat.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import { openaiCompaction, openaiResponses } from './openai-responses.js';
import { vertexAnthropic, vertexChat, vertexPredict } from './vertex.js';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-embeddings': openaiEmbeddings,
  anthropic,
  gemini,
  'gemini-interactions': geminiInteractions,
  'bedrock-converse': bedrockConverse,
  'bedrock-invoke': bedrockInvoke,
};

/** Every endpoint whose path tells its format. */
export const ENDPOINTS: readonly Dialect[] = [
  ...Object.values(DIALECTS),
  openaiCompaction,
  geminiEmbeddings,
  ...[vertexAnthropic, vertexChat, vertexPredict],
];
