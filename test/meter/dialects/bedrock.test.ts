import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../../src/meter/dialects/index.js';
import type { JsonObject } from '../../../src/lib/json.js';
import { PROVIDERS } from '../../../src/providers/index.js';

const { 'bedrock-converse': converse, 'bedrock-invoke': invoke } = DIALECTS;
const say = (...content: JsonObject[]) => ({ messages: [{ role: 'user', content: [{ text: 'x' }, ...content] }] });
const to = (model: string, operation: string) => `/model/${encodeURIComponent(model)}/${operation}`;
const NOVA = to('amazon.nova-lite-v1:0', 'converse');

describe('the model of a path', () => {
  it.each([
    ['/model/amazon.nova-lite-v1%3A0/converse', 'amazon.nova-lite-v1:0'],
    ['/model/amazon.nova-lite-v1:0/converse', 'amazon.nova-lite-v1:0'],
    [
      '/prefix/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ],
    [
      '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.amazon.nova-lite-v1%3A0/converse',
      'arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0',
    ],
    ['/model/50%/converse', '50%'],
    ['/converse', ''],
  ])('%s is %s', (path, model) => {
    expect(converse.read({}, path).model).toBe(model);
  });

  it('comes with whether the answer is a stream', () => {
    expect(converse.read({}, to('m', 'converse-stream')).stream).toBe(true);
    expect(invoke.read({}, to('m', 'invoke-with-response-stream')).stream).toBe(true);
    expect(invoke.read({}, to('m', 'invoke')).stream).toBe(false);
  });
});

describe('the output bound of a Converse request', () => {
  it.each<[string, JsonObject, number | undefined]>([
    ['none', {}, undefined],
    ['maxTokens', { inferenceConfig: { maxTokens: 7 } }, 7],
    ['0, which no model takes', { inferenceConfig: { maxTokens: 0 } }, undefined],
    ['a number written as text', { inferenceConfig: { maxTokens: '7' } }, 7],
    [
      'the larger, where the model’s own word stands beside it',
      { inferenceConfig: { maxTokens: 7 }, additionalModelRequestFields: { max_tokens: 90 } },
      90,
    ],
  ])('is %s', (_, body, bound) => {
    expect(converse.read(body, NOVA).outputBound).toBe(bound);
  });

  it('is written beside what the configuration has', () => {
    expect(converse.bound(9, PROVIDERS.named('aws'), { inferenceConfig: { topP: 1 } })).toEqual({
      inferenceConfig: { topP: 1, maxTokens: 9 },
    });
  });
});

describe('the output bound of an InvokeModel request, by family', () => {
  it.each<[string, JsonObject, number | undefined, JsonObject | undefined]>([
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', { max_tokens: 7 }, 7, undefined],
    ['anthropic.claude-v2', { prompt: 'x', max_tokens_to_sample: 7 }, 7, undefined],
    ['amazon.nova-lite-v1:0', { inferenceConfig: { maxTokens: 7 } }, 7, { inferenceConfig: { maxTokens: 9 } }],
    [
      'amazon.nova-lite-v1:0',
      { inferenceConfig: { max_new_tokens: 7 } },
      7,
      { inferenceConfig: { max_new_tokens: 7, maxTokens: 9 } },
    ],
    ['meta.llama3-3-70b-instruct-v1:0', { prompt: 'x', max_gen_len: 7 }, 7, { max_gen_len: 9 }],
    ['meta.llama3-3-70b-instruct-v1:0', { prompt: 'x', max_tokens: 7 }, undefined, { max_gen_len: 9 }],
    ['mistral.mistral-large-2402-v1:0', { prompt: 'x', max_tokens: 7 }, 7, { max_tokens: 9 }],
    [
      'amazon.titan-text-express-v1',
      { inputText: 'x', textGenerationConfig: { maxTokenCount: 7, topP: 1 } },
      7,
      { textGenerationConfig: { topP: 1, maxTokenCount: 9 } },
    ],
    ['cohere.command-r-v1:0', { message: 'x', max_tokens: 7 }, 7, { max_tokens: 9 }],
    ['ai21.jamba-1-5-large-v1:0', { ...say(), max_tokens: 7 }, 7, { max_tokens: 9 }],
    ['openai.gpt-oss-120b-1:0', { ...say(), max_completion_tokens: 7 }, 7, { max_completion_tokens: 9 }],
    ['amazon.titan-embed-text-v2:0', { inputText: 'x' }, 0, undefined],
    ['cohere.embed-english-v3', { texts: ['x'] }, 0, undefined],
    ['arn:aws:bedrock:us-east-1:1:imported-model/abc', { prompt: 'x', max_gen_len: 7 }, 7, undefined],
    [
      'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc',
      { anthropic_version: 'v', max_tokens: 7 },
      7,
      undefined,
    ],
  ])('%s %j', (model, body, bound, written) => {
    const path = to(model, 'invoke');
    expect(invoke.read(body, path).outputBound).toBe(bound);
    expect(invoke.bound(9, PROVIDERS.named('aws'), body, path)).toEqual(written);
  });

  it('counts for each answer', () => {
    expect(invoke.read({ num_generations: 3 }, to('cohere.command-text-v14', 'invoke')).answers).toBe(3);
  });
});

describe('a request that can cost more than its bounds says why', () => {
  const png = { image: { format: 'png', source: { bytes: 'aGk=' } } };
  it.each<[string, JsonObject, string]>([
    ['an image', say(png), 'media'],
    ['a video', say({ video: { format: 'mp4', source: { s3Location: { uri: 's3://b/k' } } } }), 'media'],
    ['a file', say({ document: { format: 'pdf', name: 'd', source: { bytes: 'aGk=' } } }), 'media'],
    ['an image that a tool gave', say({ toolResult: { toolUseId: 't', content: [png] } }), 'media'],
    ['a guardrail', { ...say(), guardrailConfig: { guardrailIdentifier: 'g' } }, 'a guardrail'],
    ['variables of a stored prompt', { promptVariables: { a: { text: 'x' } } }, 'state at the provider'],
    ['speed', { ...say(), performanceConfig: { latency: 'optimized' } }, 'latency-optimized service'],
    [
      'a tool of the provider',
      { ...say(), toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] } },
      'server tools',
    ],
    [
      'tools in the model’s own words',
      { ...say(), additionalModelRequestFields: { tools: [{ type: 'computer_20250124' }] } },
      'server tools',
    ],
  ])('Converse: %s', (_, body, reason) => {
    expect(converse.read(body, NOVA).unbounded).toBe(reason);
  });

  it.each<[string, string, string]>([
    ['a stored prompt', 'arn:aws:bedrock:us-east-1:1:prompt/ABC:1', 'state at the provider'],
    [
      'a router',
      'arn:aws:bedrock:us-east-1:1:default-prompt-router/anthropic.claude:1',
      'a router that chooses the model',
    ],
  ])('Converse: %s', (_, model, reason) => {
    expect(converse.read(say(), to(model, 'converse')).unbounded).toBe(reason);
  });

  it.each<[string, string, JsonObject, string]>([
    [
      'Claude reads an image',
      'anthropic.claude-v3',
      say({ type: 'image', source: { type: 'base64', data: 'x' } }),
      'media',
    ],
    ['Nova reads an image', 'amazon.nova-lite-v1:0', say(png), 'media'],
    ['Llama reads images', 'meta.llama3-2-90b-instruct-v1:0', { prompt: 'x', images: ['aGk='] }, 'media'],
    ['an embedding of a picture', 'amazon.titan-embed-image-v1', { inputImage: 'aGk=' }, 'media'],
    ['a picture is made', 'stability.sd3-5-large-v1:0', { prompt: 'x' }, 'billed by other units than tokens'],
    ['documents are ranked', 'cohere.rerank-v3-5:0', { query: 'x' }, 'billed by other units than tokens'],
    [
      'Claude searches the web',
      'anthropic.claude-v3',
      { ...say(), tools: [{ type: 'web_search_20250305' }] },
      'server tools',
    ],
    ['a guardrail in the body', 'amazon.nova-lite-v1:0', { 'amazon-bedrock-guardrailConfig': {} }, 'a guardrail'],
  ])('InvokeModel: %s', (_, model, body, reason) => {
    expect(invoke.read(body, to(model, 'invoke')).unbounded).toBe(reason);
  });

  it('InvokeModel: what its headers ask for', () => {
    const read = (headers: Record<string, string>) =>
      invoke.read(say(), to('amazon.nova-lite-v1:0', 'invoke'), headers);
    expect(read({ 'x-amzn-bedrock-guardrailidentifier': 'g' }).unbounded).toBe('a guardrail');
    expect(read({ 'x-amzn-bedrock-performanceconfig-latency': 'optimized' }).unbounded).toBe(
      'latency-optimized service',
    );
    expect(read({ 'x-amzn-bedrock-performanceconfig-latency': 'standard' })).not.toHaveProperty('unbounded');
  });
});

describe('a request that its bytes bound', () => {
  it.each<[string, JsonObject]>([
    ['text', say()],
    ['a document that is text', say({ document: { format: 'txt', name: 'd', source: { text: 'x' } } })],
    [
      'tools of one’s own',
      { ...say(), toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: {} } } }] } },
    ],
    ['a point of the cache', say({ cachePoint: { type: 'default' } })],
  ])('Converse: %s', (_, body) => {
    expect(converse.read(body, NOVA)).not.toHaveProperty('unbounded');
  });

  it('holds for a request nested without end', () => {
    const deep = JSON.parse(`{"messages":${'[{"content":'.repeat(50_000)}1${'}]'.repeat(50_000)}}`) as JsonObject;
    expect(() => converse.read(deep, NOVA)).not.toThrow();
  });
});

it('a refusal is an error of AWS that its clients do not try again', () => {
  for (const dialect of [converse, invoke]) {
    expect(dialect.refusal('no room', 'exhausted', PROVIDERS.named('aws'))).toEqual({ message: 'no room' });
    expect(dialect.refusalHeaders).toEqual({ 'x-amzn-errortype': 'ServiceQuotaExceededException' });
  }
});
