/** The environment's proxies: which of them leads to an origin, and what it wants to be told. */
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { getProxyForUrl } from 'proxy-from-env';
import { hostName, originOf, type Origin } from './origin.js';

/** The client for an origin: TLS or not. */
export const requestBy = ({ scheme }: Origin) => (scheme === 'https' ? https.request : http.request);

/**
 * The proxy for an origin; none for this machine itself, which no proxy could reach. Throws where the variable holds no
 * http or https URL.
 */
export function proxyFor(origin: Origin): URL | undefined {
  if (/^(localhost|127(\.\d+){3}|::1)$/.test(origin.host)) return undefined;
  const proxy = getProxyForUrl(`${origin.scheme}://${hostName(origin)}`);
  if (proxy === '') return undefined;
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw new Error('its proxy is not an http or https URL');
  return url;
}

/** The headers that a proxy's user and password are told it in, a name and a value; none where its URL has neither. */
export function authorization({ username, password }: URL): string[] {
  if (username === '' && password === '') return [];
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return ['Proxy-Authorization', `Basic ${Buffer.from(words).toString('base64')}`];
}

/** A connection to an origin through a proxy. Rejects where the proxy does not give one. */
export function tunnel(proxy: URL, origin: Origin): Promise<Duplex> {
  const via = originOf(proxy);
  const host = origin.host.includes(':') ? `[${origin.host}]` : origin.host;
  const path = `${host}:${origin.port}`;
  const headers = ['Host', path, ...authorization(proxy)];
  return new Promise((resolve, reject) => {
    const options = { host: via.host, port: via.port, method: 'CONNECT', path, headers, agent: false };
    const asking = requestBy(via)(options as http.RequestOptions);
    asking.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new Error(`its proxy answered ${statusCode ?? 0}`));
    });
    asking.on('response', (answer) => {
      answer.resume();
      reject(new Error(`its proxy answered ${answer.statusCode ?? 0}`));
    });
    asking.on('error', reject).end();
  });
}
