import { describe, expect, it } from 'vitest';
import { DIALECTS, FORMATS } from '../../../src/meter/dialects/index.js';
import type { JsonObject } from '../../../src/lib/json.js';
import { PROVIDERS } from '../../../src/providers/index.js';

const { 'openai-chat': chat, 'openai-responses': responses, 'openai-embeddings': embeddings, anthropic } = DIALECTS;
const image = { type: 'image_url', image_url: { url: 'https://pictures.example/a.png' } };
const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });

describe('the output bound of a chat request', () => {
  it.each<[string, JsonObject, number | undefined]>([
    ['none', {}, undefined],
    ['the newer name', { max_completion_tokens: 7 }, 7],
    ['the older name', { max_tokens: 7 }, 7],
    ['the larger of the two, whichever the server obeys', { max_completion_tokens: 7, max_tokens: 900 }, 900],
    ['null', { max_tokens: null }, undefined],
    ['0, though several servers take it for none', { max_tokens: 0 }, 0],
    ['−1, which local servers take for none', { max_tokens: -1 }, undefined],
    ['a number written as text', { max_tokens: '7' }, 7],
    ['a float, rounded up', { max_tokens: 7.5 }, 8],
    ['a larger one in another server’s words', { max_tokens: 7, n_predict: 900 }, 900],
    ['no text that is not a number', { max_tokens: 'seven' }, undefined],
  ])('is %s', (_, body, bound) => {
    expect(chat.read(body, '').outputBound).toBe(bound);
  });

  it.each<[JsonObject, number]>([
    [{}, 1],
    [{ n: null }, 1],
    [{ n: 0 }, 1],
    [{ n: 3 }, 3],
    [{ n: 2, best_of: 5 }, 5],
    [{ n: '8' }, 8],
    [{ num_return_sequences: 4 }, 4],
  ])('counts for each of the answers that %j asks for', (body, answers) => {
    expect(chat.read(body, '')).toMatchObject({ answers });
    expect(chat.read(body, '')).not.toHaveProperty('unbounded');
  });

  it('is written under the name that the provider knows', () => {
    expect(chat.bound(9, PROVIDERS.named('openai'), {})).toEqual({ max_completion_tokens: 9 });
    expect(chat.bound(9, PROVIDERS.named('azure'), {})).toEqual({ max_completion_tokens: 9 });
    expect(chat.bound(9, PROVIDERS.named('custom'), {})).toEqual({ max_tokens: 9 });
  });
});

describe('the output bound of the other formats', () => {
  it('is max_output_tokens for responses, and can be written', () => {
    expect(responses.read({ max_output_tokens: 7 }, '').outputBound).toBe(7);
    expect(responses.read({ max_output_tokens: 0 }, '')).toMatchObject({ outputBound: 0, zero: true });
    expect(responses.bound(9, PROVIDERS.named('openai'), {})).toEqual({ max_output_tokens: 9 });
  });

  it('does not exist for a compaction, which would refuse the member', () => {
    const compaction = FORMATS.endpoints.find(({ suffixes }) => suffixes.includes('/responses/compact'));
    expect(compaction?.read({}, '').outputBound).toBeUndefined();
    expect(compaction?.bound(9, PROVIDERS.named('openai'), {})).toBeUndefined();
  });

  it('is required by Anthropic, and 0 means nothing is generated', () => {
    expect(anthropic.read({ max_tokens: 0 }, '').outputBound).toBe(0);
    expect(anthropic.read({}, '').outputBound).toBeUndefined();
    expect(anthropic.bound(9, PROVIDERS.named('anthropic'), {})).toBeUndefined();
  });

  it('is nothing for embeddings', () => {
    expect(embeddings.read({ model: 'm', input: 'text' }, '')).toEqual({
      model: 'm',
      stream: false,
      outputBound: 0,
      answers: 1,
    });
  });
});

