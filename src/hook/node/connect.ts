/**
 * Guarantees that no TLS connection which a pattern covers leaves this process but to the gateway, whichever way it was
 * made: Node's own `net.Socket.prototype.connect` lies beneath every client and every patch, and there a covered socket
 * is dialled to the gateway instead. TLS upon a stream that is connected already (a proxy's tunnel) is caught where its
 * handshake would start. Connections that no pattern covers are Node's own, untouched.
 *
 * Being beneath is what keeps mocked tests mocked: a mocking library answers its calls above and lets only the rest
 * through. It is also what makes the hook cheap, as `tls` is loaded by those who use it and not at start-up.
 */
import { EventEmitter } from 'node:events';
import net, { type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isLocalPath, portOf, readConnectCall, type ConnectCall, type Options } from './call.js';
import type { HookConfig } from './config.js';
import { disguise } from './disguise.js';
import { watchHandshakes, type LoadTls } from './handshake.js';
import { dial, isGateway, type Link } from './link.js';
import { compileMatch, type Match, type Target } from './match.js';
import { originalOf, replace } from './patch.js';
import { sightings } from './watch.js';

interface Redirection {
  readonly link: Link;
  readonly tls: Match;
  readonly plain: Match;
  readonly watch: Match;
  readonly tell: (target: Target) => void;
}

/**
 * Patches `net.Socket.prototype.connect` for as long as the process lives, and the start of TLS handshakes as soon as
 * there is a connection that one could be made upon.
 */
export function redirectConnections(config: HookConfig, loadTls: LoadTls): void {
  const link: Link = { config, connect: originalOf(net.Socket.prototype, 'connect') };
  const redirection: Redirection = {
    link,
    tls: compileMatch(config.tls, 443),
    plain: compileMatch(config.plain, 80),
    watch: compileMatch(config.watch ?? [], 443),
    tell: sightings(link),
  };
  let watching = false;
  replace(net.Socket.prototype, 'connect', function connect(this: unknown, ...args: unknown[]): unknown {
    if (!(this instanceof net.Socket)) return redirection.link.connect(this, args);
    if (!watching) {
      watching = true;
      watchHandshakes(isTls(this) ? this : undefined, loadTls, (socket, options) =>
        takeOverLayered(redirection, socket, options),
      );
    }
    const taken = !isMocked(this) && takeOver(redirection, this, readConnectCall(args));
    return taken ? this : redirection.link.connect(this, args);
  });
}

/** Dials the gateway; false where Node may dial what was asked for. */
function takeOver(redirection: Redirection, socket: Socket, call: ConnectCall): boolean {
  if (isTls(socket)) return redirectTls(redirection, socket, call);
  const target = plainTarget(redirection.plain, call.options);
  if (!target || isGateway(redirection.link, target)) return false;
  dial(redirection.link, socket, 'http', target, call);
  return true;
}

function takeOverLayered(redirection: Redirection, socket: object, options: Options): boolean {
  return (
    socket instanceof net.Socket && isTls(socket) && redirectTls(redirection, socket, { options, callback: undefined })
  );
}

/** Gives a TLS socket before its handshake a plain connection to the gateway; false where no pattern covers it. */
function redirectTls(redirection: Redirection, socket: TLSSocket, call: ConnectCall): boolean {
  const { options } = call;
  const target = tlsTarget(redirection.tls, options);
  if (!target) {
    const watched = tlsTarget(redirection.watch, options);
    if (watched) redirection.tell(watched);
    return false;
  }
  const previous = takeHandle(socket);
  if (isTunnel(options.socket)) retire(options.socket, socket, previous);
  else originalOf(previous, 'close')(previous, []);
  socket.setNoDelay(true);
  dial(redirection.link, socket, 'https', target, call);
  disguise(socket, previous, options, target);
  return true;
}

/** Takes away what would have spoken TLS. */
function takeHandle(socket: TLSSocket): object {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) throw new TypeError('this Node gives a TLS socket no handle');
  Object.assign(socket, { _handle: null, _parent: null });
  return handle;
}

/**
 * Leaves a tunnel unused for as long as the connection in its place lives. Closing it at once would close what a mocking
 * library has built upon it; kept, it must not keep the process alive, and its end must not end its successor.
 */
function retire(tunnel: Stream, successor: TLSSocket, handle: object): void {
  const stream: unknown = Reflect.get(handle, '_parentWrap');
  const wrapped = isTunnel(stream) ? stream : tunnel;
  for (const listener of wrapped.listeners('close')) {
    // Node's own, which no name tells; where it reads otherwise the two just end together.
    if (String(listener) === '() => this.destroy()') originalOf(wrapped, 'off')(wrapped, ['close', listener]);
  }
  Object.assign(successor, { _emitTLSError: ignore });
  tunnel.on('error', ignore);
  if (tunnel instanceof net.Socket) tunnel.unref();
  successor.once('close', () => tunnel.destroy());
}

/** Told by its marks, since `instanceof` would take loading `tls`. */
function isTls(socket: Socket): socket is TLSSocket {
  return Reflect.get(socket, 'encrypted') === true && typeof Reflect.get(socket, '_start') === 'function';
}

/** The interceptors of nock and msw give a socket that they play a `connect` of its own. */
function isMocked(socket: Socket): boolean {
  return Object.hasOwn(socket, 'connect');
}

/**
 * Either name may be the provider's: agents for proxies leave out host and port and name it as `servername` only, and
 * whoever dials an address still has to name it there.
 */
function tlsTarget(match: Match, options: Options): Target | undefined {
  const layered = isTunnel(options.socket);
  if (isLocalPath(options) && !layered) return undefined;
  const port = portOf(options.port) ?? (layered ? undefined : 443);
  const named = (name: unknown): Target | undefined => (typeof name === 'string' ? match(name, port) : undefined);
  return named(options.host) ?? named(options.servername);
}

function plainTarget(match: Match, options: Options): Target | undefined {
  if (isLocalPath(options)) return undefined;
  return match(typeof options.host === 'string' ? options.host : 'localhost', portOf(options.port) ?? 0);
}

type Stream = EventEmitter & { destroy: () => unknown };

/** A stream that the caller wants TLS upon: usually what a proxy's CONNECT left behind, of any class. */
function isTunnel(value: unknown): value is Stream {
  return value instanceof EventEmitter && 'destroy' in value && typeof value.destroy === 'function';
}

function ignore(): void {
  // A connection that is not used has nobody to tell.
}
