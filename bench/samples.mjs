// Calls of each dialect as providers answer them: a request and an answer around a text of any size. To add a dialect,
// add its sample.

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

/** `stream` is left out where a format has none. */
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
];
