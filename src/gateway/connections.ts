/** The connections of a gateway: who may open one, and which version of HTTP is spoken on it. */
import http from 'node:http';
import net, { type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { EnforcementError } from '../domain/errors.js';
import { readOpening, type Opening } from './connection-preamble.js';
import { serveHttp2 } from './http2-server.js';
import type { Incoming, Reply } from './message.js';
import type { Origin } from './origin.js';
import { turnAway } from './refusal.js';

/** Longest head of a request, in bytes: no shorter than what a provider takes. */
const HEAD_CAP = 64 * 1024;

/** What is done with connections and their requests. A route is undefined where the connection was opened without one. */
export interface ConnectionsOptions {
  /** The run's secret, as 64 hex digits. */
  readonly secret: string;
  /** How long a client may take to send the head of a request, in ms. */
  readonly headMs: number;
  readonly serve: (route: Origin | undefined, request: Incoming, response: Reply) => void;
  /** Takes a request for another protocol, and its connection. */
  readonly upgrade: (route: Origin | undefined, request: http.IncomingMessage, socket: Duplex) => void;
  /** Told of a host that a hook left alone. */
  readonly seen: (host: string) => void;
}

/** Listens on 127.0.0.1. Connections that open with a wrong secret are turned away. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #http: http.Server;
  readonly #net: net.Server;
  readonly #sockets = new Set<Socket>();
  /** Routes of connections that opened with a route line. */
  readonly #routes = new WeakMap<Socket, Origin>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    const { headMs: headersTimeout, serve, upgrade } = options;
    const checks = { headersTimeout, connectionsCheckingInterval: Math.min(headersTimeout, 10_000) };
    const patience = { keepAliveTimeout: 10 * 60_000, requestTimeout: 10 * 60_000 };
    this.#http = http.createServer({ ...checks, ...patience, maxHeaderSize: HEAD_CAP }, (request, response) => {
      serve(this.#routes.get(request.socket), request, response);
    });
    // It is given its connections and never listens itself, which is when it would begin to check for slow requests.
    this.#http.emit('listening');
    this.#http.on('upgrade', (request, socket) => {
      upgrade(this.#routes.get(request.socket), request, socket);
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

  /** Stops listening and cuts all connections; resolves when they are closed. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#net.close(resolve));
    this.#http.close();
    this.#http.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const deadline = setTimeout(() => socket.destroy(), this.#options.headMs);
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
      this.#options.seen(opening.host);
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
        this.#options.serve(opening.route, request, response);
      });
      return;
    }
    if (opening.route) this.#routes.set(socket, opening.route);
    this.#http.emit('connection', socket);
    process.nextTick(() => socket.resume());
  }
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
