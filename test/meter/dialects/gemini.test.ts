/** What Google's requests say of themselves. */
import { describe, expect, it } from 'vitest';
import { jsonAnswer } from '../../../src/meter/json-answer.js';
import { streamAnswer } from '../../../src/meter/stream-answer.js';
import { classify } from '../../../src/meter/classify.js';
import type { Dialect } from '../../../src/meter/dialects/dialect.js';
import { DIALECTS, FORMATS } from '../../../src/meter/dialects/index.js';
import { framingOf } from '../../../src/meter/framing.js';
import type { JsonObject } from '../../../src/lib/json.js';
import { bytesOf } from '../streams.js';
import { PROVIDERS } from '../../../src/providers/index.js';

const { gemini, 'gemini-interactions': interactions } = DIALECTS;
const GENERATE = '/v1beta/models/gemini-3.5-flash:generateContent';
const VERTEX = '/v1/projects/p/locations/us-east5/publishers';
const ask = (text = 'x') => ({ contents: [{ role: 'user', parts: [{ text }] }] });

function endpoint(path: string): Dialect | undefined {
  const kind = classify('POST', path, PROVIDERS.named('google'), undefined);
  return kind.kind === 'call' ? kind.dialect : undefined;
}

describe('a POST to Google', () => {
  it.each([
    ['/v1beta/models/gemini-3.5-flash:generateContent', 'gemini', 'gemini-3.5-flash'],
    ['/v1/models/gemini-3.5-flash:streamGenerateContent?alt=sse', 'gemini', 'gemini-3.5-flash'],
    ['/v1beta/tunedModels/mine-7:generateContent', 'gemini', 'tunedModels/mine-7'],
    ['/v1/publishers/google/models/gemini-2.5-pro:generateContent?key=k', 'gemini', 'gemini-2.5-pro'],
    [`${VERTEX}/google/models/gemini-2.5-pro:streamGenerateContent`, 'gemini', 'gemini-2.5-pro'],
    ['/v1/projects/p/locations/l/endpoints/123:generateContent', 'gemini', 'endpoints/123'],
    ['/v1beta/models/gemini-embedding-001:embedContent', 'gemini', 'gemini-embedding-001'],
    ['/v1beta/models/gemini-embedding-001:batchEmbedContents', 'gemini', 'gemini-embedding-001'],
    ['/v1beta/models/imagen-4.0-generate-001:predict', 'gemini', 'imagen-4.0-generate-001'],
    [`${VERTEX}/google/models/text-embedding-005:predict`, 'gemini', 'text-embedding-005'],
    [`${VERTEX}/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`, 'anthropic', 'claude-sonnet-4-5@20250929'],
    [`${VERTEX}/anthropic/models/claude-opus-4-6%4020260101:streamRawPredict`, 'anthropic', 'claude-opus-4-6@20260101'],
    [`${VERTEX}/mistralai/models/mistral-large-2411:rawPredict`, 'openai-chat', 'mistral-large-2411'],
    [`${VERTEX}/meta/models/llama-4-maverick:streamRawPredict`, 'openai-chat', 'llama-4-maverick'],
  ])('to %s is read as %s of %s', (path, name, model) => {
    const dialect = endpoint(path);
    expect(dialect?.name).toBe(name);
    expect(dialect?.read({}, path.split('?')[0] ?? '').model).toBe(model);
  });

  it('names its model in the body where the format does', () => {
    const path = '/v1/projects/p/locations/l/endpoints/openapi/chat/completions';
    expect(endpoint(path)?.read({ model: 'google/gemini-2.5-flash' }, path).model).toBe('google/gemini-2.5-flash');
    expect(endpoint('/v1beta/openai/chat/completions')?.name).toBe('openai-chat');
    expect(endpoint('/v1beta/interactions')?.read({ model: 'gemini-3.5-flash' }, '').model).toBe('gemini-3.5-flash');
    expect(interactions.read({ agent: 'deep-research' }, '').model).toBe('deep-research');
  });

  it.each([
    '/v1beta/models/gemini-3.5-flash:countTokens',
    `${VERTEX}/google/models/gemini-2.5-pro:computeTokens`,
    `${VERTEX}/anthropic/models/count-tokens:rawPredict`,
    `${VERTEX}/google/models/veo-3:fetchPredictOperation`,
    '/v1beta/interactions/int_7/cancel',
    '/v1beta/batches/b-7:cancel',
    '/upload/v1beta/files?uploadType=resumable',
  ])('is free: %s', (path) => {
    expect(classify('POST', path, PROVIDERS.named('google'), undefined).kind).toBe('free');
  });

  it.each([
    '/v1beta/models/gemini-3.5-flash:batchGenerateContent',
    '/v1beta/models/gemini-embedding-001:asyncBatchEmbedContent',
    '/v1beta/models/veo-3:predictLongRunning',
    '/v1beta/cachedContents',
    '/v1/projects/p/locations/l/batchPredictionJobs',
    '/v1/projects/p/locations/l/tuningJobs',
    '/v1beta/auth_tokens',
    '/v1beta/fileSearchStores',
    '/v1beta/models/gemini-3.5-flash%3AgenerateContent',
    '/v1beta/models/gemini-3.5-flash:GenerateContent',
    `${VERTEX}/anthropic/models/count-tokens:streamRawPredict`,
    `${VERTEX}/google/models/gemini-2.5-pro:rawPredict`,
    '/v1/projects/p/locations/l/endpoints/123:rawPredict',
    `${VERTEX}/anthropic/models/count-tokens:rawPredict/x`,
  ])('would spend unseen: %s', (path) => {
    expect(classify('POST', path, PROVIDERS.named('google'), undefined).kind).toBe('unmetered');
  });
});