describe('a request that can cost more than its bounds says why', () => {
  it.each<[string, JsonObject, string]>([
    ['image', user([image]), 'media'],
    ['audio asked for', { ...user('x'), modalities: ['text', 'audio'] }, 'media'],
    [
      'an earlier spoken answer by its id',
      { messages: [{ role: 'assistant', audio: { id: 'a1' } }] },
      'state at the provider',
    ],
    ['web search', { ...user('x'), web_search_options: {} }, 'server tools'],
    ['xAI search', { ...user('x'), search_parameters: { mode: 'auto' } }, 'server tools'],
    ['OpenRouter plugins', { ...user('x'), plugins: [{ id: 'web' }] }, 'server tools'],
    ['OpenRouter fallbacks', { ...user('x'), models: ['a', 'b'] }, 'other models as a fallback'],
    ['a tool of the provider', { ...user('x'), tools: [{ type: 'browser_search' }] }, 'server tools'],
    ['a model that searches: OpenAI', { model: 'gpt-4o-search-preview' }, 'server tools'],
    ['a model that searches: Perplexity', { model: 'sonar-pro' }, 'server tools'],
    ['a model that searches: OpenRouter', { model: 'openai/gpt-4o:online' }, 'server tools'],
    ['a model that runs others: Groq', { model: 'groq/compound-mini' }, 'server tools'],
    ['n in words', { ...user('x'), n: 'eight' }, 'an unreadable number of answers'],
    ['a prediction', { ...user('x'), prediction: { type: 'content', content: 'y' } }, 'a predicted answer'],
    ['data of one’s own at Azure', { ...user('x'), data_sources: [{ type: 'azure_search' }] }, 'state at the provider'],
    ['an OpenRouter preset', { ...user('x'), preset: 'team' }, 'state at the provider'],
    ['an OpenRouter preset as the model', { ...user('x'), model: '@preset/team' }, 'state at the provider'],
    ['a template of one’s own', { ...user('x'), chat_template: '{{ messages }}' }, 'a template of its own'],
  ])('chat: %s', (_, body, reason) => {
    expect(chat.read(body, '').unbounded).toBe(reason);
  });

  it.each<[string, JsonObject, string]>([
    ['an earlier response', { input: 'x', previous_response_id: 'resp_1' }, 'state at the provider'],
    ['a conversation', { input: 'x', conversation: 'conv_1' }, 'state at the provider'],
    ['a stored prompt', { prompt: { id: 'pmpt_1' } }, 'state at the provider'],
    ['a referenced item', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 'state at the provider'],
    ['a referenced item without its type', { input: [{ id: 'msg_1' }] }, 'state at the provider'],
    ['an image', { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] }, 'media'],
    [
      'an image from a tool',
      { input: [{ type: 'function_call_output', output: [{ type: 'input_image', file_id: 'f' }] }] },
      'media',
    ],
    ['web search', { input: 'x', tools: [{ type: 'web_search' }] }, 'server tools'],
    ['mcp', { input: 'x', tools: [{ type: 'function', name: 'f' }, { type: 'mcp' }] }, 'server tools'],
    ['compaction on the way', { input: 'x', context_management: [{ type: 'compaction' }] }, 'server tools'],
  ])('responses: %s', (_, body, reason) => {
    expect(responses.read(body, '').unbounded).toBe(reason);
  });

  it.each<[string, JsonObject, string]>([
    ['an image', user([{ type: 'image', source: { type: 'url', url: 'https://pictures.example/a' } }]), 'media'],
    ['a document', user([{ type: 'document', source: { type: 'file', file_id: 'f' } }]), 'media'],
    ['an image from a tool', user([{ type: 'tool_result', content: [{ type: 'image', source: {} }] }]), 'media'],
    ['web search', { ...user('x'), tools: [{ type: 'web_search_20260318', name: 'web_search' }] }, 'server tools'],
    ['tool search', { ...user('x'), tools: [{ type: 'tool_search_tool_bm25' }] }, 'server tools'],
    ['a tool of a type not known yet', { ...user('x'), tools: [{ type: 'hologram_20290101' }] }, 'server tools'],
    ['MCP servers', { ...user('x'), mcp_servers: [{ url: 'https://mcp.example' }] }, 'server tools'],
    ['fallbacks', { ...user('x'), fallbacks: [{ model: 'm' }] }, 'other models as a fallback'],
  ])('anthropic: %s', (_, body, reason) => {
    expect(anthropic.read(body, '').unbounded).toBe(reason);
  });

  it('embeddings: an image by its address', () => {
    expect(embeddings.read({ input: [{ image: 'https://pictures.example/a' }] }, '').unbounded).toBe('media');
  });
});

