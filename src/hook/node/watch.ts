/**
 * Tells the gateway, once a process, of hosts that look like model providers and are not its own to take: their calls go
 * where they would have gone, and the run's report names what it did not see.
 */
import net from 'node:net';
import { ROUTE_WORD } from './config.js';
import type { Link } from './link.js';
import { authority, type Target } from './match.js';

/** Takes the target of a connection that was left alone. What cannot be told changes nothing for the program. */
export function sightings({ config, connect }: Link): (target: Target) => void {
  const told = new Set<string>();
  return (target) => {
    const name = authority(target);
    if (told.has(name)) return;
    told.add(name);
    const socket = new net.Socket();
    socket.on('error', () => socket.destroy());
    connect(socket, [{ host: '127.0.0.1', port: config.port }]);
    socket.end(`${ROUTE_WORD} ${config.secret} seen ${name}\r\n`);
    socket.resume().unref();
  };
}
