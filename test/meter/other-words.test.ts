/** Requests whose bytes are no bound, in words of gateways, of compatible servers and of items of earlier answers. */
import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../src/domain/call.js';
import { DIALECTS } from '../../src/meter/dialects/index.js';
import { hasMedia } from '../../src/meter/countable-text.js';
import { loweredMembers } from '../../src/meter/lower-output-bound.js';
import { statedBound } from '../../src/meter/stated-bound.js';
import { PROVIDERS } from '../../src/providers/index.js';

const read = (dialect: DialectName, body: object) => DIALECTS[dialect].read({ model: 'gpt-4o', ...body }, '/v1/x', {});
const FORMATS = ['openai-chat', 'openai-completions', 'openai-responses', 'anthropic'] as const;

describe('a request is marked, in each format that gateways take', () => {
  const BODIES: readonly (readonly [string, object])[] = [
    ['other models to fall back on', { models: ['a/b', 'c/d'] }],
    ['fallbacks', { fallbacks: ['gpt-4o'] }],
    ['plugins', { plugins: [{ id: 'web' }] }],
    ['a preset', { preset: 'support' }],
    ['a preset in the name of the model', { model: 'gpt-4o@preset/support' }],
    ['a search in the name of the model', { model: 'openai/gpt-4o:online' }],
    ['a prompt of a proxy', { prompt_id: 'greeting' }],
    ['an agent in place of a model', { agent: { name: 'clerk', type: 'agent_reference' } }],
    ['a kept context', { context_id: 'ctx-1' }],
    [
      'a kept context among what is for the gateway',
      { extra_body: { google: { cached_content: 'cachedContents/1' } } },
    ],
    ['other models among what is for the gateway', { providerOptions: { gateway: { models: ['a/b'] } } }],
  ];
  it.each(BODIES.flatMap(([what, body]) => FORMATS.map((format) => [what, format, body] as const)))(
    '%s: %s',
    (_, format, body) => {
      expect(read(format, { max_tokens: 10, ...body }).unbounded).toBeDefined();
    },
  );

  it.each(FORMATS)('but not for members that are empty: %s', (format) => {
    expect(read(format, { models: [], plugins: null, preset: null, fallbacks: [] }).unbounded).toBeUndefined();
  });

  it.each(FORMATS)('and its plugins are tools that cost: %s', (format) => {
    expect(read(format, { plugins: [{ id: 'web', max_results: '9' }] }).tools).toEqual([
      { name: 'plugin:web', most: 9 },
    ]);
  });
});

describe('an item of an earlier response is state of the provider', () => {
  const of = (item: object) => read('openai-responses', { input: [item] }).unbounded;
  it.each([
    { type: 'reasoning', id: 'rs_1', summary: [] },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null },
    { type: 'web_search_call', id: 'ws_1', status: 'completed' },
    { type: 'file_search_call', id: 'fs_1', results: null },
    { type: 'code_interpreter_call', id: 'ci_1' },
    { type: 'compaction', encrypted_content: 'gAAA' },
    { type: 'image_generation_call', id: 'ig_1' },
    { type: 'computer_call_output', output: { type: 'computer_screenshot', file_id: 'file-1' } },
  ])('where its words stay there: %j', (item) => {
    expect(of(item)).toBeDefined();
  });

  it.each([
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
    { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'so' }] },
    { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'four' }] },
    { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' },
  ])('and not where it brings them: %j', (item) => {
    expect(of(item)).toBeUndefined();
  });
});

it.each([
  { type: 'document_url', document_url: 'https://a.example/b.pdf' },
  { type: 'file_url', file_url: { url: 'https://a.example/b.pdf' } },
  { type: 'pdf_url', pdf_url: { url: 'https://a.example/b.pdf' } },
  { type: 'audio_url', audio_url: { url: 'https://a.example/b.wav' } },
  { type: 'image_embeds', image_embeds: 'AAAA' },
  { type: 'input_video', video: 'AAAA' },
])('media in the words of one provider is media: %j', (part) => {
  expect(hasMedia({ messages: [{ role: 'user', content: [part] }] })).toBe(true);
});

it('a schema whose definitions a server may write out at each place is marked, in a function as in an answer', () => {
  const parametersJsonSchema = { $ref: '#/$defs/a', $defs: { a: { type: 'string' } } };
  const tools = [{ functionDeclarations: [{ name: 'f', parametersJsonSchema }] }];
  expect(DIALECTS.gemini.read({ tools }, '/v1beta/models/gemini-3-pro:generateContent').unbounded).toBe(
    'a schema with references',
  );
});

describe('a bound by the newer of two names', () => {
  it('is told where it stands alone', () => {
    expect(read('openai-chat', { max_completion_tokens: 9 }).newerName).toBe(true);
    expect(read('openai-chat', { max_completion_tokens: 9, max_tokens: 9 }).newerName).toBeUndefined();
    expect(read('openai-chat', { max_tokens: 9 }).newerName).toBeUndefined();
  });

  it('that means none is replaced where it stands, beside the name that all know', () => {
    const bound = (body: object, provider: string) =>
      DIALECTS['openai-chat'].bound(50, PROVIDERS.named(provider), { ...body });
    expect(bound({ max_completion_tokens: -1 }, 'custom')).toEqual({ max_completion_tokens: 50, max_tokens: 50 });
    expect(bound({ max_tokens: -1 }, 'custom')).toEqual({ max_tokens: 50 });
    expect(bound({ max_tokens: -1 }, 'openai')).toEqual({ max_tokens: 50 });
    expect(bound({}, 'openai')).toEqual({ max_completion_tokens: 50 });
  });

  it('and a bound by the other is none where one of them says so', () => {
    expect(statedBound({ max_tokens: 50, max_completion_tokens: -1 }, ['max_completion_tokens', 'max_tokens'])).toEqual(
      {
        outputBound: 50,
        endless: true,
      },
    );
  });
});

describe('a bound that is lowered', () => {
  it('is lowered where it is written as text', () => {
    expect(loweredMembers(DIALECTS['openai-chat'], { max_tokens: '500' }, 100)).toEqual({ max_tokens: 100 });
  });

  it('is written anew where it is stated twice, however low the last is', () => {
    expect(loweredMembers(DIALECTS['openai-chat'], { max_tokens: 9 }, 100, new Set(['max_tokens']))).toEqual({
      max_tokens: 9,
    });
  });
});
