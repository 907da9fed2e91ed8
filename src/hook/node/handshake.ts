/**
 * Watches for TLS upon streams that are connected already. Such a socket never dials, so the only place beneath all
 * patches is its handle, where the handshake starts. What is used of Node's inside here is checked when the watch
 * begins: a Node where it is missing gets an error in place of a connection that nobody watches.
 */
import { Socket } from 'node:net';
import { isOptions, type Options } from './call.js';
import { originalOf, replace } from './patch.js';

/** Loads `node:tls`, which takes longer than all else that the hook does. */
export type LoadTls = () => unknown;

/** Takes the socket over before its handshake; false where the handshake may go on. */
type TakeOver = (socket: object, options: Options) => boolean;

/**
 * Patches the start of all TLS handshakes that clients make upon a stream.
 * @param sample any TLS socket, whose handle shows what to patch; without one a socket is made for it
 * @throws TypeError where this Node's TLS sockets are built in another way
 */
export function watchHandshakes(sample: Socket | undefined, loadTls: LoadTls, takeOver: TakeOver): void {
  const socket = sample ?? makeSample(loadTls());
  const handle: unknown = Reflect.get(socket, '_handle');
  const prototype = ownerOfStart(handle);
  const start = originalOf(prototype, 'start');
  if (bySymbol(handle, 'owner_symbol') !== socket) throw new TypeError('this Node hides the owner of a handle');
  replace(prototype, 'start', function (this: object, ...args: unknown[]): unknown {
    const starting = bySymbol(this, 'owner_symbol');
    const options = layeredOptions(starting, this);
    return isOptions(starting) && options && takeOver(starting, options) ? 0 : start(this, args);
  });
  if (!sample) socket.destroy();
}

/** Root certificates take long to load and nothing is ever verified by this one. */
function makeSample(tls: unknown): Socket {
  if (!isOptions(tls) || typeof tls.TLSSocket !== 'function') throw new TypeError('this Node has no TLS sockets');
  const secureContext = originalOf(tls, 'createSecureContext')(tls, [{ ca: [] }]);
  const made: unknown = Reflect.construct(tls.TLSSocket, [undefined, { secureContext }]);
  if (made instanceof Socket) return made;
  throw new TypeError('this Node makes TLS sockets in another way');
}

function ownerOfStart(handle: unknown): object {
  let owner = handle;
  while (isOptions(owner)) {
    if (Object.hasOwn(owner, 'start')) return owner;
    owner = Object.getPrototypeOf(owner);
  }
  throw new TypeError('this Node starts TLS handshakes in another way');
}

/** What a client asked of TLS upon a stream; undefined for servers and for sockets that dial themselves. */
function layeredOptions(socket: unknown, handle: object): Options | undefined {
  const own: unknown = isOptions(socket) ? socket._tlsOptions : undefined;
  const stream: unknown = Reflect.get(handle, '_parentWrap');
  if (!stream || (isOptions(own) && own.isServer === true)) return undefined;
  const asked = bySymbol(socket, 'connect-options');
  const servername = originalOf(handle, 'getServername')(handle, []);
  return { servername, ...(isOptions(asked) ? asked : undefined), socket: stream };
}

/** Node keeps a handle's socket and a socket's options under symbols of its own. */
function bySymbol(holder: unknown, description: string): unknown {
  if (!isOptions(holder)) return undefined;
  const symbol = Object.getOwnPropertySymbols(holder).find((candidate) => candidate.description === description);
  return symbol && holder[symbol];
}
