/**
 * The wire formats of providers other than OpenAI and Anthropic, as their SDKs' types state them: each answers "Paris."
 * with the usage that it is told.
 */
import { crc32 } from 'node:zlib';
import { json, sse, type Answer, type Seen } from '../support/upstream.js';

interface Usage {
  readonly input: number;
  readonly output: number;
}

const PIECES = ['Par', 'is', '.'];

/** The answer in the format that the path tells; undefined where it is none of these. */
export function wires({ path, body }: Seen, usage: Usage): Answer | undefined {
  const bare = path.split('?')[0] ?? '';
  const unasked = UNASKED.find(([model]) => model.test(String(body.model)));
  if (unasked && body.stream === true) return { ...unasked[1](usage, body), output: usage.output };
  const found = WIRES.find(([pattern]) => pattern.test(bare));
  return found && { ...found[1](usage, body), output: usage.output };
}

type Wire = (usage: Usage, body: Seen['body']) => Omit<Answer, 'output'>;

const WIRES: readonly (readonly [RegExp, Wire])[] = [
  [/:generateContent$/, (usage) => json(gemini('Paris.', usage))],
  [
    /:streamGenerateContent$/,
    (usage) => sse(PIECES.map((text, i) => ({ data: gemini(text, { ...usage, output: i === 2 ? usage.output : 1 }) }))),
  ],
  [/^\/v2\/chat$/, (usage, body) => (body.stream === true ? cohereStream(usage) : json(cohere(usage)))],
  [/^\/model\/[^/]+\/converse$/, (usage) => json(converse(usage))],
  [/^\/model\/[^/]+\/converse-stream$/, converseStream],
  [/^\/api\/chat$/, (usage, body) => (body.stream === false ? json(ollama('Paris.', usage)) : ollamaStream(usage))],
  [/^\/api\/v1\/chat\/completions$/, (usage, body) => openrouter(usage, body)],
];

function gemini(text: string, { input, output }: Usage) {
  return {
    candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output,
      totalTokenCount: input + output,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
    },
    modelVersion: 'gemini-2.5-flash',
    responseId: 'r1',
  };
}

function cohere({ input, output }: Usage) {
  const counts = { input_tokens: input, output_tokens: output };
  const message = { role: 'assistant', content: [{ type: 'text', text: 'Paris.' }] };
  return { id: 'c1', finish_reason: 'COMPLETE', message, usage: { billed_units: counts, tokens: counts } };
}

function cohereStream({ input, output }: Usage) {
  const counts = { input_tokens: input, output_tokens: output };
  const usage = { billed_units: counts, tokens: counts };
  const event = (type: string, rest: object) => ({ event: type, data: { type, ...rest } });
  const delta = (text: string) => ({ index: 0, delta: { message: { content: { text } } } });
  return sse([
    event('message-start', { id: 'c1', delta: { message: { role: 'assistant', content: [] } } }),
    event('content-start', { index: 0, delta: { message: { content: { type: 'text', text: '' } } } }),
    ...PIECES.map((text) => event('content-delta', delta(text))),
    event('content-end', { index: 0 }),
    event('message-end', { id: 'c1', delta: { finish_reason: 'COMPLETE', usage } }),
  ]);
}

const bedrockUsage = ({ input, output }: Usage) => ({
  inputTokens: input,
  outputTokens: output,
  totalTokens: input + output,
});

function converse(usage: Usage) {
  const message = { role: 'assistant', content: [{ text: 'Paris.' }] };
  return { output: { message }, stopReason: 'end_turn', usage: bedrockUsage(usage), metrics: { latencyMs: 1 } };
}

function converseStream(usage: Usage) {
  const frames = [
    frame('messageStart', { role: 'assistant' }),
    ...PIECES.map((text) => frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text } })),
    frame('contentBlockStop', { contentBlockIndex: 0 }),
    frame('messageStop', { stopReason: 'end_turn' }),
    frame('metadata', { usage: bedrockUsage(usage), metrics: { latencyMs: 1 } }),
  ];
  return { type: 'application/vnd.amazon.eventstream', pieces: frames };
}

/** One message of AWS's event stream: lengths, their checksum, headers, payload, and a checksum of it all. */
function frame(event: string, payload: object): Buffer {
  const headers = Buffer.concat(
    Object.entries({ ':event-type': event, ':content-type': 'application/json', ':message-type': 'event' }).map(
      ([name, value]) =>
        Buffer.concat([
          Buffer.from([name.length]),
          Buffer.from(name),
          Buffer.from([7, 0, value.length]),
          Buffer.from(value),
        ]),
    ),
  );
  const data = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + data.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const body = Buffer.concat([prelude, checksum(prelude), headers, data]);
  return Buffer.concat([body, checksum(body)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

function ollama(content: string, { input, output }: Usage) {
  const message = { role: 'assistant', content };
  const counts = { prompt_eval_count: input, eval_count: output, total_duration: 1 };
  return { model: 'llama3.2', created_at: '2026-01-01T00:00:00Z', message, done: true, done_reason: 'stop', ...counts };
}

function ollamaStream(usage: Usage) {
  const part = (content: string) => ({
    model: 'llama3.2',
    created_at: '2026-01-01T00:00:00Z',
    message: { role: 'assistant', content },
    done: false,
  });
  const lines = [...PIECES.map(part), ollama('', usage)];
  return { type: 'application/x-ndjson', pieces: lines.map((line) => `${JSON.stringify(line)}\n`) };
}

/** Providers that state a chat stream's usage without being asked, told by the models that the programs name. */
const UNASKED: readonly (readonly [RegExp, Wire])[] = [
  [/^(mistral|meta-llama)/, (usage, body) => chatStream(body, { usage: openaiUsage(usage) })],
  [/^llama-3\.3/, (usage, body) => chatStream(body, { x_groq: { id: 'req_1', usage: openaiUsage(usage) } })],
];

const openaiUsage = ({ input, output }: Usage) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
});

/** @param last members of the last chunk */
function chatStream({ model }: Seen['body'], last: object) {
  const chunk = (delta: object, finish: string | null, rest: object = {}) => ({
    data: {
      ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, system_fingerprint: 'fp' },
      choices: [{ index: 0, delta, finish_reason: finish }],
      ...rest,
    },
  });
  return sse([
    ...PIECES.map((content) => chunk({ role: 'assistant', content }, null)),
    chunk({ role: 'assistant', content: '' }, 'stop', last),
    { data: '[DONE]' },
  ]);
}

/** OpenAI's shape with OpenRouter's own cost, and usage in a stream's last chunk unasked. */
function openrouter({ input, output }: Usage, body: Seen['body']) {
  const usage = { ...openaiUsage({ input, output }), cost: (input + output) / 1_000_000 };
  if (body.stream === true) return chatStream(body, { usage });
  const message = { role: 'assistant', content: 'Paris.', refusal: null };
  const choices = [{ index: 0, message, finish_reason: 'stop', logprobs: null }];
  const head = { id: 'gen-1', object: 'chat.completion', created: 1, model: body.model, system_fingerprint: 'fp' };
  return json({ ...head, choices, usage });
}
