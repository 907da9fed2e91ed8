import type { DialectName } from '../../domain/call.js';
import { anthropic } from './anthropic.js';
import type { Dialect } from './dialect.js';
import { openaiChat } from './openai-chat.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import { openaiCompaction, openaiResponses } from './openai-responses.js';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-embeddings': openaiEmbeddings,
  anthropic,
};

/** Providers whose clients read another shape of error than OpenAI's. */
const SPOKEN: ReadonlyMap<string, DialectName> = new Map([['anthropic', 'anthropic']]);

/** The format in which a provider's clients read a refusal of what has no format that we know. */
export function dialectSpokenAt(provider: string): Dialect {
  return DIALECTS[SPOKEN.get(provider) ?? 'openai-chat'];
}

/** Every endpoint whose path tells its format. */
export const ENDPOINTS: readonly Dialect[] = [...Object.values(DIALECTS), openaiCompaction];
