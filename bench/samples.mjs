// Calls of each dialect as providers answer them: a request and an answer around a text of any size. To add a dialect,
// add its sample.
import { crc32 } from 'node:zlib';

const WORD = 'measured ';
/** A text of so many bytes. */
export const textOf = (bytes) => WORD.repeat(Math.ceil(bytes / WORD.length)).slice(0, bytes);

/** A stream brings its text in pieces of about a word and a half, as models write. */
const PIECE = 12;

const piecesOf = (text) => text.match(new RegExp(`.{1,${PIECE}}`, 'gs')) ?? [];
const sse = (events) =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
const named = (events) => events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const chatUsage = { prompt_tokens: 300, completion_tokens: 200, total_tokens: 500 };
const responsesUsage = { input_tokens: 300, output_tokens: 200, total_tokens: 500 };
const claudeUsage = { input_tokens: 300, output_tokens: 200 };
const chunk = (delta) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  model: 'gpt-4o',
  choices: [{ index: 0, delta }],
});
const message = (text) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });

const geminiUsage = { promptTokenCount: 300, candidatesTokenCount: 200, totalTokenCount: 500 };
const gemini = (text) => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0 }],
  usageMetadata: geminiUsage,
  modelVersion: 'gemini-2.5-flash',
});

const converseUsage = { inputTokens: 300, outputTokens: 200, totalTokens: 500 };

/** A message of Amazon's event stream. */
function frame(event, payload) {
  const fields = { ':event-type': event, ':content-type': 'application/json', ':message-type': 'event' };
  const headers = Buffer.concat(
    Object.entries(fields).flatMap(([name, value]) => [
      Buffer.from([name.length]),
      Buffer.from(name),
      Buffer.from([7, 0, value.length]),
      Buffer.from(value),
    ]),
  );
  const data = Buffer.from(JSON.stringify(payload));
  const lengths = Buffer.concat([uint32(16 + headers.length + data.length), uint32(headers.length)]);
  const unsealed = Buffer.concat([lengths, uint32(crc32(lengths)), headers, data]);
  return Buffer.concat([unsealed, uint32(crc32(unsealed))]);
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const cohereCounts = { input_tokens: 300, output_tokens: 200 };
const cohereUsage = { billed_units: cohereCounts, tokens: cohereCounts };
const ollamaEnd = { done: true, done_reason: 'stop', prompt_eval_count: 300, eval_count: 200 };
const lines = (events) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

/** `stream` is left out where a format has none; `media` is its media type, where that is not `text/event-stream`. */
export const SAMPLES = [
  {
    name: 'openai-chat',
    path: '/v1/chat/completions',
    provider: 'openai',
    model: 'gpt-4o',
    request: (text) => ({ model: 'gpt-4o', max_tokens: 500, messages: [{ role: 'user', content: text }] }),
    whole: (text) => ({ model: 'gpt-4o', choices: [{ index: 0, message: { content: text } }], usage: chatUsage }),
    stream: (text) =>
      sse([
        ...piecesOf(text).map((content) => chunk({ content })),
        { ...chunk({}), choices: [], usage: chatUsage },
        '[DONE]',
      ]),
  },
  {
    name: 'openai-responses',
    path: '/v1/responses',
    provider: 'openai',
    model: 'gpt-4o',
    request: (text) => ({ model: 'gpt-4o', max_output_tokens: 500, input: text }),
    whole: (text) => ({ model: 'gpt-4o', status: 'completed', output: [message(text)], usage: responsesUsage }),
    stream: (text) =>
      named([
        ...piecesOf(text).map((delta) => ({ type: 'response.output_text.delta', item_id: 'm', delta })),
        { type: 'response.completed', response: { model: 'gpt-4o', output: [message(text)], usage: responsesUsage } },
      ]),
  },
  {
    name: 'openai-embeddings',
    path: '/v1/embeddings',
    provider: 'openai',
    model: 'text-embedding-3-small',
    request: (text) => ({ model: 'text-embedding-3-small', input: text }),
    whole: (text) => ({
      model: 'text-embedding-3-small',
      data: [{ index: 0, embedding: Array.from({ length: text.length / 10 }, (_, i) => i / 1e7) }],
      usage: { prompt_tokens: 300, total_tokens: 300 },
    }),
  },
  {
    name: 'anthropic',
    path: '/v1/messages',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    request: (text) => ({ model: 'claude-sonnet-4-5', max_tokens: 500, messages: [{ role: 'user', content: text }] }),
    whole: (text) => ({
      type: 'message',
      model: 'claude-sonnet-4-5',
      content: [{ type: 'text', text }],
      usage: claudeUsage,
    }),
    stream: (text) =>
      named([
        { type: 'message_start', message: { model: 'claude-sonnet-4-5', usage: claudeUsage } },
        ...piecesOf(text).map((each) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text: each } })),
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 200 } },
        { type: 'message_stop' },
      ]),
  },
  {
    name: 'gemini',
    path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent',
    provider: 'google',
    model: 'gemini-2.5-flash',
    request: (text) => ({ contents: [{ parts: [{ text }] }], generationConfig: { maxOutputTokens: 500 } }),
    whole: gemini,
    stream: (text) => sse(piecesOf(text).map(gemini)),
  },
  {
    name: 'bedrock-converse',
    path: '/model/amazon.nova-lite-v1%3A0/converse-stream',
    provider: 'aws',
    model: 'amazon.nova-lite-v1:0',
    media: 'application/vnd.amazon.eventstream',
    request: (text) => ({ messages: [{ role: 'user', content: [{ text }] }], inferenceConfig: { maxTokens: 500 } }),
    whole: (text) => ({ output: { message: { role: 'assistant', content: [{ text }] } }, usage: converseUsage }),
    stream: (text) =>
      Buffer.concat([
        ...piecesOf(text).map((each) => frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: each } })),
        frame('metadata', { usage: converseUsage }),
      ]),
  },
  {
    name: 'cohere',
    path: '/v2/chat',
    provider: 'cohere',
    model: 'command-a-03-2025',
    request: (text) => ({ model: 'command-a-03-2025', max_tokens: 500, messages: [{ role: 'user', content: text }] }),
    whole: (text) => ({ message: { role: 'assistant', content: [{ type: 'text', text }] }, usage: cohereUsage }),
    stream: (text) =>
      named([
        ...piecesOf(text).map((each) => ({
          type: 'content-delta',
          index: 0,
          delta: { message: { content: { text: each } } },
        })),
        { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: cohereUsage } },
      ]),
  },
  {
    name: 'ollama',
    path: '/api/chat',
    provider: 'ollama',
    model: 'llama3.2',
    media: 'application/x-ndjson',
    request: (text) => ({
      model: 'llama3.2',
      messages: [{ role: 'user', content: text }],
      options: { num_predict: 500 },
    }),
    whole: (text) => ({ model: 'llama3.2', message: { role: 'assistant', content: text }, ...ollamaEnd }),
    stream: (text) =>
      lines([
        ...piecesOf(text).map((content) => ({
          model: 'llama3.2',
          message: { role: 'assistant', content },
          done: false,
        })),
        { model: 'llama3.2', message: { role: 'assistant', content: '' }, ...ollamaEnd },
      ]),
  },
];
