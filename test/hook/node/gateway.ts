/**
 * A stand-in for the gateway: reads the preamble off each connection, checks its secret, then answers as a provider
 * would. It keeps what arrived, so that a test can tell which call came by which route.
 */
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net, { type Socket } from 'node:net';
import { answerFor } from './provider.js';

const SECRET = 'ab'.repeat(32);

export interface Arrival {
  /** `https api.openai.com:443`. */
  readonly route: string;
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly body: string;
}

export class GatewayStandIn {
  readonly arrivals: Arrival[] = [];
  /** First lines that were no preamble, or had another secret. */
  readonly strangers: string[] = [];
  /** Routes of all connections, those without a request too. */
  readonly routes: string[] = [];
  /** Hosts that the hook told of and left alone. */
  readonly seen: string[] = [];
  port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #routeOf = new WeakMap<object, string>();
  readonly #http = http.createServer((request, response) => {
    void this.#answer(this.#routeOf.get(request.socket) ?? '', request, response);
  });
  readonly #http2 = http2.createServer((request, response) => {
    const socket = request.stream.session?.socket;
    void this.#answer(this.#routeOfPort(socket?.remotePort), request, response);
  });
  readonly #ports = new Map<number | undefined, string>();
  readonly #server = net.createServer((socket) => {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.#sockets.delete(socket));
    this.#greet(socket, Buffer.alloc(0));
  });

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#http2.listen(0, '127.0.0.1');
    await once(this.#http2, 'listening');
    const address = this.#server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#http2.close();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** What `TOKEN_BUDGET_HOOK` holds for a command under this gateway. */
  hook(plain: readonly string[] = []): string {
    const tls = ['api.openai.com', '*.openai.azure.com', 'api.anthropic.com', 'llm.corp.example:8443'];
    return JSON.stringify({ port: this.port, secret: SECRET, tls, plain });
  }

  forget(): void {
    this.arrivals.length = 0;
    this.routes.length = 0;
    this.strangers.length = 0;
    this.seen.length = 0;
  }

  #greet(socket: Socket, before: Buffer): void {
    socket.once('data', (chunk: Buffer) => {
      const bytes = Buffer.concat([before, chunk]);
      const end = bytes.indexOf('\r\n');
      // Three more bytes tell HTTP/2 from HTTP/1.
      if (end < 0 || (bytes.length < end + 5 && !bytes.includes(' seen '))) {
        this.#greet(socket, bytes);
        return;
      }
      this.#admit(socket, bytes.subarray(0, end).toString(), bytes.subarray(end + 2));
    });
  }

  #admit(socket: Socket, line: string, rest: Buffer): void {
    const [word, secret, scheme, authority] = line.split(' ');
    if (word !== 'TB1' || secret !== SECRET) {
      this.strangers.push(line);
      socket.destroy();
      return;
    }
    if (scheme === 'seen') {
      this.seen.push(authority ?? '');
      socket.end();
      return;
    }
    const route = `${scheme ?? ''} ${authority ?? ''}`;
    this.routes.push(route);
    if (rest.subarray(0, 3).toString() === 'PRI') {
      this.#relay(socket, route, rest);
      return;
    }
    this.#routeOf.set(socket, route);
    socket.pause();
    socket.unshift(rest);
    this.#http.emit('connection', socket);
    socket.resume();
  }

  /** An HTTP/2 server reads the bare handle, so bytes that were read before have to reach it over a wire. */
  #relay(socket: Socket, route: string, rest: Buffer): void {
    const address = this.#http2.address();
    const inner = net.connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1', () => {
      this.#ports.set(inner.localPort, route);
      inner.write(rest);
      socket.pipe(inner).pipe(socket);
    });
    inner.on('error', () => socket.destroy());
    socket.once('close', () => inner.destroy());
  }

  #routeOfPort(port: number | undefined): string {
    return this.#ports.get(port) ?? '';
  }

  async #answer(
    route: string,
    request: http.IncomingMessage | http2.Http2ServerRequest,
    response: http.ServerResponse | http2.Http2ServerResponse,
  ): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const host = String(request.headers.host ?? request.headers[':authority']);
    const { method = '', url = '' } = request;
    this.arrivals.push({ route, method, url, host, body });
    const { type, text } = answerFor(url, body);
    response.writeHead(200, { 'content-type': type });
    response.end(text);
  }
}