describe('the output bound', () => {
  it.each<[JsonObject, number | undefined]>([
    [{ generationConfig: { maxOutputTokens: 9 } }, 9],
    [{ generation_config: { max_output_tokens: 9 } }, 9],
    [{ generationConfig: { max_output_tokens: 9 } }, 9],
    [{ generationConfig: { maxOutputTokens: 9, max_output_tokens: 90 } }, 90],
    [{ generationConfig: { maxOutputTokens: 9 }, generation_config: { max_output_tokens: 90 } }, 90],
    [{ generationConfig: { maxOutputTokens: 0 } }, 0],
    [{ generationConfig: { maxOutputTokens: '9' } }, 9],
    [{ generationConfig: { maxOutputTokens: -1 } }, undefined],
    [{ generationConfig: null }, undefined],
    [{}, undefined],
  ])('of %j is %s', (body, bound) => {
    expect(gemini.read(body, GENERATE).outputBound).toBe(bound);
    expect(interactions.read(body, '').outputBound).toBe(bound);
  });

  it.each<[JsonObject, number]>([
    [{}, 1],
    [{ generationConfig: { candidateCount: 4 } }, 4],
    [{ generation_config: { candidate_count: 4 } }, 4],
    [{ generationConfig: { candidateCount: 0 } }, 1],
  ])('holds for each candidate: %j has %s', (body, answers) => {
    expect(gemini.read(body, GENERATE).answers).toBe(answers);
  });

  it.each<[JsonObject, JsonObject]>([
    [{}, { generationConfig: { maxOutputTokens: 7 } }],
    [{ generationConfig: null }, { generationConfig: { maxOutputTokens: 7 } }],
    [{ generationConfig: { topK: 3 } }, { generationConfig: { topK: 3, maxOutputTokens: 7 } }],
    [{ generation_config: { top_k: 3 } }, { generation_config: { top_k: 3, max_output_tokens: 7 } }],
    [{ generationConfig: { max_output_tokens: '90' } }, { generationConfig: { maxOutputTokens: 7 } }],
  ])('is written into %j in its own spelling, beside its other members', (body, members) => {
    expect(gemini.bound(7, PROVIDERS.named('google'), body)).toEqual(members);
  });

  it('is written for an interaction with a model, and not for an agent, which takes none', () => {
    expect(interactions.bound(7, PROVIDERS.named('google'), {})).toEqual({
      generation_config: { max_output_tokens: 7 },
    });
    expect(interactions.bound(7, PROVIDERS.named('google'), { agent: 'deep-research' })).toBeUndefined();
  });

  it('is nothing for embeddings and predictions, and pictures are counted as asked for', () => {
    for (const method of ['embedContent', 'batchEmbedContents', 'predict']) {
      const path = `/v1beta/models/m:${method}`;
      expect(endpoint(path)?.read({}, path).outputBound).toBe(0);
    }
    const path = '/v1beta/models/imagen-4.0-generate-001:predict';
    expect(endpoint(path)?.read({ parameters: { sampleCount: 2 } }, path).meters).toEqual({ images: 2 });
    expect(endpoint(path)?.read({}, path).meters).toEqual({ images: 4 });
  });
});

