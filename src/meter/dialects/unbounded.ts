import { isObject, textOf, type JsonObject } from '../json.js';

/** Content parts whose tokens are not bounded by the bytes that name them. */
const MEDIA = new Set(['image_url', 'input_image', 'image', 'input_audio', 'file', 'input_file', 'document', 'video_url']);

/** Whether any message of the list carries media, as a reason in words. */
export function partsUnbounded(body: JsonObject, key: string): string | undefined {
  const messages = body[key];
  if (!Array.isArray(messages)) return undefined;
  return messages.some(hasMedia) ? 'media' : undefined;
}

/** Tools that run at the provider re-read the context each turn, so that the request's bytes bound one turn only. */
export function serverTools(body: JsonObject, isLocal: (type: string) => boolean): string | undefined {
  const tools = body['tools'];
  if (!Array.isArray(tools)) return undefined;
  const remote = tools.some((tool) => isObject(tool) && !isLocal(textOf(tool['type']) ?? 'function'));
  return remote ? 'server tools' : undefined;
}

function hasMedia(message: unknown): boolean {
  if (!isObject(message)) return false;
  if (MEDIA.has(textOf(message['type']) ?? '')) return true;
  const content = message['content'];
  return Array.isArray(content) && content.some(hasMedia);
}
