import { randomBytes } from 'node:crypto';
import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { ROUTE_HEADER } from '../hook/config.js';
import { authorize, type Rules } from './authorize.js';
import { BackgroundCalls } from './background.js';
import { readRoute } from './connection-preamble.js';
import { Connections } from './connections.js';
import { handleRequest, refuseUnmetered } from './handle.js';
import { InFlight } from './in-flight.js';
import { Learned } from './learned.js';
import type { Incoming, Reply } from './message.js';
import type { Origin } from './origin.js';
import { endWith, sendProblem, turnDown } from './refusal.js';
import { settleBackground } from './settle.js';
import type { GatewayParts, Shared } from './shared.js';
import { isUsageRoute, sendUsage } from './usage-endpoint.js';

/** How long the call of a client that went away may still take to state its usage, in ms. */
const DRAIN_MS = 30_000;

/** How long a client may take to send the head of a request, in ms. */
const HEAD_MS = 60_000;

/** Most texts about hosts that are kept of a run. */
const MOST_NOTED = 50;

/** What a gateway is made of, and whom it tells what happens. */
export interface GatewayOptions extends Rules {
  readonly parts: GatewayParts;
  /** Opens the gateway: 64 hex digits, as from `newSecret`. */
  readonly secret: string;
  /** Told of errors that no call's handling foresaw: enforcement has failed. */
  readonly onFailure: (error: Error) => void;
  /**
   * Told of each call that reached the ledger, by its number there, once its reply has been written, be it an answer or a
   * refusal; or once its client is gone.
   */
  readonly onReplied?: (id: number) => void;
  /** Overrides of the time that a gone client's call and the head of a request have, in ms. */
  readonly drainMs?: number;
  readonly headMs?: number;
}

/** 256 bits as 64 hex digits. */
export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

/**
 * The one way out for LLM calls: takes connections that open with the run's secret and the host they were going to, or
 * requests that carry both in a header. Everything else is turned away. Its life: `listen`, `finish`, `close`.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #shared: Shared;
  readonly #connections: Connections;
  readonly #noted = new Set<string>();

  constructor(options: GatewayOptions) {
    const { parts, secret, drainMs = DRAIN_MS, headMs = HEAD_MS } = options;
    this.#options = options;
    this.#shared = {
      ...parts,
      learned: new Learned(parts.notice, parts.providers),
      background: new BackgroundCalls(),
      inFlight: new InFlight(),
      replied: (id) => options.onReplied?.(id),
      drainMs,
    };
    this.#connections = new Connections({
      secret,
      headMs,
      serve: (route, request, response) => {
        this.#serve(route ?? this.#routeIn(request), request, response);
      },
      upgrade: (route, request, socket) => {
        this.#refuseUpgrade(route ?? this.#routeIn(request), request, socket);
      },
      seen: (host) => {
        this.#noteSeen(host);
      },
    });
  }

  /** Starts listening on a free port of 127.0.0.1, which is returned. Rejects with EnforcementError where that fails. */
  listen(): Promise<number> {
    return this.#connections.listen();
  }

  /**
   * Waits until no call is under way: each is settled or refused, but for those whose work goes on at their provider.
   * @param withinMs how long at most, in ms
   * @returns whether that came true
   */
  idle(withinMs: number): Promise<boolean> {
    return this.#shared.inFlight.idle(withinMs);
  }

  /** How many calls keep their hold because their work goes on at their provider. */
  get runningOn(): number {
    return this.#shared.background.size;
  }

  /**
   * Gives calls under way so many ms to be settled, then charges in full what goes on at a provider: nobody is left to
   * ask what became of it. To be called when no more calls are to come; the ledger should have been stopped.
   */
  async finish(withinMs: number): Promise<void> {
    await this.idle(withinMs);
    settleBackground(this.#shared);
  }

  /** Stops listening and cuts all connections, those to upstreams too; resolves when those of clients are closed. */
  async close(): Promise<void> {
    const closed = this.#connections.close();
    this.#shared.forwarder.close();
    await closed;
  }

  #noteSeen(host: string): void {
    const remedy = 'add it under upstreams, or set metering: strict';
    this.#note('unseen', `calls to ${host} were not metered, though it looks like a model provider: ${remedy}`);
  }

  /** The command may say what it likes here, so only so many hosts are named. */
  #note(code: 'unseen' | 'keys', text: string): void {
    if (this.#noted.size >= MOST_NOTED) return;
    this.#noted.add(text);
    this.#shared.notice(code, text);
  }

  #serve(route: Origin | undefined, request: Incoming, response: Reply): void {
    this.#handle(route, request, response).catch((error: unknown) => {
      this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
      sendProblem(response, 500, 'the gateway failed on this call');
    });
  }

  async #handle(route: Origin | undefined, request: Incoming, response: Reply): Promise<void> {
    // A web page can send requests to a port of this machine, but not without naming its origin.
    if (!route || request.headers.origin !== undefined) {
      turnDown(request, response, 401, 'this gateway serves the processes of its own run only');
      return;
    }
    if (isUsageRoute(route)) {
      sendUsage(this.#shared, request, response);
      return;
    }
    const authorization = authorize(this.#options, route, request);
    if (authorization.allowed) {
      const { target, head } = authorization;
      return handleRequest(this.#shared, { request, response, target, head });
    }
    const { status, message, aboutKey } = authorization;
    if (aboutKey) this.#note('keys', message);
    turnDown(request, response, status, message);
  }

  /** The route that a request itself carries. */
  #routeIn({ headers }: Incoming): Origin | undefined {
    const header = headers[ROUTE_HEADER];
    return readRoute(typeof header === 'string' ? header : '', this.#options.secret);
  }

  /** What passes over a web socket cannot be metered here, so the request for one is refused and recorded. */
  #refuseUpgrade(route: Origin | undefined, request: http.IncomingMessage, socket: Duplex): void {
    const target = route && this.#options.targetOf(route);
    if (!target) {
      endWith(socket, '401 Unauthorized');
      return;
    }
    const { id } = refuseUnmetered(this.#shared, target, request);
    endWith(socket, '402 Payment Required\r\nx-should-retry: false\r\nx-token-budget: unmetered', () => {
      this.#shared.replied(id);
    });
  }
}
