/** One question to an HTTP server, asked once. Redirects are not followed: they would carry the credential elsewhere. */
import http from 'node:http';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

/** Certificates for a connection. */
export interface TlsOptions {
  /** PEM; instead of the usual roots. */
  readonly ca?: string;
  /** PEM: our own certificate and its key, where the server asks for one. */
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

/** An HTTP request. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
  /** Of the body; JSON where left out. */
  readonly contentType?: string;
  readonly tls: TlsOptions;
  readonly signal: AbortSignal;
}

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  /** `Retry-After` in seconds; 0 where the server does not say. */
  readonly retryAfter: number;
  readonly text: string;
}

/** No answer that this client asks for comes near it. */
const MOST_BYTES = 8 * 2 ** 20;

/** Rejects where no whole answer comes: with the connection's error, or when the signal aborts. */
export async function ask(question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = begin(question);
    request.on('error', reject).on('response', (response) => {
      read(response).then(resolve, reject);
    });
    request.end(question.body);
  });
}

/** Through the environment's proxy where it has one for the address: https by a tunnel, http by asking the proxy. */
function begin({ method, url, headers, body, contentType, tls, signal }: Question): http.ClientRequest {
  const proxy = getProxyForUrl(url.href);
  const options = {
    method,
    signal,
    headers: {
      ...headers,
      accept: 'application/json',
      'user-agent': 'token-budget',
      ...(body === undefined
        ? {}
        : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
  };
  if (url.protocol === 'https:') {
    const agent = proxy === '' ? new https.Agent(tls) : new HttpsProxyAgent(proxy, tls);
    return https.request(url, { ...options, ...tls, agent });
  }
  const agent = new http.Agent();
  if (proxy === '') return http.request(url, { ...options, agent });
  return http.request(proxy, { ...options, agent, path: url.href, headers: { ...options.headers, host: url.host } });
}

async function read(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  const retryAfter = Number(response.headers['retry-after'] ?? 0);
  return {
    status: response.statusCode ?? 0,
    retryAfter: retryAfter > 0 ? retryAfter : 0,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}
