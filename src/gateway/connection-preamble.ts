import { timingSafeEqual } from 'node:crypto';
import { ROUTE_WORD } from '../hook/config.js';
import type { Origin } from './origin.js';

/** How a connection begins: with a route line or without, and which version of HTTP follows; or with a word of the hook's. */
export type Opening =
  | { readonly kind: 'http1'; readonly route?: Origin; readonly rest: Buffer }
  | { readonly kind: 'http2'; readonly route: Origin; readonly rest: Buffer }
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

function versionOf(route: Origin, rest: Buffer): Opening | undefined {
  const start = rest.toString('latin1', 0, PREFACE.length);
  if (start === PREFACE) return { kind: 'http2', route, rest };
  return PREFACE.startsWith(start) ? undefined : { kind: 'http1', route, rest };
}

/** A host is a name or an address and nothing that could be read as more of a URL. */
const ROUTE = /^(\S+) ([0-9a-f]{64}) (https|http) (\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/i;

const SEEN = /^(\S+) ([0-9a-f]{64}) seen ([a-z0-9.-]{1,253}):(\d{1,5})$/i;

/** The host in a hook's word of a connection that it left alone; undefined where the line is none of the run's. */
function readSeen(line: string, secret: string): string | undefined {
  const match = SEEN.exec(line);
  return match?.[1] === ROUTE_WORD && sameSecret(match[2] ?? '', secret) ? match[3]?.toLowerCase() : undefined;
}

/** Reads a route line; undefined where it is malformed or its secret is not the run's. */
export function readRoute(line: string, secret: string): Origin | undefined {
  const match = ROUTE.exec(line);
  if (match?.[1] !== ROUTE_WORD || !sameSecret(match[2] ?? '', secret)) return undefined;
  const port = Number(match[5]);
  if (port < 1 || port > 65535) return undefined;
  return {
    scheme: match[3] === 'http' ? 'http' : 'https',
    host: (match[4] ?? '').replace(/^\[|\]$/g, '').toLowerCase(),
    port,
  };
}

function sameSecret(given: string, secret: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}
