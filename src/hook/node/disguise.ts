/**
 * Makes a plain connection to the gateway answer like the TLS connection that its caller asked for. The TLS that counts
 * is the gateway's own, with the provider's certificate checked there; what is shown here only has to satisfy code that
 * looks. The answers sit on the socket's handle, because that is where `tls.TLSSocket` asks, and so does a mocking
 * library's socket that takes the handle over.
 */
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Options } from './call.js';
import type { Target } from './match.js';

type Protocol = 'h2' | 'http/1.1';

/** HTTP/2 only for a caller that would speak nothing else. */
function chooseProtocol(offered: unknown): Protocol {
  const names = offered instanceof Uint8Array ? [String.fromCharCode(...offered.subarray(1))] : offered;
  return Array.isArray(names) && names.length === 1 && String(names[0]) === 'h2' ? 'h2' : 'http/1.1';
}

/** Gives the socket a TLS socket's properties before its handshake. */
export function disguiseSocket(socket: TLSSocket, options: Options, target: Target): void {
  const servername = typeof options.servername === 'string' ? options.servername : target.host;
  const shown: Partial<TLSSocket> = {
    encrypted: true,
    authorized: false,
    alpnProtocol: null,
    renegotiate: (_options, callback) => {
      process.nextTick(callback, null);
      return undefined;
    },
  };
  const inner: Options = {
    authorizationError: null,
    secureConnecting: true,
    servername: isIP(servername) ? false : servername,
    setServername: (name: string) => {
      Object.assign(socket, { servername: name });
    },
    setKeyCert: nothing,
  };
  Object.assign(socket, shown, inner);
}

/** Answers for the handle; call it once the socket has one. */
export function disguiseHandle(socket: TLSSocket, options: Options, target: Target): void {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  const protocol = chooseProtocol(options.ALPNProtocols);
  Object.assign(handle, SESSION_ANSWERS, {
    getALPNNegotiatedProtocol: () => protocol,
    getPeerCertificate: () => certificateFor(target.host),
    getServername: () => Reflect.get(socket, 'servername'),
  });
  Object.assign(socket, { ssl: handle });
}

/** Ends the seeming handshake: sets what a verified connection shows, then tells the listeners as TLS does. */
export function completeHandshake(socket: TLSSocket, options: Options): void {
  socket.authorized = true;
  socket.alpnProtocol = chooseProtocol(options.ALPNProtocols);
  // Listeners of `connect` may still want to listen for what follows it.
  process.nextTick(() => {
    if (socket.destroyed) return;
    Object.assign(socket, { secureConnecting: false });
    socket.emit('secure');
    socket.emit('secureConnect');
  });
}

const CIPHER = {
  name: 'TLS_AES_256_GCM_SHA384',
  standardName: 'TLS_AES_256_GCM_SHA384',
  version: 'TLSv1.3',
};

const SESSION_ANSWERS: Options = {
  verifyError: () => null,
  isSessionReused: () => false,
  getProtocol: () => CIPHER.version,
  getCipher: () => ({ ...CIPHER }),
  getEphemeralKeyInfo: () => ({}),
  getSharedSigalgs: () => [],
  getCertificate: () => ({}),
  getSession: nothing,
  setSession: nothing,
  getTLSTicket: nothing,
  getFinished: nothing,
  getPeerFinished: nothing,
  getPeerX509Certificate: nothing,
  getX509Certificate: nothing,
  setMaxSendFragment: () => 1,
  enableTrace: nothing,
};

/** No certificate of the provider is at hand; this one passes the check of names. */
function certificateFor(host: string): Options {
  const kind = isIP(host) ? 'IP Address' : 'DNS';
  return {
    subject: { CN: host },
    issuer: { CN: 'token-budget gateway' },
    subjectaltname: `${kind}:${host}`,
    valid_from: 'Jan  1 00:00:00 2000 GMT',
    valid_to: 'Dec 31 23:59:59 2099 GMT',
  };
}

function nothing(): undefined {
  return undefined;
}
