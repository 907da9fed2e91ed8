/** A user's own proxy: opens every tunnel that is asked for and leads none of them anywhere. */
import { once } from 'node:events';
import http from 'node:http';
import type { Duplex } from 'node:stream';

export class ProxyStandIn {
  /** `api.openai.com:443`, as asked for. */
  readonly tunnels: string[] = [];
  /** Bytes that came through tunnels: there should be none for a provider. */
  tunnelled = 0;
  url = '';
  readonly #sockets = new Set<Duplex>();
  readonly #server = http.createServer();

  async listen(): Promise<this> {
    this.#server.on('connect', (request, socket) => {
      this.tunnels.push(request.url ?? '');
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('data', (chunk: Buffer) => (this.tunnelled += chunk.length));
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
