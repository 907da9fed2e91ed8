import http, { type OutgoingHttpHeaders } from 'node:http';
import net, { type Socket } from 'node:net';

export interface Asked {
  readonly port: number;
  /** Written before the request, as the hooks do. */
  readonly preamble?: string | undefined;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Name, value, name, value, … in place of `headers`: keeps order, spelling and duplicates. */
  readonly rawHeaders?: readonly string[];
  readonly body?: string | Buffer;
  readonly agent?: http.Agent;
  /** Called with each piece of the answer's body as it arrives. */
  readonly onChunk?: (chunk: Buffer) => void;
}

export interface Answered {
  readonly status: number;
  readonly message: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly trailers: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** The answer came to its end; else its connection broke. */
  readonly complete: boolean;
}

/** One request over a connection of its own; rejects where no answer begins. */
export function ask(asked: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', path = '/', headers = {}, rawHeaders, body, onChunk, agent, port, preamble } = asked;
    const connection = agent ? { agent } : { createConnection: () => dial(port, preamble) };
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: rawHeaders ?? headers,
      ...connection,
    } as http.RequestOptions;
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        onChunk?.(chunk);
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        const whole = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          message: response.statusMessage ?? '',
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          trailers: response.rawTrailers,
          body: whole,
          text: whole.toString('utf8'),
          complete: response.complete,
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

export function dial(port: number, preamble?: string): Socket {
  const socket = net.connect(port, '127.0.0.1');
  if (preamble !== undefined) socket.write(preamble);
  return socket;
}

/** Sends bytes as they are and gives back all that comes until the connection ends, or a pattern was seen. */
export function exchangeBytes(port: number, pieces: readonly (string | Buffer)[], until?: RegExp): Promise<string> {
  return new Promise((resolve) => {
    const socket = dial(port);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until?.test(text)) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
    const send = (at: number) => {
      const piece = pieces[at];
      if (piece === undefined || socket.destroyed) return;
      socket.write(piece, () => setImmediate(send, at + 1));
    };
    send(0);
  });
}
