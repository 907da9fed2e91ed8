/**
 * Members that a JSON text states twice. JSON.parse takes the last, other servers take the first or refuse: what a budget
 * goes by must be the dearer of the two readings.
 */
import { isObject, type JsonObject, numberIn } from '../lib/json.js';
import { memberSpans, type MemberSpan } from './json-text.js';

/** A body as the dearest reader has it. */
export interface Reading {
  readonly body: JsonObject;
  /** A member is repeated of whose readings nobody can tell which is the dearer. */
  readonly unclear: boolean;
}

/** How deep objects are looked into: where formats state bounds. */
const DEPTH = 3;

/**
 * @param text an object that JSON.parse takes
 * @param body the same, parsed
 */
export function dearestReading(text: string, body: JsonObject): Reading {
  return readingOf(text, body, DEPTH);
}

function readingOf(text: string, body: JsonObject, depth: number): Reading {
  const changed: Record<string, unknown> = {};
  let unclear = false;
  for (const [key, spans] of byKey(memberSpans(text))) {
    const values = spans.map(({ value, end }) => text.slice(value, end));
    const reading = values.length > 1 ? largestOf(values) : within(values[0] ?? '', body[key], depth);
    if (!reading) continue;
    if (reading.value !== undefined) changed[key] = reading.value;
    unclear ||= reading.unclear;
  }
  return { body: Object.keys(changed).length === 0 ? body : { ...body, ...changed }, unclear };
}

interface Value {
  readonly value?: unknown;
  readonly unclear: boolean;
}

/** Of numbers the largest; alike ones are not in question; what else may differ in any way. */
function largestOf(texts: readonly string[]): Value {
  if (texts.every((text) => text === texts[0])) return { unclear: false };
  const numbers = texts.map((text) => numberIn(JSON.parse(text)));
  if (numbers.some((number) => number === undefined)) return { unclear: true };
  return { value: Math.max(...numbers.map((number) => number ?? 0)), unclear: false };
}

function within(text: string, value: unknown, depth: number): Value | undefined {
  if (depth === 1 || !isObject(value)) return undefined;
  const { body, unclear } = readingOf(text, value, depth - 1);
  return { unclear, ...(body !== value && { value: body }) };
}

function byKey(spans: readonly MemberSpan[]): ReadonlyMap<string, readonly MemberSpan[]> {
  const found = new Map<string, MemberSpan[]>();
  for (const span of spans) found.set(span.key, [...(found.get(span.key) ?? []), span]);
  return found;
}
