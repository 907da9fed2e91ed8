import { toolFacts, typedTools } from '../asked-tools.js';
import { countOf, isObject, objectAt, textOf, type JsonObject } from '../../lib/json.js';
import { statedBound } from '../stated-bound.js';
import { usageOf } from '../../domain/usage.js';
import type { Dialect, Reported } from './dialect.js';
import { openaiInterruption, openaiRefusal, openaiReported, openaiUsage } from './openai-usage.js';
import { TypedStream } from './typed-stream.js';
import { PROVIDER_STATE, unboundedBy } from './unbounded.js';

const UNBOUNDED_BY = { localTools: /^function$/, members: { agent_id: PROVIDER_STATE } };

/** What its own endpoints have in common. */
const OWN = {
  name: 'mistral',
  by: 'mistral',
  only: 'mistral',
  bound: () => undefined,
  askForUsage: () => undefined,
  reported: reportedIn,
  isFinal: (answer) => !isObject(answer.error) && answer.object !== 'error',
  stream: () => new TypedStream(new Set(['conversation.response.done']), reportedIn),
  refusal: openaiRefusal,
  interruption: openaiInterruption,
} satisfies Omit<Dialect, 'suffixes' | 'read'>;

/** `POST …/conversations`, and to one that the provider keeps, by its id: runs a model or an agent with its tools. */
export const mistral: Dialect = {
  ...OWN,
  suffixes: ['/conversations', /\/conversations\/[\w-]+(\/restart)?$/],

  read(body, path) {
    const kept = path.endsWith('/conversations') ? undefined : PROVIDER_STATE;
    const unbounded = unboundedBy(body, UNBOUNDED_BY) ?? kept;
    return {
      model: textOf(body.model) ?? textOf(body.agent_id) ?? '',
      stream: body.stream === true,
      ...statedBound(body, ['max_tokens'], objectAt(body, 'completion_args')),
      answers: 1,
      ...toolFacts(typedTools(body.tools, UNBOUNDED_BY.localTools)),
      ...(unbounded === undefined ? {} : { unbounded }),
    };
  },

  bound: (tokens, _, body) => ({ completion_args: { ...objectAt(body, 'completion_args'), max_tokens: tokens } }),
};

/**
 * `POST …/agents/completions` is a chat with an agent that is kept at the provider, in place of a model.
 * @param chat OpenAI's
 */
export function mistralAgentsOf(chat: Dialect): Dialect {
  return {
    ...chat,
    only: 'mistral',
    suffixes: ['/agents/completions'],
    read: (body, path) => ({ ...chat.read(body, path), model: textOf(body.agent_id) ?? '', unbounded: PROVIDER_STATE }),
  };
}

/** What is judged is billed by its tokens, at Mistral alone. */
export const mistralModeration: Dialect = {
  ...OWN,
  suffixes: ['/moderations', '/classifications'],
  read: (body) => ({ model: textOf(body.model) ?? '', stream: false, outputBound: 0, answers: 1 }),
};

/** Pages to hold for a document of unknown length. */
const PAGES = 50;

/** `POST …/ocr`, billed by the page. */
export const mistralOcr: Dialect = {
  ...OWN,
  suffixes: ['/ocr'],
  read(body) {
    const pages = Array.isArray(body.pages) ? body.pages.length : PAGES;
    const annotated = body.document_annotation_format != null || body.bbox_annotation_format != null;
    const meters = annotated ? { annotatedPages: pages } : { pages };
    const facts = { model: textOf(body.model) ?? '', stream: false, outputBound: 0, answers: 1 };
    return { ...facts, meters, unbounded: 'media' };
  },
};

function reportedIn(answer: JsonObject): Reported | undefined {
  const { pages_processed: pages } = objectAt(answer, 'usage_info');
  const model = textOf(answer.model) ?? modelIn(answer.outputs);
  const named = { ...answer, model };
  if (pages !== undefined) {
    const count = countOf(pages);
    const meters = isAnnotated(answer) ? { annotatedPages: count } : { pages: count };
    return count === undefined ? undefined : openaiReported(named, usageOf({ meters }));
  }
  return openaiReported(named, openaiUsage(answer.usage));
}

function modelIn(outputs: unknown): string | undefined {
  const list: unknown[] = Array.isArray(outputs) ? outputs : [];
  return list.map((each) => (isObject(each) ? textOf(each.model) : undefined)).findLast((model) => model !== undefined);
}

function isAnnotated({ document_annotation: document, pages }: JsonObject): boolean {
  if (document != null) return true;
  const images = (Array.isArray(pages) ? pages : []).flatMap((page: unknown): unknown[] => {
    const { images: list } = objectAt({ page }, 'page');
    return Array.isArray(list) ? list : [];
  });
  return images.some((image) => isObject(image) && image.image_annotation != null);
}
