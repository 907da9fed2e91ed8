/** Databricks' OAuth between machines: a client's id and secret for a token of an hour. */
import { asked, retried, textIn, type Client } from './client.js';
import type { Server } from './server.js';

/** The server with a token in its headers, where it needs to be asked for one. */
export async function signedIn(client: Client): Promise<Server> {
  const { server } = client;
  if (!server.login) return server;
  const { id, secret } = server.login;
  const answer = await retried(client, () =>
    asked(client, {
      method: 'POST',
      url: new URL(`${server.address}/oidc/v1/token`),
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: 'grant_type=client_credentials&scope=all-apis',
      contentType: 'application/x-www-form-urlencoded',
    }),
  );
  return { ...server, headers: { authorization: `Bearer ${textIn(answer, 'access_token')}` } };
}
