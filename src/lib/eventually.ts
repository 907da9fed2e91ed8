/** A value that is there, or that will be. */
export type Eventually<Value> = Value | Promise<Value>;

/**
 * Goes on at once where the value is there, so that what has nothing to wait for costs no wait. Throws what `next` throws
 * then, and rejects otherwise.
 */
export function after<Value, Next>(
  value: Eventually<Value>,
  next: (value: Value) => Eventually<Next>,
): Eventually<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
