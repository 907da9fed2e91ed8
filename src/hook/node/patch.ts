/**
 * Reading and replacing functions of Node's own modules. A replacement keeps its property's other attributes, so that
 * mocking libraries which patch and restore the same property find what they expect.
 */

/** A function taken from its owner before anyone could replace it, to be called with its receiver and arguments. */
export type Original = (self: unknown, args: readonly unknown[]) => unknown;

/** The owner's function; undefined where this Node has none of that name. */
export function originalOf(owner: object, name: string): Original | undefined {
  const value: unknown = Reflect.get(owner, name);
  return typeof value === 'function' ? (self, args): unknown => Reflect.apply(value, self, args) : undefined;
}

/** As `originalOf`, for a function that no Node lacks. @throws TypeError where it does */
export function requiredOriginal(owner: object, name: string): Original {
  const original = originalOf(owner, name);
  if (!original) throw new TypeError(`this Node has no function ${name}`);
  return original;
}

export function replace(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { ...Object.getOwnPropertyDescriptor(owner, name), value });
}
