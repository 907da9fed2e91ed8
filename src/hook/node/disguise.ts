/**
 * Makes a TLS socket that was given a plain connection to the gateway go on as if its handshake had taken place. The TLS
 * that counts is the gateway's own, with the provider's certificate checked there; what is shown here only has to
 * satisfy code that looks. The answers sit on the handle, because that is where `tls.TLSSocket` asks, and so does a
 * mocking library's socket that takes the handle over.
 */
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Options } from './call.js';
import type { Target } from './match.js';

/**
 * Call it once the socket has its new handle.
 * @param previous the handle that spoke TLS: whatever it can do, the new one must at least not lack
 */
export function disguise(socket: TLSSocket, previous: object, options: Options, target: Target): void {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  const state: Handshake = {
    done: false,
    protocol: chooseProtocol(options.ALPNProtocols),
    servername: typeof options.servername === 'string' ? options.servername : target.host,
  };
  for (const name in previous) if (!(name in handle)) Object.assign(handle, { [name]: nothing });
  Object.assign(handle, answersFor(state, target));
  Object.assign(socket, { ssl: handle, renegotiate });
  socket.once('connect', () => {
    completeHandshake(socket, state);
  });
  socket.prependOnceListener('secureConnect', () => {
    state.done = true;
  });
}

interface Handshake {
  done: boolean;
  readonly protocol: 'h2' | 'http/1.1';
  servername: string;
}

/** Node's own listener of `secure` verifies what the handle shows, then tells the caller. */
function completeHandshake(socket: TLSSocket, state: Handshake): void {
  socket.alpnProtocol = state.protocol;
  Object.assign(socket, { servername: isIP(state.servername) ? false : state.servername });
  // Listeners of `connect` may still want to listen for what follows it.
  process.nextTick(() => {
    if (!socket.destroyed) socket.emit('secure');
  });
}

/** HTTP/2 only for a caller that would speak nothing else. */
function chooseProtocol(offered: unknown): 'h2' | 'http/1.1' {
  const names = offered instanceof Uint8Array ? [String.fromCharCode(...offered.subarray(1))] : offered;
  return Array.isArray(names) && names.length === 1 && String(names[0]) === 'h2' ? 'h2' : 'http/1.1';
}

function answersFor(state: Handshake, target: Target): Options {
  return {
    verifyError: () => null,
    // A resumed session is one whose certificate needs no second look, which keeps pinned certificates from failing.
    isSessionReused: () => !state.done,
    getProtocol: () => CIPHER.version,
    getCipher: () => ({ ...CIPHER }),
    getEphemeralKeyInfo: () => ({}),
    getSharedSigalgs: () => [],
    getCertificate: () => ({}),
    getPeerCertificate: () => certificateFor(target.host),
    getALPNNegotiatedProtocol: () => state.protocol,
    getServername: () => state.servername,
    setServername: (name: string) => {
      state.servername = name;
    },
    setMaxSendFragment: () => 1,
  };
}

const CIPHER = {
  name: 'TLS_AES_256_GCM_SHA384',
  standardName: 'TLS_AES_256_GCM_SHA384',
  version: 'TLSv1.3',
};

/** No certificate of the provider is at hand; this one passes the check of names. */
function certificateFor(host: string): Options {
  return {
    subject: { CN: host },
    issuer: { CN: 'token-budget gateway' },
    subjectaltname: `${isIP(host) ? 'IP Address' : 'DNS'}:${host}`,
    valid_from: 'Jan  1 00:00:00 2000 GMT',
    valid_to: 'Dec 31 23:59:59 2099 GMT',
  };
}

function renegotiate(_options: unknown, callback?: (error: null) => void): boolean {
  if (callback) process.nextTick(callback, null);
  return true;
}

function nothing(): undefined {
  return undefined;
}
