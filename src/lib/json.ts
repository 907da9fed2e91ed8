/** JSON from outside, read without trust: what is not of the wanted kind is undefined. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: no array, not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at a path of keys, or an empty one. */
export function objectAt(value: unknown, ...path: readonly string[]): JsonObject {
  let current = value;
  for (const key of path) current = isObject(current) ? current[key] : undefined;
  return isObject(current) ? current : {};
}

/** A value that is a text; undefined for any other. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A whole count of 0 or more; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/**
 * A count as providers state it, floats too, in whole tokens rounded up; undefined for what is none: a string, a
 * negative number, or one past 2^53 − 1, which no call can reach.
 */
export function reportedCount(value: unknown): number | undefined {
  if (typeof value !== 'number' || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return undefined;
  return Math.ceil(value);
}

/** A number as servers read one, written as a number or as text, in whole tokens rounded up; undefined where it is none. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return undefined;
  return Math.min(Math.ceil(number), Number.MAX_SAFE_INTEGER);
}

/** Parses JSON that should be an object; undefined where it is not. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Every object within a value, itself included, in no order; nothing here recurses. */
export function* objectsIn(value: unknown): Generator<JsonObject> {
  const stack: unknown[] = [value];
  for (let each = stack.pop(); each !== undefined; each = stack.pop()) {
    if (isObject(each)) yield each;
    const children: readonly unknown[] = Array.isArray(each) ? each : isObject(each) ? Object.values(each) : [];
    for (const child of children) if (typeof child === 'object' && child !== null) stack.push(child);
  }
}
