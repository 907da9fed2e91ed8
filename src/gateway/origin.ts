/** Where requests go: a scheme, a host and a port, and how these are written. */

/** An origin as requests name it. */
export interface Origin {
  readonly scheme: 'https' | 'http';
  /** Without brackets for IPv6. */
  readonly host: string;
  readonly port: number;
}

/** `host` where the port is the scheme's own, else `host:port`; IPv6 in brackets. */
export function hostName({ scheme, host, port }: Origin): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}

/** Scheme, host and port of an http or https URL. */
export function originOf(url: URL): Origin {
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

/** Whether a Host header names an origin: behind one address there may be hosts of others. */
export function namesHost(header: string | undefined, origin: Origin): boolean {
  const named = (header ?? '').toLowerCase();
  return named === hostName(origin) || named === `${hostName(origin)}:${origin.port}`;
}
