/** Answers in the wire formats of OpenAI and Anthropic, each with the text `hello` and a usage of 3 and 2 tokens. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly parts: readonly string[];
}

export function answerTo(target: string, body: string): Answer {
  const streamed = /"stream":\s*true/.test(body);
  if (target.endsWith('/chat/completions')) return streamed ? sse(openaiEvents()) : json(openaiCompletion());
  if (target.endsWith('/messages')) return streamed ? sse(anthropicEvents()) : json(anthropicMessage());
  if (target.startsWith('/redirect')) return { status: 307, headers: { location: '/echo' }, parts: [] };
  return json({ target, body });
}

function json(value: unknown): Answer {
  const text = JSON.stringify(value);
  return { status: 200, headers: { 'content-type': 'application/json' }, parts: [text] };
}

function sse(parts: readonly string[]): Answer {
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, parts };
}

function openaiCompletion(): unknown {
  return {
    ...openaiHead('chat.completion'),
    choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  };
}

function openaiEvents(): string[] {
  const chunks = ['hel', 'lo'].map((content) => ({
    ...openaiHead('chat.completion.chunk'),
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  }));
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'];
}

function openaiHead(object: string): object {
  return { id: 'chatcmpl-1', object, created: 1, model: 'gpt-4o-mini' };
}

function anthropicMessage(): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku',
    content: [{ type: 'text', text: 'hello' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 2 },
  };
}

function anthropicEvents(): string[] {
  const delta = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
  const events: { type: string }[] = [
    { type: 'message_start', message: { ...anthropicMessage(), content: [], stop_reason: null } } as { type: string },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as { type: string },
    delta('hel'),
    delta('lo'),
    { type: 'content_block_stop', index: 0 } as { type: string },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 2 },
    } as { type: string },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}
