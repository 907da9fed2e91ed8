/** How the events of a streamed answer are cut from its bytes: by its media type, whatever the format of the events. */
import { elementText, JsonArraySplitter } from './json-array.js';
import { eventStreamData, EventStreamSplitter } from './aws-event-stream.js';
import { LineSplitter } from './lines.js';
import { sseData, SseSplitter } from './sse.js';

/** Cuts a stream into blocks without changing a byte. */
export interface Splitter {
  /** The blocks that this chunk completes, each whole. */
  push(chunk: Buffer): Buffer[];
  /** What is left when the stream ends: an unfinished block, or nothing. */
  rest(): Buffer;
}

export interface Framing {
  splitter(): Splitter;
  /** The text of a block's event; empty where it carries none. */
  data(block: Buffer): string;
}

export const SERVER_SENT_EVENTS: Framing = { splitter: () => new SseSplitter(), data: sseData };

export const JSON_LINES: Framing = {
  splitter: () => new LineSplitter(),
  data: (block) => block.toString('utf8').trim(),
};

export const JSON_ARRAY: Framing = { splitter: () => new JsonArraySplitter(), data: elementText };
export const EVENT_STREAM: Framing = { splitter: () => new EventStreamSplitter(), data: eventStreamData };

/** Media types of streams; Cohere's first interface streams lines as `application/stream+json`. */
const FRAMINGS: ReadonlyMap<string, Framing> = new Map([
  ['text/event-stream', SERVER_SENT_EVENTS],
  ['application/x-ndjson', JSON_LINES],
  ['application/ndjson', JSON_LINES],
  ['application/stream+json', JSON_LINES],
  ['application/vnd.amazon.eventstream', EVENT_STREAM],
]);

/**
 * The framing of an answer by its Content-Type; undefined where it is not a stream of events.
 * @param array JSON is streamed as an array of events, where the request asked for that
 */
export function framingOf(contentType: string, array = false): Framing | undefined {
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  return array && type === 'application/json' ? JSON_ARRAY : FRAMINGS.get(type);
}
