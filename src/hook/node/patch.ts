/**
 * Reading and replacing functions of Node's own modules. A replacement keeps its property's other attributes, so that
 * mocking libraries which patch and restore the same property find what they expect.
 */

/** A function taken from its owner before anyone could replace it, to be called with its receiver and arguments. */
export type Original = (self: unknown, args: readonly unknown[]) => unknown;

/** The owner's function. @throws TypeError where this Node has none of that name */
export function originalOf(owner: object, name: string): Original {
  const value: unknown = Reflect.get(owner, name);
  if (typeof value !== 'function') throw new TypeError(`this Node has no function ${name}`);
  return (self, args): unknown => Reflect.apply(value, self, args);
}

/** Replaces a property of its owner, and keeps the property's other attributes. */
export function replace(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { ...Object.getOwnPropertyDescriptor(owner, name), value });
}
