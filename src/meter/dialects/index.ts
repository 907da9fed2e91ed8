import type { DialectName } from '../../domain/call.js';
import { anthropic } from './anthropic.js';
import { bedrockConverse } from './bedrock-converse.js';
import { bedrockInvoke } from './bedrock-invoke.js';
import type { Dialect } from './dialect.js';
import { openaiChat } from './openai-chat.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import { openaiCompaction, openaiResponses } from './openai-responses.js';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-embeddings': openaiEmbeddings,
  anthropic,
  'bedrock-converse': bedrockConverse,
  'bedrock-invoke': bedrockInvoke,
};

/** Every endpoint whose path tells its format. */
export const ENDPOINTS: readonly Dialect[] = [...Object.values(DIALECTS), openaiCompaction];
