import { isObject, objectAt, textOf, type JsonObject } from '../../lib/json.js';
import type { Dialect } from './dialect.js';

/**
 * `POST …/async/chat/completions` and `…/async/sonar`: a chat that is answered by the id of a job, and asked for by it
 * later. Perplexity's requests and answers stand in an envelope (`request`, `response`); other gateways' have none, or
 * name it `result`.
 */
export function asyncOf(chat: Dialect): Dialect {
  return {
    ...chat,
    suffixes: [/\/async\/(chat\/completions|sonar)$/],
    // Z.ai asks for them under the last.
    askedForAt: /\/(?:async\/chat\/completions|async\/sonar|async-result)\/([\w-]+)$/,

    read: (body, path, headers) => chat.read(requestIn(body), path, headers),

    bound(tokens, provider, body, path) {
      const members = chat.bound(tokens, provider, requestIn(body), path);
      return isObject(body.request) ? { request: { ...body.request, ...members } } : members;
    },

    // What streams, if anything does, is not known.
    askForUsage: () => undefined,
    reported: (answer, headers) => chat.reported(answerIn(answer), headers),
    isFinal: (answer) => chat.isFinal(answerIn(answer)),
    runsOn: (answer) => (isObject(answer.usage) || Array.isArray(answer.choices) ? undefined : jobId(answer)),
  };
}

function requestIn(body: JsonObject): JsonObject {
  return isObject(body.request) ? body.request : body;
}

function answerIn(answer: JsonObject): JsonObject {
  if (isObject(answer.response)) return answer.response;
  return isObject(answer.result) ? objectAt(answer, 'result') : answer;
}

function jobId({ id, job_id, request_id, response, result }: JsonObject): string | undefined {
  if (isObject(response) || isObject(result)) return undefined;
  return textOf(id) ?? textOf(job_id) ?? textOf(request_id);
}
