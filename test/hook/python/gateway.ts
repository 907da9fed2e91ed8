/** A small stand-in for the gateway, as the hook sees it: reads the preamble of each connection, then speaks HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';
import type { HookConfig } from '../../../src/hook/config.js';
import { answerTo } from './answers.js';

export const SECRET = 'ab12'.repeat(16);

interface SeenRequest {
  /** Scheme and host of the preamble: `https api.openai.com:443`. */
  readonly route: string;
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  readonly host: string | undefined;
}

export interface StandIn {
  readonly port: number;
  /** In the order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** The route of each connection that showed the right secret. */
  readonly connections: readonly string[];
  /** Connections that did not. */
  readonly strangers: readonly string[];
  config(patterns: Partial<Pick<HookConfig, 'tls' | 'plain'>>): HookConfig;
  forget(): void;
  close(): Promise<void>;
}

export async function standIn(): Promise<StandIn> {
  const requests: SeenRequest[] = [];
  const connections: string[] = [];
  const strangers: string[] = [];
  const routes = new WeakMap<Socket, string>();
  const open = new Set<Socket>();
  const http = createServer((request, response) => {
    requests.push(seen(request, routes.get(request.socket) ?? ''));
    void respond(request, response);
  });
  const server = createSocketServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    readLine(socket, (line) => {
      const [word, secret, ...route] = line.split(' ');
      if (word !== 'TB1' || secret !== SECRET) {
        strangers.push(line);
        socket.destroy();
        return;
      }
      connections.push(route.join(' '));
      routes.set(socket, route.join(' '));
      http.emit('connection', socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    connections,
    strangers,
    config: ({ tls = ['api.openai.com', 'api.anthropic.com'], plain = [] }) => ({ port, secret: SECRET, tls, plain }),
    forget: () => {
      requests.length = connections.length = strangers.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function seen(request: IncomingMessage, route: string): SeenRequest {
  return { route, method: request.method ?? '', target: request.url ?? '', host: request.headers.host };
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const answer = answerTo(request.url ?? '', text);
  response.writeHead(answer.status, answer.headers);
  // Each event in a write of its own, as a provider sends them.
  for (const part of answer.parts) response.write(part);
  response.end();
}

/** Calls back with the first line, and puts what came after it back into the socket. */
function readLine(socket: Socket, done: (line: string) => void): void {
  let bytes = Buffer.alloc(0);
  const onReadable = () => {
    for (let chunk = read(socket); chunk; chunk = read(socket)) {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf('\r\n');
      if (end < 0) continue;
      socket.off('readable', onReadable);
      if (bytes.length > end + 2) socket.unshift(bytes.subarray(end + 2));
      done(bytes.toString('latin1', 0, end));
      return;
    }
  };
  socket.on('readable', onReadable);
}

function read(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}
