/**
 * Guarantees that no TLS connection which a pattern covers leaves this process but to the gateway: `tls.connect` gives
 * out a gateway connection in its place, and beneath it Node's own `net.Socket.prototype.connect` refuses what came by
 * any other way. Plain connections are redirected right there. All other connections are Node's own, untouched.
 *
 * Mocking libraries put themselves over `net.Socket.prototype.connect` and must see a call before we take it away; so do
 * observers, which must not hide one from us. Both look alike from outside. Hence the trial: Node's own `tls.connect`
 * runs, and where its connection comes through to Node untouched nobody mocked it, so it is dropped before it dials.
 */
import { EventEmitter } from 'node:events';
import net, { type Socket } from 'node:net';
import tls, { TLSSocket } from 'node:tls';
import type { HookConfig } from './config.js';
import { isLocalPath, portOf, readConnectCall, readTlsCall, type ConnectCall, type Options } from './call.js';
import { completeHandshake, disguiseHandle, disguiseSocket } from './disguise.js';
import { dial, isGateway, type Link } from './link.js';
import { authority, compileMatch, type Match, type Target } from './match.js';
import { replace, originalOf } from './patch.js';

interface Redirection {
  readonly link: Link;
  readonly tls: Match;
  readonly plain: Match;
  /** What the TLS socket that is being tried has shown so far; undefined outside a trial. */
  trial: { cameThrough: boolean } | undefined;
}

/** Patches `tls.connect` and `net.Socket.prototype.connect` for as long as the process lives. */
export function redirectConnections(config: HookConfig): void {
  const redirection: Redirection = {
    link: { config, connect: originalOf(net.Socket.prototype, 'connect') },
    tls: compileMatch(config.tls, 443),
    plain: compileMatch(config.plain, 80),
    trial: undefined,
  };
  const floor = floorOf(redirection);
  const tlsConnect = tlsConnectOf(redirection, floor);
  replace(net.Socket.prototype, 'connect', floor);
  replace(tls, 'connect', tlsConnect);
}

type AnyFunction = (...args: unknown[]) => unknown;

function tlsConnectOf(redirection: Redirection, floor: unknown): AnyFunction {
  const original = originalOf(tls, 'connect');
  const layering: unknown = Reflect.get(TLSSocket.prototype, '_start');
  return function connect(...args: unknown[]): unknown {
    const call = readTlsCall(args);
    const target = tlsTarget(redirection.tls, call.options);
    if (!target) return original(tls, args);
    const { socket: tunnel } = call.options;
    if (isTunnel(tunnel)) {
      const mocksLayers = Reflect.get(TLSSocket.prototype, '_start') !== layering;
      if (mocksLayers && isMocked(tunnel)) return original(tls, args);
    } else if (Reflect.get(net.Socket.prototype, 'connect') !== floor) {
      const mocked = tryMocks(redirection, () => original(tls, args));
      if (mocked) return mocked;
    }
    return gatewaySocket(redirection.link, target, call);
  };
}

/** Runs Node's own way as far as the floor; the socket where somebody mocks it, else undefined. */
function tryMocks(redirection: Redirection, connect: () => unknown): unknown {
  const trial = { cameThrough: false };
  redirection.trial = trial;
  try {
    const socket = connect();
    if (!trial.cameThrough) return socket;
    if (socket instanceof net.Socket) socket.on('error', ignore).destroy();
    return undefined;
  } finally {
    redirection.trial = undefined;
  }
}

/** Beneath every patch: what arrives here is about to be dialled. */
function floorOf(redirection: Redirection): AnyFunction {
  return function connect(this: unknown, ...args: unknown[]): unknown {
    if (this instanceof net.Socket && !isMocked(this) && takeOver(redirection, this, args)) return this;
    return redirection.link.connect(this, args);
  };
}

/** Dials the gateway or stops the socket; false where Node may dial what was asked for. */
function takeOver(redirection: Redirection, socket: Socket, args: readonly unknown[]): boolean {
  const call = readConnectCall(args);
  if (socket instanceof TLSSocket) return stopTls(redirection, socket, call.options);
  const target = plainTarget(redirection.plain, call.options);
  if (!target || isGateway(redirection.link, target)) return false;
  dial(redirection.link, socket, 'http', target, call);
  return true;
}

/** Stops a TLS socket that goes around `tls.connect`; false where it may go. */
function stopTls(redirection: Redirection, socket: TLSSocket, options: Options): boolean {
  const target = tlsTarget(redirection.tls, options);
  if (!target) return false;
  if (redirection.trial) redirection.trial.cameThrough = true;
  else socket.destroy(new Error(`token-budget: refused a TLS connection to ${authority(target)} around the gateway`));
  return true;
}

function gatewaySocket(link: Link, target: Target, call: ConnectCall): TLSSocket {
  const { options, callback } = call;
  // A socket that is a TLSSocket to `instanceof`, yet was never set up as one.
  const socket: unknown = Reflect.construct(
    net.Socket,
    [{ ...options, handle: undefined, fd: undefined, noDelay: true }],
    TLSSocket,
  );
  if (!(socket instanceof TLSSocket)) throw new TypeError('tls.TLSSocket is no socket');
  disguiseSocket(socket, options, target);
  if (callback) socket.once('secureConnect', callback);
  if (typeof options.timeout === 'number' && !options.socket) socket.setTimeout(options.timeout);
  dial(link, socket, 'https', target, { options: {}, callback: undefined });
  socket.once('connect', () => {
    completeHandshake(socket, options);
  });
  disguiseHandle(socket, options, target);
  if (isTunnel(options.socket)) retire(options.socket, socket);
  return socket;
}

/** The interceptors of nock and msw give a socket that they play a `connect` of its own. */
function isMocked(socket: object): boolean {
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

/** A stream that the caller wants TLS upon: usually what a proxy's CONNECT left behind, of any class. */
function isTunnel(value: unknown): value is EventEmitter & { destroy: () => unknown } {
  return value instanceof EventEmitter && 'destroy' in value && typeof value.destroy === 'function';
}

/**
 * Leaves a tunnel unused for as long as the connection in its place lives. Closing it at once would close what a
 * mocking library has built upon it; kept, it must neither keep the process alive nor end it by an error.
 */
function retire(tunnel: EventEmitter & { destroy: () => unknown }, successor: TLSSocket): void {
  tunnel.on('error', ignore);
  if (tunnel instanceof net.Socket) tunnel.unref();
  successor.once('close', () => tunnel.destroy());
}

function plainTarget(match: Match, options: Options): Target | undefined {
  if (isLocalPath(options)) return undefined;
  return match(typeof options.host === 'string' ? options.host : 'localhost', portOf(options.port) ?? 0);
}

function ignore(): void {
  // A connection that is not used has nobody to tell.
}
