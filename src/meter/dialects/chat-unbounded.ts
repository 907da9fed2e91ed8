/** What in a chat, or a completion, of OpenAI's format makes its bytes and its bound say less than it may cost. */
import { isObject, type JsonObject } from '../../lib/json.js';
import { statedAnswers } from '../stated-bound.js';
import { OTHER_MODELS, PROVIDER_STATE, SERVER_TOOLS, UNREADABLE_ANSWERS, unboundedBy } from './unbounded.js';

/** Types of the tools that run at the caller. */
export const LOCAL_TOOLS = /^(function|custom)$/;

const UNBOUNDED_BY = {
  localTools: LOCAL_TOOLS,
  members: {
    web_search_options: SERVER_TOOLS,
    search_parameters: SERVER_TOOLS,
    // Azure's own data bring text of their own; a template may repeat what it is given.
    data_sources: PROVIDER_STATE,
    dataSources: PROVIDER_STATE,
    chat_template: 'a template of its own',
    // What of a prediction is not taken is billed beside the answer's bound.
    prediction: 'a predicted answer',
    safety_model: OTHER_MODELS,
  },
};

/** Why a chat's, or a completion's, bytes and bound do not bound it, where they do not. */
export function unboundedIn(body: JsonObject): string | undefined {
  if (statedAnswers(body) === undefined) return UNREADABLE_ANSWERS;
  if (asksForAudio(body)) return 'media';
  return unboundedBy(body, UNBOUNDED_BY) ?? (namesAudio(body.messages) ? PROVIDER_STATE : undefined);
}

/** Audio has rates of its own, far above those of text. */
function asksForAudio(body: JsonObject): boolean {
  const modalities = body.modalities;
  return Array.isArray(modalities) && modalities.some((each) => each !== 'text');
}

/** An earlier spoken answer stands in a message by its id alone. */
function namesAudio(messages: unknown): boolean {
  return Array.isArray(messages) && messages.some((message) => isObject(message) && isObject(message.audio));
}
