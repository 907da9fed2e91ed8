/** How those are answered whose requests go nowhere. */
import type { Incoming, Reply } from './message.js';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { sendProblem } from './refusal.js';

/** Answers a request that goes nowhere; its client reads that only after it could send all of it. */
export function turnDown(request: Incoming, response: Reply, status: number, message: string): void {
  request.resume();
  sendProblem(response, status, message);
}

/** Ends the connection of a stranger, who may go on sending for a moment without being read. */
export function turnAway(socket: Socket): void {
  socket.resume();
  socket.setTimeout(1_000, () => socket.destroy());
  endWith(socket, '401 Unauthorized');
}

/** The last bytes of a connection: a head without a body. */
export function endWith(socket: Duplex, head: string): void {
  socket.end(`HTTP/1.1 ${head}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
