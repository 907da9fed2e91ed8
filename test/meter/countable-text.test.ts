import { describe, expect, it } from 'vitest';
import { estimateText, hasMedia } from '../../src/meter/countable-text.js';

const BASE64 = Buffer.from('picture '.repeat(4_000)).toString('base64');

describe('the text of a request', () => {
  it('is every string of it in order, without identifiers', () => {
    const body = {
      model: 'gpt-4o',
      user: 'u-1',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Where is Paris?' }] },
      ],
      temperature: 0.2,
    };
    expect(estimateText(body)).toBe('u-1\nsystem\nBe brief.\nuser\ntext\nWhere is Paris?');
  });

  it('holds the keys, numbers and flags of tool schemas, which a model is shown', () => {
    const parameters = {
      type: 'object',
      properties: { id: { type: 'number', minimum: 7 } },
      additionalProperties: false,
    };
    const text = estimateText({ tools: [{ type: 'function', function: { name: 'find', parameters } }] });
    for (const word of ['find', 'properties', 'id', 'minimum', '7', 'false']) expect(text.split('\n')).toContain(word);
  });

  it('holds the arguments of an earlier Anthropic tool call with their keys', () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'find', input: { city: 'Paris', limit: 3 } };
    const text = estimateText({ messages: [{ role: 'assistant', content: [call] }] });
    expect(text).toBe('assistant\ntool_use\nfind\ncity\nlimit\nParis\n3');
  });

  it.each([
    ['one list', { input: [1, 2, 3, 4] }],
    ['lists', { input: [[1, 2, 3], [4]] }],
    ['a legacy prompt', { prompt: [1, 2, 3, 4] }],
  ])('counts a word for each token id: %s', (_, body) => {
    expect(estimateText(body).trim().split(/\s+/)).toHaveLength(4);
  });

  it.each([
    ['chat image', { type: 'image_url', image_url: { url: `data:image/png;base64,${BASE64}` } }],
    ['responses image', { type: 'input_image', image_url: `data:image/png;base64,${BASE64}` }],
    ['chat file', { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${BASE64}` } }],
    ['responses file', { type: 'input_file', file_data: BASE64 }],
    ['chat audio', { type: 'input_audio', input_audio: { data: BASE64, format: 'wav' } }],
    ['anthropic image', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: BASE64 } }],
    [
      'anthropic document',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: BASE64 } },
    ],
    ['gemini part', { inlineData: { mimeType: 'image/png', data: BASE64 } }],
  ])('leaves base64 media out and knows that it is there: %s', (_, part) => {
    const body = { messages: [{ role: 'user', content: [{ type: 'text', text: 'See this' }, part] }] };
    expect(estimateText(body)).toContain('See this');
    expect(estimateText(body).length).toBeLessThan(120);
    expect(hasMedia(body)).toBe(true);
  });

  it('keeps what a person wrote, even where it looks like media', () => {
    const content = `data:text/plain;base64,${BASE64}`;
    expect(estimateText({ messages: [{ role: 'user', content }] })).toBe(`user\n${content}`);
  });
});

describe('the text of a response', () => {
  it('is what the model wrote, of a chat completion', () => {
    const message = { role: 'assistant', content: 'In France.', refusal: null };
    const body = {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: 'gpt-4o-2024-08-06',
      system_fingerprint: 'fp_1',
    };
    expect(estimateText({ ...body, choices: [{ index: 0, message, finish_reason: 'stop' }] })).toBe(
      'assistant\nIn France.',
    );
  });

  it('is what the model wrote, of a message with thinking and its signature', () => {
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: BASE64 },
      { type: 'text', text: 'In France.' },
    ];
    const body = { id: 'msg_1', type: 'message', model: 'claude-opus-5', content, stop_reason: 'end_turn' };
    expect(estimateText(body)).toBe('message\nthinking\nHm.\ntext\nIn France.');
  });

  it('leaves out pictures, sound and embeddings', () => {
    expect(estimateText({ output: [{ type: 'image_generation_call', result: BASE64 }] })).toBe('image_generation_call');
    expect(estimateText({ audio: { data: BASE64, transcript: 'Hello' } })).toBe('Hello');
    expect(estimateText({ data: [{ embedding: BASE64 }, { embedding: [0.1, 0.2] }, { b64_json: BASE64 }] })).toBe('');
  });
});

describe('media', () => {
  it.each([
    ['by address', { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }],
    ['by id', { type: 'input_file', file_id: 'file-1' }],
    ['an Anthropic image by address', { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } }],
  ])('is found by reference too: %s', (_, part) => {
    expect(hasMedia({ input: [{ role: 'user', content: [part] }] })).toBe(true);
  });

  it.each([
    ['plain text', { messages: [{ role: 'user', content: 'an image_url of an image' }] }],
    ['a text document', { type: 'document', source: { type: 'text', data: 'words' } }],
    ['a tool that takes an image', { tools: [{ parameters: { properties: { image_url: { type: 'image' } } } }] }],
    ['nothing', undefined],
  ])('is not seen in %s', (_, body) => {
    expect(hasMedia(body)).toBe(false);
  });

  it('does not hide the text of a text document', () => {
    expect(estimateText({ type: 'document', source: { type: 'text', data: 'words' } })).toContain('words');
  });
});

describe('bodies of any shape', () => {
  it.each([
    [null, ''],
    [undefined, ''],
    [7, ''],
    ['text', 'text'],
    [[], ''],
    [{ content: null }, ''],
  ])('are read without an error: %j', (body, text) => {
    expect(estimateText(body)).toBe(text);
    expect(hasMedia(body)).toBe(false);
  });

  it('may be nested 100,000 deep', () => {
    let body: unknown = 'deep';
    for (let n = 0; n < 100_000; n++) body = n % 2 ? [body] : { content: body };
    expect(estimateText(body)).toBe('deep');
    expect(hasMedia(body)).toBe(false);
  });

  it('may be wide', () => {
    expect(estimateText({ input: Array.from({ length: 300_000 }, () => 'x') })).toHaveLength(599_999);
  });
});
