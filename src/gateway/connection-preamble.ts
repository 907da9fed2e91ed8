import { ROUTE_WORD } from '../hook/config.js';
import { readRoute, readSeen, type Route } from './route.js';

/** How a connection begins: with a route line or without, and which version of HTTP follows; or with a word of the hook's. */
export type Opening =
  | { readonly kind: 'http1'; readonly route?: Route; readonly rest: Buffer }
  | { readonly kind: 'http2'; readonly route: Route; readonly rest: Buffer }
  | { readonly kind: 'seen'; readonly host: string }
  | { readonly kind: 'stranger' };

/** Longest route line, in bytes. */
const ROUTE_LINE_CAP = 512;

/** What HTTP/2's preface starts with, and no method of HTTP/1 (RFC 9113, 3.4). */
const PREFACE = 'PRI';

/** Reads the first bytes of a connection; undefined where they are too few to tell. */
export function readOpening(head: Buffer, secret: string): Opening | undefined {
  const word = `${ROUTE_WORD} `;
  if (!word.startsWith(head.toString('latin1', 0, word.length))) {
    // Only the hooks lead HTTP/2 here, and they always say where it was going.
    return head.toString('latin1', 0, PREFACE.length) === PREFACE
      ? { kind: 'stranger' }
      : { kind: 'http1', rest: head };
  }
  const end = head.indexOf('\r\n');
  if (end === -1) return head.length > ROUTE_LINE_CAP ? { kind: 'stranger' } : undefined;
  const line = head.toString('latin1', 0, end);
  const host = readSeen(line, secret);
  if (host !== undefined) return { kind: 'seen', host };
  const route = readRoute(line, secret);
  return route ? versionOf(route, head.subarray(end + 2)) : { kind: 'stranger' };
}

function versionOf(route: Route, rest: Buffer): Opening | undefined {
  const start = rest.toString('latin1', 0, PREFACE.length);
  if (start === PREFACE) return { kind: 'http2', route, rest };
  return PREFACE.startsWith(start) ? undefined : { kind: 'http1', route, rest };
}