describe('a request that can cost more than its bounds says why', () => {
  const parts = (...list: JsonObject[]) => ({ contents: [{ parts: list }] });
  it.each<[string, JsonObject, string]>([
    ['a picture', parts({ inlineData: { mimeType: 'image/png', data: 'AA==' } }), 'media'],
    ['a file', parts({ fileData: { fileUri: 'https://video.example/7' } }), 'media'],
    ['a file, in the other spelling', parts({ file_data: { file_uri: 'gs://b/o' } }), 'media'],
    ['speech asked for', { ...ask(), generationConfig: { responseModalities: ['AUDIO'] } }, 'media'],
    ['a cache', { ...ask(), cachedContent: 'cachedContents/7' }, 'state at the provider'],
    ['a search', { ...ask(), tools: [{ functionDeclarations: [] }, { googleSearch: {} }] }, 'server tools'],
    ['a search, in the other spelling', { ...ask(), tools: [{ google_search: {} }] }, 'server tools'],
    ['a tool that is no list', { ...ask(), tools: { urlContext: {} } }, 'server tools'],
    ['code', { ...ask(), tools: [{ codeExecution: {} }] }, 'server tools'],
    ['files', { ...ask(), tools: [{ fileSearch: { fileSearchStoreNames: ['s'] } }] }, 'server tools'],
    ['a tool of tomorrow', { ...ask(), tools: [{ telepathy: {} }] }, 'server tools'],
    [
      'a model of Google’s choice',
      { ...ask(), generationConfig: { routingConfig: { autoMode: {} } } },
      'other models as a fallback',
    ],
    [
      'candidates that are not a number',
      { generationConfig: { candidateCount: 'eight' } },
      'an unreadable number of answers',
    ],
    [
      'a schema that refers to a part of itself',
      { generationConfig: { responseSchema: { items: { $ref: '#/$defs/row' } } } },
      'a schema with references',
    ],
  ])('gemini: %s', (_, body, reason) => {
    expect(gemini.read(body, GENERATE).unbounded).toBe(reason);
  });

  it('gemini: a model that draws without being asked to', () => {
    expect(gemini.read(ask(), '/v1beta/models/gemini-2.5-flash-image:generateContent').unbounded).toBe('media');
  });

  it.each<[string, JsonObject, string]>([
    ['an earlier interaction', { input: 'x', previous_interaction_id: 'int_7' }, 'state at the provider'],
    ['a decode that goes on', { input: 'x', continuation_token: 't' }, 'state at the provider'],
    ['an agent', { input: 'x', agent: 'deep-research' }, 'server tools'],
    ['a search', { input: 'x', tools: [{ type: 'function', name: 'f' }, { type: 'google_search' }] }, 'server tools'],
    ['MCP', { input: 'x', tools: [{ type: 'mcp_server', url: 'https://mcp.example' }] }, 'server tools'],
    ['a picture', { input: [{ type: 'image', data: 'AA==', mime_type: 'image/png' }] }, 'media'],
    ['a video by its address', { input: [{ type: 'video', uri: 'https://video.example/7' }] }, 'media'],
    ['speech asked for', { input: 'x', response_modalities: ['audio'] }, 'media'],
    ['a picture asked for', { input: 'x', response_format: [{ type: 'text' }, { type: 'image' }] }, 'media'],
  ])('interactions: %s', (_, body, reason) => {
    expect(interactions.read(body, '').unbounded).toBe(reason);
  });

  it('and none that its bytes bound', () => {
    const declared = {
      functionDeclarations: [{ name: 'f', parameters: { type: 'object', properties: { image: {} } } }],
    };
    for (const body of [ask(), { ...ask(), tools: [declared] }, { ...ask(), tools: [] }, { ...ask(), tools: null }]) {
      expect(gemini.read(body, GENERATE)).not.toHaveProperty('unbounded');
    }
    const hop = { input: 'x', tools: [{ type: 'function', name: 'f' }], response_format: { type: 'text' } };
    expect(interactions.read(hop, '')).not.toHaveProperty('unbounded');
  });
});

