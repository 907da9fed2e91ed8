import type { Purpose } from '../domain/call.js';
import { canDecode } from '../meter/content-encoding.js';
import { PURPOSE_HEADER, ROUTE_HEADER } from '../hook/config.js';
import type { Incoming } from './message.js';

/** Headers of one connection only (RFC 9110, 7.6.1); all others pass as they are, in order and spelling. */
const HOP_BY_HOP = new Set([
  'connection',
  // Answered by the gateway, which takes a request whole before it sends it on.
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  ROUTE_HEADER,
  PURPOSE_HEADER,
]);

/** A flat list of names and values without the ones named (lower case) and the hop-by-hop ones. */
export function passedHeaders(raw: readonly string[], ...without: readonly string[]): string[] {
  const passed: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !without.includes(lower)) passed.push(name, raw[i + 1] ?? '');
  }
  return passed;
}

/** Replaces a header's value where it stands, or adds it. */
export function setHeader(raw: readonly string[], name: string, value: string): string[] {
  const at = raw.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name);
  return at === -1 ? [...raw, name, value] : [...raw.slice(0, at + 1), value, ...raw.slice(at + 2)];
}

/**
 * Whether a request carries a signature of AWS over its path, headers and body (Signature Version 4 and 4A), so that no
 * byte of these may change.
 */
export function isSigned({ headers, url = '' }: Pick<Incoming, 'headers' | 'url'>): boolean {
  return (headers.authorization ?? '').startsWith('AWS4-') || /[?&]X-Amz-Signature=/i.test(url);
}

/** Drops from Accept-Encoding what this version of Node could not read back. */
export function readableEncodings(raw: readonly string[]): string[] {
  return raw.map((value, i) => {
    if (i % 2 === 0 || raw[i - 1]?.toLowerCase() !== 'accept-encoding') return value;
    const readable = value.split(',').filter((each) => canDecode((each.split(';')[0] ?? '').trim().toLowerCase()));
    return readable.length === value.split(',').length ? value : readable.join(',') || 'identity';
  });
}

const PURPOSE = /^(preflight|predict|judge)(?: ([\w-]{1,64}))?$/;
const PHASES = ['preflight', 'predict', 'judge'] as const;

/** Reads a request's purpose; a header that is not of its form says nothing. */
export function purposeIn({ headers }: Pick<Incoming, 'headers'>): Purpose {
  const header = headers[PURPOSE_HEADER];
  const match = PURPOSE.exec(typeof header === 'string' ? header : '');
  const phase = PHASES.find((each) => each === match?.[1]);
  const row = match?.[2];
  return { ...(phase && { phase }), ...(row !== undefined && { row }) };
}
