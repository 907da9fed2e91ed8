/** Small servers that answer as a test says, for what a real MLflow server does only when something is wrong. */
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface Stand {
  readonly uri: string;
  /** What was asked, in order. */
  readonly seen: readonly { readonly path: string; readonly headers: http.IncomingHttpHeaders }[];
}

/** Runs until the test ends, over TLS where a certificate is given. */
export async function serve(answer: RequestListener, tls?: { key: string; cert: string }): Promise<Stand> {
  const seen: Stand['seen'][number][] = [];
  const listener: RequestListener = (request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers });
    answer(request, response);
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { uri: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, seen };
}
