/** What requests in the formats beside chat bound, and what they make the gateway write into them. */
import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../../src/domain/call.js';
import { usageOf } from '../../../src/domain/usage.js';
import { classify } from '../../../src/meter/classify.js';
import type { Dialect, RequestFacts } from '../../../src/meter/dialects/dialect.js';
import { DIALECTS } from '../../../src/meter/dialects/index.js';
import type { JsonObject } from '../../../src/lib/json.js';
import { PROVIDERS } from '../../../src/providers/index.js';

function dialectOf(path: string, provider: string, assumed?: DialectName): Dialect {
  const kind = classify('POST', path, PROVIDERS.named(provider), assumed);
  if (kind.kind !== 'call') throw new Error(`${path} is ${kind.kind}`);
  return kind.dialect;
}

const read = (path: string, body: JsonObject, provider = 'custom') => dialectOf(path, provider).read(body, path);

describe('the output bound', () => {
  it.each<[string, string, JsonObject, Partial<RequestFacts>]>([
    ['a completion’s', '/v1/completions', { max_tokens: 7 }, { outputBound: 7, answers: 1 }],
    ['of OpenAI’s own models is sixteen', '/v1/completions', { model: 'davinci-002' }, { outputBound: 16 }],
    ['of others is none', '/v1/completions', { model: 'llama' }, { outputBound: undefined }],
    ['counts for each prompt', '/v1/completions', { prompt: ['a', 'b', 'c'], n: 2 }, { answers: 6 }],
    ['counts for each prompt and try', '/v1/completions', { prompt: ['a', 'b'], n: 1, best_of: 4 }, { answers: 8 }],
    ['counts once for token ids', '/v1/completions', { prompt: [1, 2, 3] }, { answers: 1 }],
    ['counts for each list of token ids', '/v1/completions', { prompt: [[1, 2], [3]] }, { answers: 2 }],
    ['Ollama’s', '/api/chat', { options: { num_predict: 7 } }, { outputBound: 7, stream: true }],
    ['Ollama’s −1 is none', '/api/chat', { options: { num_predict: -1 } }, { outputBound: undefined }],
    ['Ollama’s is none by default', '/api/generate', { stream: false }, { outputBound: undefined, stream: false }],
    [
      'Cohere’s has its thoughts beside',
      '/v2/chat',
      { max_tokens: 9, thinking: { token_budget: 5 } },
      { outputBound: 14 },
    ],
    ['Cohere’s counts for each answer', '/v1/chat', { max_tokens: 9, num_generations: 3 }, { answers: 3 }],
    ['nothing is embedded into words', '/v2/embed', { texts: ['x'] }, { outputBound: 0 }],
    [
      'a picture’s, for each',
      '/v1/images/generations',
      { model: 'gpt-image-2', n: 2 },
      { outputBound: 10_000, answers: 2 },
    ],
    [
      'a picture’s of which parts are shown',
      '/v1/images/edits',
      { model: 'gpt-image-2', partial_images: '3' },
      { outputBound: 10_300 },
    ],
  ])('%s', (_, path, body, facts) => {
    expect(read(path, body)).toMatchObject(facts);
  });

  it('of a conversation, an agent and a fill-in-the-middle at Mistral', () => {
    const bounded = { model: 'm', completion_args: { max_tokens: 7 } };
    expect(read('/v1/conversations', bounded, 'mistral')).toMatchObject({ outputBound: 7 });
    expect(read('/v1/fim/completions', { model: 'codestral', max_tokens: 7 }, 'mistral')).toMatchObject({
      outputBound: 7,
    });
    expect(read('/v1/agents/completions', { agent_id: 'ag_1', max_tokens: 7 }, 'mistral')).toMatchObject({
      model: 'ag_1',
      outputBound: 7,
      unbounded: 'state at the provider',
    });
  });

  it.each<[string, string, JsonObject, JsonObject | undefined]>([
    ['/v1/completions', 'custom', {}, { max_tokens: 9 }],
    ['/models/chat/completions', 'azure', {}, { max_tokens: 9 }],
    ['/v2/chat', 'cohere', {}, { max_tokens: 9 }],
    ['/api/chat', 'ollama', { options: { seed: 1 } }, { options: { seed: 1, num_predict: 9 } }],
    [
      '/v1/conversations',
      'mistral',
      { completion_args: { top_p: 1 } },
      { completion_args: { top_p: 1, max_tokens: 9 } },
    ],
    ['/v2/rerank', 'cohere', {}, undefined],
    ['/v1/images/generations', 'openai', {}, undefined],
    ['/v1/audio/transcriptions', 'openai', {}, undefined],
  ])('is written into a request to %s at %s as its format has it', (path, provider, body, members) => {
    expect(dialectOf(path, provider).bound(9, PROVIDERS.named(provider), body)).toEqual(members);
  });

  it('of text-generation-inference', () => {
    const { tgi } = DIALECTS;
    expect(tgi.read({ parameters: { max_new_tokens: 7, best_of: 2 } }, '/generate')).toMatchObject({
      outputBound: 7,
      answers: 2,
      stream: false,
    });
    expect(tgi.read({}, '/generate_stream')).toMatchObject({ outputBound: undefined, stream: true });
    expect(tgi.bound(9, PROVIDERS.named('custom'), { parameters: { details: true } })).toEqual({
      parameters: { details: true, max_new_tokens: 9 },
    });
  });
});

