import { randomBytes } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net, { type Socket } from 'node:net';
import { EnforcementError } from '../domain/errors.js';
import { ROUTE_HEADER, ROUTE_WORD } from '../hook/config.js';
import type { GatewayContext } from './context.js';
import { handleRequest, refuseUnmetered } from './handle.js';
import { sendProblem } from './refusal.js';
import { readRoute, type Route, type Target } from './route.js';

/** Longest route line, in bytes. */
const ROUTE_LINE_CAP = 512;

export interface GatewayOptions {
  readonly context: GatewayContext;
  readonly secret: string;
  readonly targetOf: (route: Route) => Target | undefined;
  /** Told of errors that no call's handling foresaw: enforcement has failed. */
  readonly onFailure: (error: Error) => void;
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
  readonly #http: http.Server;
  readonly #net: net.Server;
  readonly #sockets = new Set<Socket>();
  /** Routes of connections that opened with a route line. */
  readonly #routes = new WeakMap<Socket, Route>();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#http = http.createServer(
      { keepAliveTimeout: 10 * 60_000, requestTimeout: 10 * 60_000 },
      (request, response) => {
        this.#handle(request, response).catch((error: unknown) => {
          options.onFailure(error instanceof Error ? error : new Error(String(error)));
          sendProblem(response, 500, 'the gateway failed on this call');
        });
      },
    );
    this.#http.on('upgrade', (request, socket) => this.#refuseUpgrade(request, socket as Socket));
    this.#net = net.createServer({ noDelay: true }, (socket) => this.#accept(socket));
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
    this.#http.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    this.#options.context.forwarder.close();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(60_000, () => socket.destroy());
    let head: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const rest = this.#open(socket, head);
      if (rest === undefined) return;
      socket.off('data', onData);
      socket.pause();
      socket.setTimeout(0);
      if (rest.length > 0) socket.unshift(rest);
      this.#http.emit('connection', socket);
      process.nextTick(() => socket.resume());
    };
    socket.on('data', onData);
  }

  /** What follows the route line; undefined while the line is incomplete or where the connection was turned away. */
  #open(socket: Socket, head: Buffer): Buffer | undefined {
    const word = `${ROUTE_WORD} `;
    const start = head.subarray(0, word.length).toString('latin1');
    if (!word.startsWith(start)) return head;
    const end = head.indexOf('\r\n');
    if (end === -1) {
      if (head.length > ROUTE_LINE_CAP) turnAway(socket);
      return undefined;
    }
    const route = readRoute(head.subarray(0, end).toString('latin1'), this.#options.secret);
    if (!route) {
      turnAway(socket);
      return undefined;
    }
    this.#routes.set(socket, route);
    return head.subarray(end + 2);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = this.#routeOf(request);
    if (!route || request.headers.origin !== undefined) {
      sendProblem(response, 401, 'this gateway serves the processes of its own run only');
      return;
    }
    const target = this.#options.targetOf(route);
    if (target) await handleRequest(this.#options.context, { target, request, response });
    else
      sendProblem(response, 403, `the host ${route.host} is no known provider; name it under upstreams in the policy`);
  }

  #routeOf(request: IncomingMessage): Route | undefined {
    const header = request.headers[ROUTE_HEADER];
    return (
      this.#routes.get(request.socket) ?? readRoute(typeof header === 'string' ? header : '', this.#options.secret)
    );
  }

  /** What passes over a web socket cannot be metered here, so the request for one is refused and recorded. */
  #refuseUpgrade(request: IncomingMessage, socket: Socket): void {
    const route = this.#routeOf(request);
    const target = route && this.#options.targetOf(route);
    if (target) refuseUnmetered(this.#options.context, target);
    socket.end(`HTTP/1.1 402 Payment Required\r\nx-should-retry: false\r\nx-token-budget: unmetered\r\n\r\n`);
  }
}

function turnAway(socket: Socket): void {
  socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
}

function listenOnce(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(new EnforcementError(`the gateway cannot listen on 127.0.0.1: ${error.message}`));
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
