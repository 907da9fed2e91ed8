import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { DialectName } from '../../src/domain/call.js';
import type { Usage } from '../../src/domain/usage.js';
import { streamAnswer } from '../../src/meter/stream-answer.js';
import { DIALECTS } from '../../src/meter/dialects/index.js';
import { EVENT_STREAM, JSON_ARRAY, JSON_LINES, SERVER_SENT_EVENTS, type Framing } from '../../src/meter/framing.js';
import { chunkOf, encodeMessage, type Message } from '../support/event-stream.js';

/** A stream as a provider sends it, and what is known once it has ended. */
export interface RecordedStream {
  readonly name: string;
  readonly dialect: DialectName;
  readonly expect: Usage | null;
  readonly done: boolean;
  /** Of its file, where that is no stream of server-sent events. */
  readonly ending?: keyof typeof FRAMINGS;
  /** Name of the stream that the provider sends for the same answer where `include_usage` is not set. */
  readonly without?: string;
}

const DIRECTORY = 'test/fixtures/streams';

export const STREAMS = JSON.parse(readFileSync(`${DIRECTORY}/index.json`, 'utf8')) as readonly RecordedStream[];

/** How a stream is cut, by the ending of its file. */
const FRAMINGS = { sse: SERVER_SENT_EVENTS, json: JSON_ARRAY, 'events.json': EVENT_STREAM, ndjson: JSON_LINES };

export function bytesOf(name: string): Buffer {
  const { ending = 'sse' } = STREAMS.find((stream) => stream.name === name) ?? {};
  const bytes = readFileSync(`${DIRECTORY}/${name}.${ending}`);
  if (ending !== 'events.json') return bytes;
  return Buffer.concat((JSON.parse(bytes.toString('utf8')) as readonly Recorded[]).map(encoded));
}

/** A message of a binary stream as it is recorded: in words, a chunk by what it holds. */
type Recorded = (Message | { readonly chunk: unknown }) & { readonly damaged?: boolean };

function encoded(recorded: Recorded): Buffer {
  const bytes = encodeMessage('chunk' in recorded ? chunkOf(recorded.chunk) : recorded);
  if (recorded.damaged === true) bytes[bytes.length - 6] = 0;
  return bytes;
}

export function framingOf({ ending = 'sse' }: RecordedStream): Framing {
  return FRAMINGS[ending];
}

export const ENCODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
};

export interface Metered {
  readonly usage: Usage | null;
  readonly done: boolean;
  readonly texts: readonly string[] | undefined;
  /** All bytes passed on, in one. */
  readonly passed: Buffer;
}

/** Sends chunks through a stream's meter to its end. */
export async function meterStream(
  dialect: DialectName,
  chunks: readonly Buffer[],
  { encoding = 'identity', strip = false, framing = SERVER_SENT_EVENTS } = {},
): Promise<Metered> {
  const meter = streamAnswer(DIALECTS[dialect], encoding, strip, framing);
  const passed: Buffer[] = [];
  for (const chunk of chunks) passed.push(...(await meter.push(chunk)));
  passed.push(...(await meter.end()));
  const { reported, done } = meter;
  return { usage: reported?.usage ?? null, done, texts: meter.texts(), passed: Buffer.concat(passed) };
}

/** The bytes in two chunks, cut at each place in turn, and once in chunks of a single byte. */
export function* everyCut(bytes: Buffer, step = 1): Generator<Buffer[]> {
  for (let at = 0; at <= bytes.length; at += step) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}

/** The bytes cut at these places, each a part of the whole from 0 to 1. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [...places.map((place) => Math.floor(place * bytes.length)), bytes.length].sort((a, b) => a - b);
  return cuts.map((cut, i) => bytes.subarray(cuts[i - 1] ?? 0, cut));
}
