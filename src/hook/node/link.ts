/**
 * The way to the gateway: a plain loopback connection whose first bytes are the preamble. It is dialled with Node's own
 * `connect`, kept from before any other code ran, so that neither a mocking library nor an observer sees it. Where the
 * gateway is gone the caller gets the connection error; there is no other way out.
 */
import type { Socket } from 'node:net';
import { ROUTE_WORD, type HookConfig } from './config.js';
import { authority, type Target } from './match.js';
import type { ConnectCall, Options } from './call.js';
import type { Original } from './patch.js';

/** The way to the gateway. */
export interface Link {
  readonly config: Pick<HookConfig, 'port' | 'secret'>;
  /** Node's own `net.Socket.prototype.connect`. */
  readonly connect: Original;
}

/** What steers a connection elsewhere; none of it applies to the gateway. */
const STEERING: Options = {
  path: undefined,
  lookup: undefined,
  family: undefined,
  localAddress: undefined,
  localPort: undefined,
  socket: undefined,
};

/**
 * Connects the socket to the gateway, bound for the target.
 *
 * The preamble is written at once and corked until the connection stands: then it and all that the caller wrote
 * meanwhile leave together, in one packet and in this order, before any other listener of `connect` can take the
 * handle over.
 */
export function dial(link: Link, socket: Socket, scheme: 'https' | 'http', target: Target, call: ConnectCall): void {
  socket.cork();
  socket.write(`${ROUTE_WORD} ${link.config.secret} ${scheme} ${authority(target)}\r\n`);
  socket.once('connect', () => {
    socket.uncork();
  });
  const place = { ...call.options, ...STEERING, host: '127.0.0.1', port: link.config.port };
  link.connect(socket, call.callback ? [place, call.callback] : [place]);
}

/** Whether a connection is the user's own to the gateway's port, which is nothing to redirect. */
export function isGateway(link: Link, target: Target): boolean {
  return target.port === link.config.port && (target.host === '127.0.0.1' || target.host === 'localhost');
}
