import type { DialectName } from '../../domain/call.js';
import type { Provider } from '../../providers/provider.js';
import { anthropic } from './anthropic.js';
import { asyncChat } from './async-chat.js';
import { bedrockConverse } from './bedrock-converse.js';
import { bedrockInvoke } from './bedrock-invoke.js';
import { cohere, cohereEmbeddings, cohereRerank } from './cohere.js';
import type { Dialect } from './dialect.js';
import { gemini } from './gemini.js';
import { geminiEmbeddings } from './gemini-embeddings.js';
import { geminiInteractions } from './gemini-interactions.js';
import { mistral, mistralAgents, mistralModeration, mistralOcr } from './mistral.js';
import { ollama, ollamaEmbeddings } from './ollama.js';
import { openaiAudio, openaiSpeech } from './openai-audio.js';
import { foundryChat, openaiChat } from './openai-chat.js';
import { openaiCompletions } from './openai-completions.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import { openaiImages } from './openai-images.js';
import { openaiCompaction, openaiResponses } from './openai-responses.js';
import { tgi } from './tgi.js';
import { vertexAnthropic, vertexChat, vertexPredict } from './vertex.js';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
  'openai-embeddings': openaiEmbeddings,
  'openai-images': openaiImages,
  'openai-audio': openaiAudio,
  anthropic,
  gemini,
  'gemini-interactions': geminiInteractions,
  'bedrock-converse': bedrockConverse,
  'bedrock-invoke': bedrockInvoke,
  mistral,
  cohere,
  ollama,
  tgi,
};

/** The format in which a provider's clients read a refusal of what has no format that we know. */
export function dialectSpokenAt({ dialect = 'openai-chat' }: Pick<Provider, 'dialect'>): Dialect {
  return Object.values(DIALECTS).find(({ name }) => name === dialect) ?? openaiChat;
}

/** Every endpoint whose path tells its format. */
export const ENDPOINTS: readonly Dialect[] = [
  asyncChat,
  foundryChat,
  mistralAgents,
  ...Object.values(DIALECTS),
  openaiCompaction,
  openaiSpeech,
  mistralModeration,
  mistralOcr,
  cohereEmbeddings,
  cohereRerank,
  ollamaEmbeddings,
  geminiEmbeddings,
  ...[vertexAnthropic, vertexChat, vertexPredict],
];