describe('a request that its bytes bound', () => {
  it.each<[string, JsonObject]>([
    ['tools', { ...user('x'), tools: [{ type: 'function', function: { name: 'f', parameters: { image_url: {} } } }] }],
    [
      'empty and unset members',
      { ...user('x'), plugins: [], models: null, web_search_options: null, modalities: ['text'] },
    ],
  ])('chat: %s', (_, body) => {
    expect(chat.read(body, '')).not.toHaveProperty('unbounded');
  });

  it.each<[string, JsonObject]>([
    ['tools of the caller', { input: 'x', tools: [{ type: 'function' }, { type: 'custom' }] }],
    [
      'messages and calls with their ids',
      {
        input: [
          { id: 'm', role: 'user', content: 'x' },
          { id: 'f', type: 'function_call' },
        ],
      },
    ],
    ['in the background', { input: 'x', background: true }],
  ])('responses: %s', (_, body) => {
    expect(responses.read(body, '')).not.toHaveProperty('unbounded');
  });

  it.each<[string, JsonObject, number]>([
    ['no tools', user('x'), 0],
    ['a tool of the caller', { ...user('x'), tools: [{ name: 'f', input_schema: {} }] }, 0],
    [
      'a tool of Anthropic’s own is longer than its name',
      { ...user('x'), tools: [{ type: 'bash_20250124', name: 'bash' }] },
      1_500,
    ],
    ['thinking is inside max_tokens', { ...user('x'), thinking: { type: 'enabled', budget_tokens: 9 } }, 0],
    ['a document that is text', user([{ type: 'document', source: { type: 'text', data: 'x' } }]), 0],
  ])('anthropic: %s', (_, body, overhead) => {
    expect(anthropic.read(body, '')).toMatchObject({ overhead });
    expect(anthropic.read(body, '')).not.toHaveProperty('unbounded');
  });

  it('embeddings: text and token ids, one or many', () => {
    for (const input of ['x', ['x', 'y'], [1, 2], [[1], [2]]]) {
      expect(embeddings.read({ input }, '')).not.toHaveProperty('unbounded');
    }
  });
});

describe('asking a chat stream for its usage', () => {
  it.each<[string, JsonObject, string, JsonObject | undefined]>([
    ['is needed at OpenAI', { stream: true }, 'openai', { stream_options: { include_usage: true } }],
    [
      'keeps other options',
      { stream: true, stream_options: { include_obfuscation: false } },
      'openai',
      { stream_options: { include_obfuscation: false, include_usage: true } },
    ],
    [
      'overrules a no',
      { stream: true, stream_options: { include_usage: false } },
      'openai',
      { stream_options: { include_usage: true } },
    ],
    [
      'takes null for none',
      { stream: true, stream_options: null },
      'openai',
      { stream_options: { include_usage: true } },
    ],
    [
      'is left to a client that asks itself',
      { stream: true, stream_options: { include_usage: true } },
      'openai',
      undefined,
    ],
    ['is nothing for a whole answer', { stream: false }, 'openai', undefined],
    ['is not needed where it comes unasked', { stream: true }, 'groq', undefined],
    ['would be refused by a strict schema', { stream: true }, 'mistral', undefined],
  ])('%s', (_, body, provider, members) => {
    expect(chat.askForUsage(body, PROVIDERS.named(provider))).toEqual(members);
  });

  it('is never needed in the other formats', () => {
    for (const dialect of [responses, embeddings, anthropic]) {
      expect(dialect.askForUsage({ stream: true }, PROVIDERS.named('openai'))).toBeUndefined();
    }
  });
});

describe('a refusal', () => {
  it('has the shape that each format’s clients turn into an error', () => {
    for (const dialect of [chat, responses, embeddings]) {
      expect(dialect.refusal('no room', 'exhausted', PROVIDERS.named('openai'))).toMatchObject({
        error: { message: 'no room', type: 'insufficient_quota', code: 'token_budget_exceeded', param: null },
      });
    }
    expect(chat.refusal('no price', 'unpriced', PROVIDERS.named('openai'))).toMatchObject({
      error: { code: 'token_budget_unpriced' },
    });
    expect(anthropic.refusal('no room', 'held', PROVIDERS.named('openai'))).toMatchObject({
      type: 'error',
      error: { type: 'billing_error', message: 'no room', details: { error_code: 'token_budget_held' } },
    });
  });

  it.each<[string, JsonObject]>([
    ['mistral', { object: 'error', message: 'no room', type: 'token_budget_exceeded', param: null, code: '402' }],
    ['openrouter', { error: { code: 402, message: 'no room', metadata: { reason: 'token_budget_exceeded' } } }],
  ])('has the shape that the client of %s checks for', (provider, shape) => {
    expect(chat.refusal('no room', 'exhausted', PROVIDERS.named(provider))).toEqual(shape);
  });
});
