import net, { type AddressInfo, type Socket } from 'node:net';

/** One whole request as its bytes came in, head and body. */
export type Script = (socket: Socket, request: string, number: number) => void;

export interface RawUpstream {
  readonly port: number;
  readonly origin: string;
  /** All requests so far, byte for byte (as latin1). */
  readonly requests: readonly string[];
  /** Connections so far. */
  connections(): number;
  close(): void;
}

/** A TCP server that lets a script write any bytes for an answer: for what no decent HTTP server would send. */
export async function startRaw(script: Script): Promise<RawUpstream> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (let length = lengthOf(text); length !== undefined && text.length >= length; length = lengthOf(text)) {
        requests.push(text.slice(0, length));
        text = text.slice(length);
        script(socket, requests.at(-1) ?? '', requests.length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** The length of the first request: by its content-length, or to the last chunk; undefined while its head is cut. */
function lengthOf(text: string): number | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  if (/transfer-encoding: *chunked/i.test(head)) {
    const last = text.indexOf('0\r\n\r\n', end);
    return last === -1 ? undefined : last + 5;
  }
  return end + 4 + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
}

/** An answer with this JSON, framed by its length. */
export function jsonBytes(value: unknown, status = '200 OK', headers = ''): string {
  const body = JSON.stringify(value);
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export const COMPLETION = {
  id: 'chatcmpl-x',
  object: 'chat.completion',
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Paris.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
};
