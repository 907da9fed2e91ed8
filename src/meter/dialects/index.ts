/** All wire formats. A new one is a file of its own, its name in domain/call.ts and its place here. */
import type { DialectName } from '../../domain/call.js';
import { anthropic } from './anthropic.js';
import { asyncOf } from './async-chat.js';
import { bedrockConverse } from './bedrock-converse.js';
import { bedrockInvokeOf } from './bedrock-invoke.js';
import { cohere, cohereEmbeddings, cohereRerank } from './cohere.js';
import type { Dialect } from './dialect.js';
import { formatsOf, type Formats } from './formats.js';
import { gemini } from './gemini.js';
import { geminiEmbeddings } from './gemini-embeddings.js';
import { geminiInteractions } from './gemini-interactions.js';
import { mistral, mistralAgentsOf, mistralModeration, mistralOcr } from './mistral.js';
import { ollama, ollamaEmbeddings } from './ollama.js';
import { openaiAudio, openaiSpeech } from './openai-audio.js';
import { foundryChat, openaiChat } from './openai-chat.js';
import { completionsOf } from './openai-completions.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import { openaiImages } from './openai-images.js';
import { openaiCompaction, openaiResponses } from './openai-responses.js';
import { tgi } from './tgi.js';
import { vertexAnthropicOf, vertexChatOf, vertexPredict } from './vertex.js';

/** One for each name. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': completionsOf(openaiChat),
  'openai-embeddings': openaiEmbeddings,
  'openai-images': openaiImages,
  'openai-audio': openaiAudio,
  anthropic,
  gemini,
  'gemini-interactions': geminiInteractions,
  'bedrock-converse': bedrockConverse,
  'bedrock-invoke': bedrockInvokeOf({ anthropic, chat: openaiChat }),
  mistral,
  cohere,
  ollama,
  tgi,
};

/** Every wire format with all its endpoints. */
export const FORMATS: Formats = formatsOf(
  [asyncOf(openaiChat), foundryChat, mistralAgentsOf(openaiChat)],
  [openaiChat, ...Object.values(DIALECTS).filter((each) => each !== openaiChat)],
  [
    ...[openaiCompaction, openaiSpeech, mistralModeration, mistralOcr],
    ...[cohereEmbeddings, cohereRerank, ollamaEmbeddings, geminiEmbeddings],
    ...[vertexAnthropicOf(anthropic), vertexChatOf(openaiChat), vertexPredict],
  ],
);
