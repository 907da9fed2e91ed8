/** Vertex's endpoints for models of every maker: the maker's own format, under a path that names the model. */
import { usageOf, type Usage } from '../../domain/usage.js';
import { countOf, isObject, objectAt, reportedCount, type JsonObject } from '../../lib/json.js';
import { hasMedia } from '../countable-text.js';
import type { Dialect } from './dialect.js';
import { gemini } from './gemini.js';
import { modelOfPath } from './gemini-usage.js';

/** Anthropic's messages. Under the name of a model the same path counts tokens, free of charge. */
export function vertexAnthropicOf(messages: Dialect): Dialect {
  return {
    ...messages,
    free: [/\/publishers\/anthropic\/models\/count-tokens:rawPredict$/],
    suffixes: [/\/publishers\/anthropic\/models\/(?!count-tokens:)[^/:]+:(rawPredict|streamRawPredict)$/],
    read: (body, path) => ({ ...messages.read(body, path), model: modelOfPath(path) }),
  };
}

/** Mistral's chat, and that of all others who publish there: OpenAI's. */
export function vertexChatOf(chat: Dialect): Dialect {
  return {
    ...chat,
    suffixes: [/\/publishers\/(?!anthropic\/|google\/)[\w-]+\/models\/[^/:]+:(rawPredict|streamRawPredict)$/],
    read: (body, path) => ({ ...chat.read(body, path), model: modelOfPath(path) }),
  };
}

/** Pictures that Imagen makes where a request does not say how many. */
const PICTURES = 4;

/** `:predict`, which the Gemini API has for Imagen too: pictures, or embeddings of text. */
export const vertexPredict: Dialect = {
  ...gemini,
  suffixes: [':predict'],

  read(body, path) {
    const model = modelOfPath(path);
    const asked = countOf(objectAt(body, 'parameters').sampleCount);
    return {
      model,
      stream: false,
      outputBound: 0,
      answers: 1,
      ...(model.includes('image') && { meters: { images: asked ?? PICTURES } }),
      ...(hasMedia(body) ? { unbounded: 'media' } : {}),
    };
  },

  bound: () => undefined,
  isFinal: (answer) => answer.error == null,

  reported(answer) {
    const usage = predicted(answer.predictions);
    return usage && { usage };
  },
};

function predicted(predictions: unknown): Usage | undefined {
  if (!Array.isArray(predictions)) return undefined;
  const each = predictions.filter(isObject);
  const images = each.filter(isPicture).length;
  if (images > 0) return usageOf({ meters: { images } });
  const counts = each.map((prediction) => reportedCount(statisticsOf(prediction).token_count));
  if (counts.length === 0 || counts.includes(undefined)) return undefined;
  return usageOf({ input: counts.reduce<number>((sum, count = 0) => sum + count, 0) });
}

/** A picture that was held back has a reason in place of its bytes, and costs nothing. */
function isPicture(prediction: JsonObject): boolean {
  return prediction.bytesBase64Encoded != null || prediction.gcsUri != null;
}

function statisticsOf(prediction: JsonObject): JsonObject {
  return objectAt(prediction, 'embeddings', 'statistics');
}
