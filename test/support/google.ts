/** Answers of a stand-in for the Gemini API and Vertex, whole or streamed, in the ways that their clients ask for. */
import type { Seen } from './upstream.js';

interface Counts {
  readonly input: number;
  readonly output: number;
}

interface Answer {
  readonly type: string;
  readonly pieces: readonly string[];
  readonly output: number;
}

const THOUGHTS = 7;

/** Undefined where the path is none of Google's. Output is candidates and thoughts. */
export function googleAnswer(seen: Seen, counts: Counts): Answer | undefined {
  const [path = '', query = ''] = seen.path.split('?');
  if (path.endsWith(':generateContent')) return whole(chunk(path, 'Paris.', counts, true), counts.output);
  if (path.endsWith(':streamGenerateContent')) return streamed(path, query.includes('alt=sse'), counts);
  if (path.endsWith('/interactions'))
    return seen.body.stream === true ? interactionStream(counts) : interaction(counts);
  if (/:(batchEmbedContents|embedContent)$/.test(path)) return whole({ embeddings: [{ values: [0.1, 0.2] }] }, 0);
  if (path.endsWith(':predict')) return whole(predictions(path, counts), 0);
  return undefined;
}

/** What is free of charge, and so in nobody's books. */
export function googleFree(path: string): object | undefined {
  if (path.endsWith(':countTokens')) return { totalTokens: 5 };
  return path.endsWith('/count-tokens:rawPredict') ? { input_tokens: 5 } : undefined;
}

function whole(value: object, output: number): Answer {
  return { type: 'application/json; charset=UTF-8', pieces: [JSON.stringify(value)], output };
}

function chunk(path: string, text: string, { input, output }: Counts, last: boolean) {
  const candidatesTokenCount = last ? output - THOUGHTS : 1;
  const counts = { promptTokenCount: input, candidatesTokenCount, thoughtsTokenCount: THOUGHTS };
  return {
    candidates: [{ content: { role: 'model', parts: [{ text }] }, ...(last && { finishReason: 'STOP' }), index: 0 }],
    usageMetadata: { ...counts, totalTokenCount: input + candidatesTokenCount + THOUGHTS },
    modelVersion: /models\/([^/:]+):/.exec(path)?.[1] ?? '',
    responseId: 'r1',
  };
}

function streamed(path: string, sse: boolean, counts: Counts): Answer {
  const chunks = ['Par', 'is', '.'].map((text, i) => JSON.stringify(chunk(path, text, counts, i === 2)));
  if (sse)
    return { type: 'text/event-stream', pieces: chunks.map((each) => `data: ${each}\r\n\r\n`), output: counts.output };
  const pieces = [...chunks.map((each, i) => `${i === 0 ? '[' : ',\r\n'}${each}`), '\n]\n'];
  return { type: 'application/json; charset=UTF-8', pieces, output: counts.output };
}

function predictions(path: string, { input }: Counts) {
  const picture = { mimeType: 'image/png', bytesBase64Encoded: 'aGk=' };
  const vector = { embeddings: { values: [0.1, 0.2], statistics: { token_count: input, truncated: false } } };
  return { predictions: path.includes('imagen') ? [picture, picture] : [vector] };
}

function interactionOf({ input, output }: Counts) {
  const usage = {
    total_input_tokens: input,
    total_output_tokens: output - THOUGHTS,
    total_thought_tokens: THOUGHTS,
    total_tokens: input + output,
  };
  const head = { id: 'int_1', object: 'interaction', model: 'gemini-3.5-flash', created: '2026-11-01T08:00:00Z' };
  return { ...head, updated: head.created, status: 'completed', usage };
}

function interaction(counts: Counts): Answer {
  const steps = [{ type: 'model_output', content: [{ type: 'text', text: 'Paris.' }] }];
  return whole({ ...interactionOf(counts), steps }, counts.output);
}

function interactionStream(counts: Counts): Answer {
  const begun = { ...interactionOf(counts), status: 'in_progress', usage: undefined };
  const events = [
    { event_type: 'interaction.created', interaction: begun },
    { event_type: 'step.start', index: 0, step: { type: 'model_output' } },
    { event_type: 'step.delta', index: 0, delta: { type: 'text', text: 'Paris.' } },
    { event_type: 'step.stop', index: 0 },
    { event_type: 'interaction.completed', interaction: interactionOf(counts) },
  ];
  const pieces = events.map((event) => `event: ${event.event_type}\ndata: ${JSON.stringify(event)}\n\n`);
  return { type: 'text/event-stream', pieces: [...pieces, 'event: done\ndata: [DONE]\n\n'], output: counts.output };
}
