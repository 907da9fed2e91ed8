import { describe, expect, it } from 'vitest';
import { answerText } from '../../src/meter/answer-text.js';
import { bytesOf, meterStream } from './streams.js';

describe('the text of an answer that reports no usage', () => {
  it.each<[string, unknown, string]>([
    ['chat, every choice', { choices: [{ message: { content: 'a' } }, { message: { content: 'b' } }] }, 'ab'],
    [
      'its refusal and its reasoning',
      { choices: [{ message: { content: null, refusal: 'no', reasoning_content: 'hm' } }] },
      'nohm',
    ],
    [
      'a tool call',
      { choices: [{ message: { tool_calls: [{ function: { name: 'find', arguments: '{"a":1}' } }] } }] },
      'find{"a":1}',
    ],
    [
      'anthropic blocks',
      {
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: 'a' },
        ],
      },
      'hma',
    ],
    [
      'anthropic tool input with its keys and numbers',
      { content: [{ type: 'tool_use', name: 'find', input: { city: 'Lyon', limit: 3 } }] },
      'findcity limitLyon3',
    ],
    ['responses', { output: [{ type: 'message', content: [{ type: 'output_text', text: 'a' }] }] }, 'a'],
    ['nothing of what names it', { id: 'x', object: 'y', model: 'm', choices: [] }, ''],
  ])('has %s', (_, answer, text) => {
    expect(answerText([JSON.stringify(answer)])).toBe(text);
  });

  it('is the pieces of a stream in their order', async () => {
    const { texts } = await meterStream('openai-chat', [bytesOf('chat-plain')]);
    expect(answerText(texts ?? [])).toBe('Lyon "usage":null, é😀 ');
  });

  it('is the whole answer once, where a stream ends with it', async () => {
    const { texts } = await meterStream('openai-responses', [bytesOf('responses-unreported')]);
    expect(answerText(texts ?? [])).toBe('Lyon');
  });
});
