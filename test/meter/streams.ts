import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { DialectName } from '../../src/domain/call.js';
import type { Usage } from '../../src/domain/usage.js';
import { streamAnswer } from '../../src/meter/answer.js';
import { JSON_LINES, SERVER_SENT_EVENTS, type Framing } from '../../src/meter/framing.js';
import { DIALECTS } from '../../src/meter/dialects/index.js';

/** A stream as a provider sends it, and what is known once it has ended. */
export interface RecordedStream {
  readonly name: string;
  readonly dialect: DialectName;
  readonly expect: Usage | null;
  readonly done: boolean;
  /** Name of the stream that the provider sends for the same answer where `include_usage` is not set. */
  readonly without?: string;
  /** How its events are framed, where that is not as server-sent events. */
  readonly framing?: 'ndjson';
}

const DIRECTORY = 'test/fixtures/streams';

export const STREAMS = JSON.parse(readFileSync(`${DIRECTORY}/index.json`, 'utf8')) as readonly RecordedStream[];

export function bytesOf(name: string): Buffer {
  return readFileSync(`${DIRECTORY}/${name}.${framingName(name)}`);
}

/** The framing of a recorded stream. */
export function framingOf(name: string): Framing {
  return framingName(name) === 'ndjson' ? JSON_LINES : SERVER_SENT_EVENTS;
}

function framingName(name: string): string {
  return STREAMS.find((stream) => stream.name === name)?.framing ?? 'sse';
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
export function* everyCut(bytes: Buffer): Generator<Buffer[]> {
  for (let at = 0; at <= bytes.length; at += 1) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}

/** The bytes cut at these places, each a part of the whole from 0 to 1. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [...places.map((place) => Math.floor(place * bytes.length)), bytes.length].sort((a, b) => a - b);
  return cuts.map((cut, i) => bytes.subarray(cuts[i - 1] ?? 0, cut));
}