describe('what Google’s other endpoints answer', () => {
  const EMBED = FORMATS.endpoints.find(({ suffixes }) => suffixes.includes(':embedContent')) ?? gemini;
  const PREDICT = FORMATS.endpoints.find(({ suffixes }) => suffixes.includes(':predict')) ?? gemini;
  const picture = { mimeType: 'image/png', bytesBase64Encoded: 'AA==' };
  const vector = (count: unknown) => ({ embeddings: { values: [0.1], statistics: { token_count: count } } });

  it.each<[string, Dialect, JsonObject, object | undefined]>([
    ['a vector without usage', EMBED, { embedding: { values: [0.1] } }, undefined],
    ['a vector with usage', EMBED, { embedding: {}, usageMetadata: { promptTokenCount: 6 } }, { input: 6, output: 0 }],
    ['vectors', PREDICT, { predictions: [vector(4), vector(5)] }, { input: 9, output: 0 }],
    ['vectors, one without a count', PREDICT, { predictions: [vector(4), vector(null)] }, undefined],
    ['pictures', PREDICT, { predictions: [picture, picture] }, { input: 0, meters: { images: 2 } }],
    ['a picture held back', PREDICT, { predictions: [picture, { raiFilteredReason: 'x' }] }, { meters: { images: 1 } }],
    ['nothing', PREDICT, {}, undefined],
  ])('%s', async (_, dialect, body, usage) => {
    const meter = jsonAnswer(dialect, '');
    await meter.push(Buffer.from(JSON.stringify(body)));
    await meter.end();
    expect(meter.done).toBe(true);
    if (usage) expect(meter.reported?.usage).toMatchObject(usage);
    else expect(meter.reported).toBeUndefined();
  });

  it('names its tier in a header, streamed or not', async () => {
    const headers = { 'x-gemini-service-tier': 'priority' };
    const whole = jsonAnswer(gemini, '', headers);
    await whole.push(Buffer.from('{"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1}}'));
    await whole.end();
    const framing = framingOf('application/json; charset=UTF-8', true);
    const stream = streamAnswer(gemini, '', false, framing, headers);
    await stream.push(bytesOf('gemini-array-error'));
    expect([whole, stream].map((meter) => meter.reported?.usage.tier)).toEqual(['priority', 'priority']);
  });

  it('as one array only where the request asked for a stream', () => {
    expect(framingOf('application/json')).toBeUndefined();
    expect(gemini.read({}, GENERATE)).not.toHaveProperty('array');
    expect(gemini.read({}, GENERATE.replace('generate', 'streamGenerate'))).toMatchObject({
      stream: true,
      array: true,
    });
  });
});

it('a refusal has the shape that Google’s clients turn into an error', () => {
  for (const dialect of [gemini, interactions]) {
    expect(dialect.refusal('no room', 'exhausted', PROVIDERS.named('google'))).toEqual({
      error: {
        code: 402,
        message: 'no room',
        status: 'FAILED_PRECONDITION',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'TOKEN_BUDGET_EXHAUSTED',
            domain: 'token-budget',
          },
        ],
      },
    });
  }
});