describe('a request that can cost more than its bounds says why', () => {
  it.each<[string, string, JsonObject, string]>([
    ['an earlier conversation', '/v1/conversations/conv_1', { inputs: 'x' }, 'state at the provider'],
    ['an agent', '/v1/conversations', { agent_id: 'ag_1' }, 'state at the provider'],
    ['a connector', '/v1/conversations', { model: 'm', tools: [{ type: 'web_search' }] }, 'server tools'],
    ['a document of unknown length', '/v1/ocr', { model: 'm' }, 'media'],
  ])('at Mistral: %s', (_, path, body, reason) => {
    expect(read(path, body, 'mistral').unbounded).toBe(reason);
  });

  it.each<[string, string, JsonObject, string]>([
    ['a connector', '/v1/chat', { message: 'x', connectors: [{ id: 'web-search' }] }, 'server tools'],
    ['a conversation', '/v1/chat', { message: 'x', conversation_id: 'c' }, 'state at the provider'],
    ['a picture to embed', '/v2/embed', { images: ['data:image/png;base64,AA=='] }, 'media'],
    ['a picture for Ollama', '/api/chat', { messages: [{ role: 'user', images: ['AA=='] }] }, 'media'],
    ['a picture for Ollama at the top', '/api/generate', { images: ['AA=='] }, 'media'],
  ])('%s', (_, path, body, reason) => {
    expect(read(path, body).unbounded).toBe(reason);
  });
});

describe('units beside the token', () => {
  it.each<[string, string, JsonObject, Partial<RequestFacts>]>([
    ['a rerank of few', '/v2/rerank', { query: 'q', documents: ['a', 'b'] }, { meters: { searchUnits: 1 } }],
    [
      'a rerank of a hundred',
      '/v2/rerank',
      { documents: Array<string>(100).fill('a') },
      { meters: { searchUnits: 1 } },
    ],
    ['a rerank of one more', '/v2/rerank', { documents: Array<string>(101).fill('a') }, { meters: { searchUnits: 2 } }],
    [
      'a rerank of long ones',
      '/v2/rerank',
      { documents: Array<string>(60).fill('a'.repeat(900)) },
      { meters: { searchUnits: 2 } },
    ],
    ['a rerank of none', '/v2/rerank', {}, { meters: { searchUnits: 1 } }],
    ['pictures', '/v1/images/generations', { model: 'dall-e-3', n: 3 }, { meters: { images: 3 }, outputBound: 0 }],
    ['characters', '/v1/audio/speech', { model: 'tts-1-hd', input: 'Zoë 🎵' }, { meters: { characters: 5 } }],
    ['seconds of a recording', '/v1/audio/translations', { file: { size: 4001 } }, { meters: { seconds: 3 } }],
  ])('%s', (_, path, body, facts) => {
    expect(read(path, body)).toMatchObject(facts);
  });

  it('pages, some of them or annotated', () => {
    expect(read('/v1/ocr', { pages: [0, 2] }, 'mistral').meters).toEqual({ pages: 2 });
    const annotated = { pages: [0], document_annotation_format: { type: 'json_schema' } };
    expect(read('/v1/ocr', annotated, 'mistral').meters).toEqual({ annotatedPages: 1 });
  });

  it('speech by characters is used up by its request', () => {
    const used = usageOf({ meters: { characters: 4 } });
    expect(read('/v1/audio/speech', { model: 'tts-1', input: 'Lyon' }).used).toEqual(used);
    expect(read('/v1/audio/speech', { model: 'gpt-4o-mini-tts', input: 'Lyon' }).used).toBeUndefined();
  });
});

describe('the model of a request', () => {
  it.each([
    ['/openai/deployments/my%20gpt/chat/completions', {}, 'my gpt'],
    ['/openai/deployments/my-gpt/embeddings', { input: 'x' }, 'my-gpt'],
    ['/openai/deployments/my-gpt/chat/completions', { model: 'named' }, 'named'],
    ['/openai/deployments/%zz/chat/completions', {}, '%zz'],
    ['/v1/chat/completions', {}, ''],
  ])('is the deployment in the path where the body names none: %s', (path, body, model) => {
    expect(read(path, body, 'azure').model).toBe(model);
  });
});
