/** What answers say of the tools that ran at the provider, whole and in streams. */
import { describe, expect, it } from 'vitest';
import { anthropic } from '../../../src/meter/dialects/anthropic.js';
import { gemini } from '../../../src/meter/dialects/gemini.js';
import { openaiChat } from '../../../src/meter/dialects/openai-chat.js';
import { openaiImages } from '../../../src/meter/dialects/openai-images.js';
import { openaiUsage } from '../../../src/meter/dialects/openai-usage.js';
import { responseTools } from '../../../src/meter/dialects/response-tools.js';

const USAGE = { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 };

describe('Groq', () => {
  const part = (model: string, usage = USAGE) => ({ model, usage });
  const models = [part('llama-3.3-70b-versatile'), part('llama-4-scout'), part('llama-3.3-70b-versatile')];

  it('repeats the total for each model in a stream: any of them may have done all of it', () => {
    const reported = openaiChat.reported({ usage: USAGE, usage_breakdown: { models } }, {});
    expect(reported).toMatchObject({
      usage: { input: 1_000, output: 100 },
      either: ['llama-3.3-70b-versatile', 'llama-4-scout'],
    });
    expect(reported).not.toHaveProperty('parts');
  });

  it('is still billed by parts that add up', () => {
    const half = { prompt_tokens: 500, completion_tokens: 50, total_tokens: 550 };
    const parts = [part('a', half), part('b', half)];
    const reported = openaiChat.reported({ usage: USAGE, usage_breakdown: { models: parts } }, {});
    expect(reported?.parts).toHaveLength(2);
    expect(reported).not.toHaveProperty('either');
  });

  it('names the tools that ran, in a stream before its usage', () => {
    const stream = openaiChat.stream({});
    const ran = [
      { index: 0, type: 'search' },
      { index: 1, type: 'python' },
      { index: 2, type: 'visit' },
    ];
    for (const tool of ran) stream.event(JSON.stringify({ choices: [{ delta: { executed_tools: [tool] } }] }));
    // The same place once more is the same use.
    stream.event(JSON.stringify({ choices: [{ delta: { executed_tools: [ran[0]] } }] }));
    stream.event(JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }], x_groq: { usage: USAGE } }));
    expect(stream.reported?.usage.meters).toEqual({ searches: 1, containers: 1, toolCalls: 1 });
  });
});

it('xAI’s sources of a search in its chat are searches', () => {
  const reported = openaiChat.reported({ usage: { ...USAGE, num_sources_used: 4 } }, {});
  expect(reported?.usage.meters).toEqual({ searches: 4 });
});

describe('Gemini', () => {
  const grounded = (groundingMetadata: object) => ({
    candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP', groundingMetadata }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: 'gemini-3.5-flash',
  });
  const maps = { groundingChunks: [{ maps: { placeId: 'p' } }] };

  it.each([
    [maps, { mapSearches: 1 }],
    [{ googleMapsWidgetContextToken: 't' }, { mapSearches: 1 }],
    [
      { ...maps, webSearchQueries: ['a', 'b'] },
      { searches: 2, mapSearches: 1 },
    ],
    [{ groundingChunks: [{ web: { uri: 'u' } }, null, 7], webSearchQueries: ['a'] }, { searches: 1 }],
    [{ groundingChunks: 'x' }, undefined],
  ])('that was grounded with %j counts %j', (metadata, meters) => {
    expect(gemini.reported(grounded(metadata), {})?.usage.meters).toEqual(meters);
    const stream = gemini.stream({});
    stream.event(JSON.stringify(grounded(metadata)));
    stream.event(JSON.stringify({ ...grounded({}), candidates: [] }));
    expect(stream.reported?.usage.meters).toEqual(meters);
  });
});

it('Claude’s code is told by its blocks, in a stream too', () => {
  const usage = { input_tokens: 10, output_tokens: 5 };
  const block = { type: 'server_tool_use', name: 'code_execution' };
  expect(anthropic.reported({ content: [block], usage }, {})?.usage.meters).toEqual({ containers: 1 });
  expect(anthropic.reported({ content: [{ ...block, name: 'web_search' }], usage }, {})?.usage.meters).toBeUndefined();
  const stream = anthropic.stream({});
  stream.event(JSON.stringify({ type: 'message_start', message: { usage } }));
  stream.event(JSON.stringify({ type: 'content_block_start', index: 0, content_block: block }));
  stream.event(JSON.stringify({ type: 'message_delta', usage: { output_tokens: 5 } }));
  expect(stream.reported?.usage.meters).toEqual({ containers: 1 });
});

describe('a response', () => {
  it.each([
    [{}, {}],
    [{ output: 'x', tool_usage: 7 }, {}],
    [
      {
        output: [null, 7, { type: 'message' }, { type: 'function_call' }, { type: 'mcp_call' }, { type: 'shell_call' }],
      },
      {},
    ],
    [
      { output: [{ type: 'web_search_call' }, { type: 'web_search_call', action: { type: 'find_in_page' } }] },
      { searches: 1 },
    ],
    [{ tool_usage: { web_search: { num_requests: -1 } }, output: [{ type: 'web_search_call' }] }, { searches: 1 }],
    [
      { output: [{ type: 'code_interpreter_call' }, { type: 'code_interpreter_call', container_id: 'c' }] },
      { containers: 2 },
    ],
    [{ output: [{ type: 'shell_call', environment: { container_id: 'c' } }] }, { containers: 1 }],
    [{ output: [{ type: 'image_generation_call' }] }, { images: 1 }],
    [{ output: [{ type: 'new_thing_call' }] }, { toolCalls: 1 }],
    [
      {
        usage: {
          server_side_tool_usage_details: { web_search_calls: 2, x_search_calls: 1, code_interpreter_calls: 1 },
        },
      },
      { searches: 3, toolCalls: 1 },
    ],
  ])('of %j counts %j', (answer, meters) => {
    expect(responseTools(answer, openaiUsage).meters).toEqual(meters);
  });

  it('never repeats a name from an answer that is no word', () => {
    expect(responseTools({ output: [{ type: 'sk-Abc123Def456_call' }] }, openaiUsage).untold).toBe(
      'no price is known for the tool of another name',
    );
  });
});

it.each([
  [{}, 'picture:1k'],
  [{ size: '1024x1024' }, 'picture:1k'],
  [{ size: '4096x4096' }, 'picture:4k'],
  [{ image_size: '4K' }, 'picture:4k'],
])('a picture of %j is billed as %s', (more, name) => {
  const facts = openaiImages.read(
    { model: 'gemini-3-pro-image', prompt: 'x', n: 2, ...more },
    '/v1/images/generations',
  );
  expect(facts.tools).toEqual([{ name, most: 2 }]);
});
