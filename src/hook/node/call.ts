/**
 * The arguments of `net.Socket.prototype.connect` in their many forms, read as Node itself reads them: whatever Node
 * would connect to is what gets matched.
 */

/** Options as a caller gave them; nothing about their values is known. */
export type Options = Readonly<Record<PropertyKey, unknown>>;

/** The caller's own function, never a wrapper: callers remove it from the socket's listeners by identity. */
type Listener = (...args: unknown[]) => void;

/** What a caller asked `connect` for. */
export interface ConnectCall {
  readonly options: Options;
  readonly callback: Listener | undefined;
}

/** Reads (options, cb), (port, host, cb), (path, cb) and the list that Node's own layers hand each other. */
export function readConnectCall(args: readonly unknown[]): ConnectCall {
  const [first] = args;
  if (Array.isArray(first)) return readConnectCall(first);
  return { options: isOptions(first) ? first : placeOf(first, args[1]), callback: lastFunction(args) };
}

/** A port number from a number or its text; undefined where there is none or it is 0. */
export function portOf(value: unknown): number | undefined {
  const port = typeof value === 'string' ? Number(value) : value;
  return typeof port === 'number' && port > 0 ? port : undefined;
}

/** Whether these options name a socket file or a pipe rather than a host. */
export function isLocalPath(options: Options): boolean {
  return typeof options.path === 'string' && options.path !== '';
}

function placeOf(first: unknown, second: unknown): Options {
  if (typeof first === 'string' && !(Number(first) >= 0)) return { path: first };
  return typeof second === 'string' ? { port: first, host: second } : { port: first };
}

/** Any object, to be read by name. */
export function isOptions(value: unknown): value is Options {
  return typeof value === 'object' && value !== null;
}

function lastFunction(args: readonly unknown[]): Listener | undefined {
  const last = args.at(-1);
  return isFunction(last) ? last : undefined;
}

function isFunction(value: unknown): value is Listener {
  return typeof value === 'function';
}
