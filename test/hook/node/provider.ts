/** Answers in the shapes of OpenAI and Anthropic, JSON or a stream of events, each with the word "four" in it. */
export interface Answer {
  readonly type: string;
  readonly text: string;
}

export function answerFor(path: string, body: string): Answer {
  const stream = /"stream":\s*true/.test(body);
  if (path.endsWith('/chat/completions')) return stream ? sse(CHAT_CHUNKS) : json(CHAT);
  if (path.endsWith('/responses')) return json(RESPONSE);
  if (path.endsWith('/messages')) return stream ? sse(MESSAGE_EVENTS, true) : json(MESSAGE);
  return json({ path, answer: 'four' });
}

function json(value: object): Answer {
  return { type: 'application/json', text: JSON.stringify(value) };
}

function sse(events: readonly object[], named = false): Answer {
  const lines = events.map(
    (event) => `${named ? `event: ${eventName(event)}\n` : ''}data: ${JSON.stringify(event)}\n\n`,
  );
  return { type: 'text/event-stream', text: lines.join('') + (named ? '' : 'data: [DONE]\n\n') };
}

function eventName(event: object): string {
  return 'type' in event ? String(event.type) : '';
}

const CHAT_BASE = { id: 'chatcmpl-1', created: 1, model: 'gpt-4o' };
const CHAT = {
  ...CHAT_BASE,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'four' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 },
};
const CHAT_CHUNKS = [
  { ...CHAT_BASE, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'fo' } }] },
  {
    ...CHAT_BASE,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content: 'ur' }, finish_reason: 'stop' }],
  },
];
const RESPONSE = {
  id: 'resp_1',
  object: 'response',
  model: 'gpt-4o',
  status: 'completed',
  output: [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'four', annotations: [] }],
    },
  ],
  usage: { input_tokens: 9, output_tokens: 1, total_tokens: 10 },
};
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-test-1',
  content: [{ type: 'text', text: 'four' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 9, output_tokens: 1 },
};
const MESSAGE_EVENTS = [
  { type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'four' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
  { type: 'message_stop' },
];
