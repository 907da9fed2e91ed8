import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import type { Readable } from 'node:stream';
import { hostName, type Route } from './route.js';

/** A request as it goes upstream. */
export interface Outgoing {
  readonly origin: Route;
  readonly method: string;
  /** Request target, byte for byte as the client sent it. */
  readonly path: string;
  /** Name, value, name, value, … in the client's order and spelling. */
  readonly headers: readonly string[];
  readonly body: Buffer | Readable | undefined;
}

/** The upstream's answer, or why there is none. */
export type Forwarded =
  | { readonly answer: IncomingMessage }
  | { readonly error: Error; /** Bytes may have reached the upstream, so it may bill. */ readonly sent: boolean };

/** Longest silence of an upstream before its connection is given up, in ms: slower than any client's own time-out. */
const IDLE_MS = 15 * 60_000;

/**
 * Sends requests upstream over kept-alive connections, through HTTP_PROXY / HTTPS_PROXY unless NO_PROXY names the
 * host. Certificates are checked against Node's roots and NODE_EXTRA_CA_CERTS. Redirects are not followed.
 */
export class Forwarder {
  readonly #agents = new Map<string, http.Agent>();

  send(outgoing: Outgoing, abort: AbortSignal): Promise<Forwarded> {
    const { origin, method, path, headers, body } = outgoing;
    const { request } = origin.scheme === 'https' ? https : http;
    const options = { host: origin.host, port: origin.port, method, path, headers, setHost: false, signal: abort };
    return new Promise((resolve) => {
      // Node takes a flat list of names and values too (http.request, "headers"); its types know objects only.
      const sending = request({ ...options, agent: this.#agentFor(origin) } as http.RequestOptions);
      const sent = watchConnection(sending);
      sending.setTimeout(IDLE_MS, () => sending.destroy(new Error('the upstream was silent for too long')));
      sending.on('response', (answer) => resolve({ answer }));
      sending.on('upgrade', (_, socket) => socket.destroy());
      sending.on('error', (error) => resolve({ error, sent: sent() }));
      if (body === undefined || Buffer.isBuffer(body)) sending.end(body);
      else body.pipe(sending);
    });
  }

  /** Ends all connections, those in use too. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #agentFor(origin: Route): http.Agent {
    const key = `${origin.scheme} ${origin.host} ${origin.port}`;
    const known = this.#agents.get(key);
    if (known) return known;
    const agent = newAgent(origin);
    this.#agents.set(key, agent);
    return agent;
  }
}

function newAgent(origin: Route): http.Agent {
  const options = { keepAlive: true, maxFreeSockets: 256 };
  const proxy = getProxyForUrl(`${origin.scheme}://${hostName(origin)}`);
  if (proxy === '') return origin.scheme === 'https' ? new https.Agent(options) : new http.Agent(options);
  return origin.scheme === 'https' ? new HttpsProxyAgent(proxy, options) : new HttpProxyAgent(proxy, options);
}

/** Tells whether a connection stood, and so whether bytes may have left. */
function watchConnection(request: ClientRequest): () => boolean {
  let connected = false;
  request.on('socket', (socket) => {
    if (!socket.connecting) connected = true;
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => (connected = true));
  });
  return () => connected;
}
