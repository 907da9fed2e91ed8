import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Signal } from '../lib/one-shot-signal.js';
import { sendBody } from './body-stream.js';
import { exchangeHttp2, Http2Sessions } from './http2-client.js';
import type { Forwarded, Outgoing } from './message.js';
import { endAfter, PATIENCE, type Patience } from './upstream-timeouts.js';
import { authorization, proxyFor, requestBy } from './proxy.js';
import { hostName, originOf, type Origin } from './origin.js';

/** How an origin is reached: directly, through a proxy's tunnel (https), or by asking a proxy for it (http). */
interface Way {
  readonly request: typeof http.request;
  readonly options: http.RequestOptions & { readonly agent: http.Agent };
  /** What stands before the path in the request line: the origin, where a proxy is asked for it. */
  readonly prefix: string;
  readonly headers: readonly string[];
}

/**
 * How long an unused connection is kept, in ms. An upstream may close one at any moment, and a request that crosses
 * with that costs its whole hold and is not sent again: nobody can tell whether it was read. So a connection is given
 * up before servers do by their defaults (gunicorn after 2 s, uvicorn and Node after 5 s), and Node's agent does not
 * use one again whose Keep-Alive header announces less.
 */
const KEEP_MS = 1_500;

/** Longest head of an answer, in bytes: no shorter than what any client takes. */
const HEAD_CAP = 256 * 1024;

/**
 * Sends requests upstream over kept-alive connections, through HTTP_PROXY / HTTPS_PROXY unless NO_PROXY names the
 * host. Certificates are checked against Node's roots and NODE_EXTRA_CA_CERTS. Redirects are not followed.
 */
export class Forwarder {
  readonly #ways = new Map<string, Way>();
  readonly #sessions = new Http2Sessions();
  readonly #patience: Patience;

  constructor(patience = PATIENCE) {
    this.#patience = patience;
  }

  /** Never rejects; what fails before the answer's head is a Forwarded error. */
  async send(outgoing: Outgoing, abort: Signal): Promise<Forwarded> {
    try {
      const { http2, origin } = outgoing;
      const session = http2 && origin.scheme === 'https' ? await this.#sessions.to(origin) : undefined;
      if (session) return await exchangeHttp2(session, outgoing, abort);
      return await exchange(this.#wayTo(origin), outgoing, abort, this.#patience);
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)), sent: false };
    }
  }

  /** Ends all connections, those in use too. */
  close(): void {
    this.#sessions.close();
    for (const { options } of this.#ways.values()) options.agent.destroy();
  }

  #wayTo(origin: Origin): Way {
    const key = `${origin.scheme} ${origin.host} ${origin.port}`;
    const known = this.#ways.get(key);
    if (known) return known;
    const way = findWay(origin);
    this.#ways.set(key, way);
    return way;
  }
}

function exchange(way: Way, outgoing: Outgoing, abort: Signal, patience: Patience): Promise<Forwarded> {
  const { method, body } = outgoing;
  const { idleMs, totalMs } = patience;
  const path = `${way.prefix}${outgoing.path}`;
  const headers = [...outgoing.headers, ...way.headers];
  return new Promise((resolve) => {
    // Node takes a flat list of names and values too (http.request, "headers"); its types know objects only.
    const framing = { setHost: false, timeout: idleMs, maxHeaderSize: HEAD_CAP };
    const sending = way.request({ method, path, headers, ...framing, ...way.options } as http.RequestOptions);
    const sent = watchConnection(sending);
    endAfter(sending, totalMs);
    const cancel = () => sending.destroy(new Error('the client is gone'));
    abort.on(cancel);
    if (abort.fired) cancel();
    sending.on('timeout', () => sending.destroy(new Error('the upstream was silent for too long')));
    sending.on('response', (answer) => {
      resolve({ answer: { head: answer, body: answer } });
    });
    sending.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve({ error: new Error('the upstream switched protocols unasked'), sent: true });
    });
    sending.on('error', (error) => {
      resolve({ error, sent: sent() });
    });
    sendBody(sending, body);
  });
}

function findWay(origin: Origin): Way {
  const pool = { keepAlive: true, maxFreeSockets: 256, timeout: KEEP_MS };
  const proxy = proxyFor(origin);
  const { host, port } = origin;
  if (!proxy) {
    const secure = origin.scheme === 'https';
    const agent = secure ? new https.Agent(pool) : new http.Agent(pool);
    return { request: requestBy(origin), options: { host, port, agent }, prefix: '', headers: [] };
  }
  if (origin.scheme === 'https') {
    const agent = new HttpsProxyAgent(proxy, pool);
    // The agent finds a free tunnel again only where the request says that it is for TLS.
    return { request: https.request, options: { protocol: 'https:', host, port, agent }, prefix: '', headers: [] };
  }
  const via = originOf(proxy);
  const agent = via.scheme === 'https' ? new https.Agent(pool) : new http.Agent(pool);
  const options = { host: via.host, port: via.port, agent };
  return { request: requestBy(via), options, prefix: `http://${hostName(origin)}`, headers: authorization(proxy) };
}

/** Tells whether a connection stood, its TLS included, and so whether bytes of the request may have left. */
function watchConnection(request: ClientRequest): () => boolean {
  let connected = false;
  request.on('socket', (socket) => {
    if (request.reusedSocket) connected = true;
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => (connected = true));
  });
  return () => connected;
}
