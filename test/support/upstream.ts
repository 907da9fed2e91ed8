import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { googleAnswer, googleFree } from './google.js';

/** One request as the upstream saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface UpstreamOptions {
  /** Time before an answer, in ms. */
  readonly delayMs?: number;
  /** Tokens it reports for a request; 100 in and 50 out where absent. */
  readonly usage?: (seen: Seen) => { input: number; output: number };
  /** Compress answers for clients that accept it. */
  readonly gzip?: boolean;
  /** Answers in other wire formats; undefined leaves a request to the ordinary answer. */
  readonly wires?: (seen: Seen, usage: { input: number; output: number }) => Answer | undefined;
  /** Answers a request itself; false leaves it to the ordinary answer. */
  readonly intercept?: (seen: Seen, response: ServerResponse) => boolean;
}

/** A provider on loopback that speaks OpenAI's, Anthropic's and Google's wire formats and keeps its own books. */
export interface Upstream {
  readonly port: number;
  readonly origin: string;
  readonly seen: readonly Seen[];
  /** What it would bill: the sum over all answers that it began. */
  readonly billed: { calls: number; input: number; output: number };
  close(): void;
}

export async function startUpstream(options: UpstreamOptions = {}): Promise<Upstream> {
  const seen: Seen[] = [];
  const billed = { calls: 0, input: 0, output: 0 };
  const server = http.createServer((request, response) => {
    void read(request).then((each) => {
      seen.push(each);
      setTimeout(() => {
        if (options.intercept?.(each, response)) return;
        const free = googleFree(each.path.split('?')[0] ?? '');
        if (free) return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(free));
        const usage = options.usage?.(each) ?? { input: 100, output: 50 };
        const answer = options.wires?.(each, usage) ?? answerTo(each, usage);
        if (!answer) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{}}');
        billed.calls += 1;
        billed.input += usage.input;
        billed.output += answer.output;
        send(each, response, answer, options.gzip ?? false);
      }, options.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    seen,
    billed,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** An answer by its media type and the pieces that it is sent in, with the output tokens that it bills. */
export interface Answer {
  readonly type: string;
  readonly pieces: readonly (string | Uint8Array)[];
  readonly output: number;
}

function answerTo(seen: Seen, { input, output }: { input: number; output: number }): Answer | undefined {
  const stream = seen.body.stream === true;
  const model = String(seen.body.model);
  const path = seen.path.split('?')[0] ?? '';
  if (path.endsWith('/chat/completions'))
    return stream ? chatStream(seen, model, input, output) : chat(model, input, output);
  if (path.endsWith('/responses'))
    return stream ? responsesStream(model, input, output) : responses(model, input, output);
  if (path.endsWith('/embeddings')) return embeddings(model, input);
  if (/:(streamR|r)awPredict$/.test(path))
    return stream ? messagesStream(model, input, output) : messages(model, input, output);
  if (path.endsWith('/messages')) return stream ? messagesStream(model, input, output) : messages(model, input, output);
  if (path.endsWith('/models')) return { ...json({ object: 'list', data: [] }), output: 0 };
  return googleAnswer(seen, { input, output });
}

export const json = (value: unknown) => ({ type: 'application/json', pieces: [JSON.stringify(value)] });
export const sse = (events: readonly { event?: string; data: unknown }[]) => ({
  type: 'text/event-stream',
  pieces: events.map(({ event, data }) => {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
  }),
});

function chat(model: string, input: number, output: number): Answer {
  const message = { role: 'assistant', content: 'Paris.', refusal: null };
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  const choices = [{ index: 0, message, finish_reason: 'stop', logprobs: null }];
  return { ...json({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model, choices, usage }), output };
}

function chatStream(seen: Seen, model: string, input: number, output: number): Answer {
  const options = seen.body.stream_options as { include_usage?: boolean } | undefined;
  const asked = options?.include_usage === true;
  const chunk = (choices: unknown[], usage: unknown) => ({
    data: {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model,
      choices,
      ...(asked ? { usage } : {}),
    },
  });
  const pieces = ['Par', 'is', '.'].map((content) =>
    chunk([{ index: 0, delta: { content }, finish_reason: null }], null),
  );
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  const last = chunk([{ index: 0, delta: {}, finish_reason: 'stop' }], null);
  return { ...sse([...pieces, last, ...(asked ? [chunk([], usage)] : []), { data: '[DONE]' }]), output };
}

function response(model: string, input: number, output: number, status: string, done: boolean) {
  const content = [{ type: 'output_text', text: 'Paris.', annotations: [] }];
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
  const message = { type: 'message', id: 'm', role: 'assistant', status, content };
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status,
    model,
    output: done ? [message] : [],
    usage: done ? usage : null,
  };
}

function responses(model: string, input: number, output: number): Answer {
  return { ...json(response(model, input, output, 'completed', true)), output };
}

function responsesStream(model: string, input: number, output: number): Answer {
  const typed = (type: string, rest: object) => ({ event: type, data: { type, ...rest } });
  return {
    ...sse([
      typed('response.created', { sequence_number: 0, response: response(model, input, output, 'in_progress', false) }),
      typed('response.output_text.delta', {
        sequence_number: 1,
        item_id: 'm',
        output_index: 0,
        content_index: 0,
        delta: 'Paris.',
      }),
      typed('response.completed', { sequence_number: 2, response: response(model, input, output, 'completed', true) }),
    ]),
    output,
  };
}

function embeddings(model: string, input: number): Answer {
  const data = [{ object: 'embedding', index: 0, embedding: [0.1, 0.2] }];
  return { ...json({ object: 'list', data, model, usage: { prompt_tokens: input, total_tokens: input } }), output: 0 };
}

function messages(model: string, input: number, output: number): Answer {
  const usage = {
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  const content = [{ type: 'text', text: 'Paris.' }];
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage,
  };
  return { ...json(message), output };
}

function messagesStream(model: string, input: number, output: number): Answer {
  const typed = (type: string, rest: object) => ({ event: type, data: { type, ...rest } });
  const usage = { input_tokens: input, output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  return {
    ...sse([
      typed('message_start', { message }),
      typed('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      typed('ping', {}),
      typed('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Paris.' } }),
      typed('content_block_stop', { index: 0 }),
      typed('message_delta', {
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: output },
      }),
      typed('message_stop', {}),
    ]),
    output,
  };
}

function send(seen: Seen, response: ServerResponse, answer: Answer, gzip: boolean): void {
  const zipped = gzip && String(seen.headers['accept-encoding'] ?? '').includes('gzip');
  response.setHeader('content-type', answer.type);
  if (zipped) {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(Buffer.concat(answer.pieces.map((piece) => Buffer.from(piece)))));
    return;
  }
  for (const piece of answer.pieces) response.write(piece);
  response.end();
}

async function read(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const { method = '', url: path = '', headers } = request;
  return { method, path, headers, text, body: parse(text) };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
