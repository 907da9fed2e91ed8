import { randomBytes } from 'node:crypto';
import http from 'node:http';
import net, { type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { EnforcementError } from '../domain/errors.js';
import { ROUTE_HEADER } from '../hook/config.js';
import type { GatewayContext } from './context.js';
import type { Custody } from './custody.js';
import { handleRequest, refuseUnmetered } from './handle.js';
import { serveHttp2 } from './http2-server.js';
import { RaisedBounds } from './raised-bounds.js';
import type { Incoming, Reply } from './message.js';
import { readOpening, type Opening } from './connection-preamble.js';
import { Questions } from './questions.js';
import { sendProblem } from './refusal.js';
import { endWith, turnAway, turnDown } from './turn-away.js';
import { hostName, readRoute, type Route, type Target } from './route.js';
import { isUsageRoute, sendUsage } from './usage.js';

/** How long the call of a client that went away may still take to state its usage, in ms. */
const DRAIN_MS = 30_000;

/** How long a client may take to send the head of a request, in ms. */
const HEAD_MS = 60_000;

/** Longest head of a request, in bytes: no shorter than what a provider takes. */
const HEAD_CAP = 64 * 1024;

/** Most texts about hosts that are kept of a run. */
const MOST_NOTED = 50;

export interface GatewayOptions {
  readonly context: Omit<GatewayContext, 'questions' | 'terms' | 'raised' | 'drainMs'>;
  readonly secret: string;
  readonly targetOf: (route: Route) => Target | undefined;
  /** Undefined where the command has the keys itself. */
  readonly custody?: Custody | undefined;
  /** Told of errors that no call's handling foresaw: enforcement has failed. */
  readonly onFailure: (error: Error) => void;
  /** Overrides of the time that a gone client's call and the head of a request have, in ms. */
  readonly drainMs?: number;
  readonly headMs?: number;
}

/** 256 bits as 64 hex digits. */
export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

/**
 * The one way out for LLM calls: listens on 127.0.0.1 and takes connections that open with the run's secret and the
 * host they were going to, or requests that carry both in a header. Everything else is turned away.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #context: GatewayContext;
  readonly #http: http.Server;
  readonly #net: net.Server;
  readonly #sockets = new Set<Socket>();
  /** Routes of connections that opened with a route line. */
  readonly #routes = new WeakMap<Socket, Route>();
  readonly #noted = new Set<string>();

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { context, drainMs = DRAIN_MS } = options;
    this.#context = {
      ...context,
      questions: new Questions(),
      terms: new Map(),
      raised: new RaisedBounds(),
      drainMs,
    };
    const headersTimeout = this.#headMs;
    const checks = { headersTimeout, connectionsCheckingInterval: Math.min(headersTimeout, 10_000) };
    const patience = { keepAliveTimeout: 10 * 60_000, requestTimeout: 10 * 60_000 };
    this.#http = http.createServer({ ...checks, ...patience, maxHeaderSize: HEAD_CAP }, (request, response) => {
      this.#serve(this.#routes.get(request.socket), request, response);
    });
    // It is given its connections and never listens itself, which is when it would begin to check for slow requests.
    this.#http.emit('listening');
    this.#http.on('upgrade', (request, socket) => {
      this.#refuseUpgrade(request, socket);
    });
    this.#net = net.createServer({ noDelay: true }, (socket) => {
      this.#accept(socket);
    });
  }

  /**
   * Starts listening on a free port, which is returned. Rejects with EnforcementError where that fails. A port with
   * "429" in it is not used: clients print it in their errors, and harnesses read that as a rate limit.
   */
  async listen(): Promise<number> {
    for (;;) {
      const port = await listenOnce(this.#net);
      if (!String(port).includes('429')) return port;
      await new Promise((resolve) => this.#net.close(resolve));
    }
  }

  /** Cuts all connections and stops listening. */
  close(): void {
    this.#net.close();
    this.#http.close();
    this.#http.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    this.#context.forwarder.close();
  }

  get #headMs(): number {
    return this.#options.headMs ?? HEAD_MS;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const deadline = setTimeout(() => socket.destroy(), this.#headMs);
    socket.on('close', () => {
      clearTimeout(deadline);
      this.#sockets.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    let head: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const opening = readOpening(head, this.#options.secret);
      if (!opening) return;
      socket.off('data', onData);
      this.#open(socket, opening, () => {
        clearTimeout(deadline);
      });
    };
    socket.on('data', onData);
  }

  /** @param opened tells that this is a connection of the run's */
  #open(socket: Socket, opening: Opening, opened: () => void): void {
    if (opening.kind === 'seen') {
      this.#noteSeen(opening.host);
      socket.end();
      return;
    }
    if (opening.kind === 'stranger') {
      turnAway(socket);
      return;
    }
    opened();
    socket.pause();
    if (opening.rest.length > 0) socket.unshift(opening.rest);
    if (opening.kind === 'http2') {
      serveHttp2(socket, (request, response) => {
        this.#serve(opening.route, request, response);
      });
      return;
    }
    if (opening.route) this.#routes.set(socket, opening.route);
    this.#http.emit('connection', socket);
    process.nextTick(() => socket.resume());
  }

  #noteSeen(host: string): void {
    const remedy = 'add it under upstreams, or set metering: strict';
    this.#note('unseen', `calls to ${host} were not metered, though it looks like a model provider: ${remedy}`);
  }

  /** The command may say what it likes here, so only so many hosts are named. */
  #note(code: 'unseen' | 'keys', text: string): void {
    if (this.#noted.size >= MOST_NOTED) return;
    this.#noted.add(text);
    this.#context.notice(code, text);
  }

  #serve(route: Route | undefined, request: Incoming, response: Reply): void {
    this.#handle(route ?? this.#routeIn(request), request, response).catch((error: unknown) => {
      this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
      sendProblem(response, 500, 'the gateway failed on this call');
    });
  }

  async #handle(route: Route | undefined, request: Incoming, response: Reply): Promise<void> {
    // A web page can send requests to a port of this machine, but not without naming its origin.
    if (!route || request.headers.origin !== undefined) {
      turnDown(request, response, 401, 'this gateway serves the processes of its own run only');
      return;
    }
    if (isUsageRoute(route)) {
      sendUsage(this.#context, request, response);
      return;
    }
    const target = this.#options.targetOf(route);
    if (!target) {
      const remedy = 'name it under upstreams in the policy';
      turnDown(request, response, 403, `the host ${route.host} is no known provider; ${remedy}`);
      return;
    }
    if (!request.url?.startsWith('/')) {
      turnDown(request, response, 400, 'the request names no path');
      return;
    }
    if (!target.listed && !namesHost(request.headers.host, route)) {
      turnDown(request, response, 403, `the request was routed to ${route.host} and names another host`);
      return;
    }
    const denial = this.#options.custody?.unlock(request, target);
    if (denial) {
      const text = `a request with the placeholder of ${denial.variable} was not sent: ${denial.why}`;
      this.#note('keys', text);
      turnDown(request, response, 403, text);
      return;
    }
    return handleRequest(this.#context, { target, request, response });
  }

  /** The route that a request itself carries. */
  #routeIn({ headers }: Incoming): Route | undefined {
    const header = headers[ROUTE_HEADER];
    return readRoute(typeof header === 'string' ? header : '', this.#options.secret);
  }

  /** What passes over a web socket cannot be metered here, so the request for one is refused and recorded. */
  #refuseUpgrade(request: http.IncomingMessage, socket: Duplex): void {
    const route = this.#routes.get(request.socket) ?? this.#routeIn(request);
    const target = route && this.#options.targetOf(route);
    if (target) refuseUnmetered(this.#context, target, request);
    const refusal = '402 Payment Required\r\nx-should-retry: false\r\nx-token-budget: unmetered';
    endWith(socket, target ? refusal : '401 Unauthorized');
  }
}

/** Whether the Host header names the host of the route: behind one address there may be others, at other prices. */
function namesHost(host: string | undefined, route: Route): boolean {
  const named = (host ?? '').toLowerCase();
  return named === hostName(route) || named === `${hostName(route)}:${route.port}`;
}

function listenOnce(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      reject(new EnforcementError(`the gateway cannot listen on 127.0.0.1: ${error.message}`));
    };
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
