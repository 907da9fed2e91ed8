/** An error after work is not free, and one before it is: by what the provider says, or else on the safe side. */
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway } from '../support/gateway.js';
import { jsonBytes, startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], max_tokens: 100 };
const ERROR = { error: { message: 'no', type: 'server_error' } };

/** A call to a host whose every answer is these bytes. */
async function ask(host: string, bytes: string, provider?: string) {
  const upstream = await startRaw((socket) => socket.end(bytes));
  const named = { host, forwardTo: new URL(upstream.origin), ...(provider === undefined ? {} : { provider }) };
  const gateway = await startGateway({ upstreams: [named], limits: [runLimit('tokens', 1e6)] });
  open.push(gateway, upstream);
  const answered = await gateway.post('/v1/chat/completions', CHAT, {}, host);
  await gateway.idle();
  expect(gateway.failures).toEqual([]);
  return { gateway, upstream, answered };
}

const page = (status: string) => {
  const html = '<html>Gateway time-out</html>';
  return `HTTP/1.1 ${status}\r\ncontent-type: text/html\r\ncontent-length: ${html.length}\r\n\r\n${html}`;
};

describe('an error status', () => {
  it.each([
    ['408 Request Timeout', 'api.openai.com'],
    ['499 Gone', 'api.openai.com'],
    ['502 Bad Gateway', 'api.openai.com'],
    ['504 Gateway Timeout', 'api.anthropic.com'],
    ['524 A Timeout Occurred', 'api.openai.com'],
    ['500 Internal Server Error', 'llm.example'],
    ['500 Internal Server Error', 'api.openai.com'],
    ['503 Service Unavailable', 'llm.example'],
  ])('passes, and costs the hold where the call may have been worked at: %s from %s', async (status, host) => {
    const { gateway, answered, upstream } = await ask(host, jsonBytes(ERROR, status), hostProvider(host));
    expect(answered.status).toBe(Number(status.slice(0, 3)));
    expect(JSON.parse(answered.text)).toEqual(ERROR);
    const [held] = gateway.reserved();
    expect(gateway.settled()).toMatchObject([
      { source: 'held', usage: held?.hold && { output: 100 }, status: answered.status },
    ]);
    expect(gateway.voided()).toEqual([]);
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([
    ['400 Bad Request', 'api.openai.com'],
    ['401 Unauthorized', 'llm.example'],
    ['404 Not Found', 'llm.example'],
    ['429 Too Many Requests', 'api.openai.com'],
    ['500 Internal Server Error', 'api.anthropic.com'],
    ['503 Service Unavailable', 'api.openai.com'],
    ['529 Overloaded', 'api.anthropic.com'],
    ['307 Temporary Redirect', 'llm.example'],
  ])('costs nothing where it was not: %s from %s', async (status, host) => {
    const { gateway } = await ask(host, jsonBytes(ERROR, status), hostProvider(host));
    expect(gateway.voided()).toMatchObject([{ status: Number(status.slice(0, 3)) }]);
    expect(gateway.ledger.snapshot()).toMatchObject({ held: { tokens: 0 }, settled: { tokens: 0 } });
  });

  it('of a server between us and the provider is not the provider’s word', async () => {
    const { gateway } = await ask('api.openai.com', page('503 Service Unavailable'));
    expect(gateway.settled()).toMatchObject([{ source: 'held' }]);
  });

  it('that breaks off keeps the hold where its words would have been needed', async () => {
    const cut = (status: string) =>
      `HTTP/1.1 ${status}\r\ncontent-length: 500\r\n\r\n{"error":{"type":"invalid_request_error"`;
    const upstream = await startRaw((socket) => socket.end(cut('400 Bad Request')));
    const host = 'acme.openai.azure.com';
    const gateway = await startGateway({ upstreams: [{ host, forwardTo: new URL(upstream.origin) }] });
    open.push(gateway, upstream);
    await gateway.post('/openai/deployments/gpt-4o/chat/completions', CHAT, {}, host).catch(() => undefined);
    await gateway.idle();
    expect(gateway.settled()).toMatchObject([{ source: 'held' }]);
  });

  it('with usage costs that', async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };
    const { gateway } = await ask('llm.example', jsonBytes({ ...ERROR, usage }, '500 Oh'), 'custom');
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 7, output: 5 } }]);
  });

  it('of a breach of xAI’s guidelines costs its fee at least', async () => {
    const body = { code: 'x', error: 'Content violates usage guidelines.' };
    const host = 'api.x.ai';
    const upstream = await startRaw((socket) => socket.end(jsonBytes(body, '403 Forbidden')));
    const gateway = await startGateway({ upstreams: [{ host, forwardTo: new URL(upstream.origin) }] });
    open.push(gateway, upstream);
    await gateway.post('/v1/chat/completions', { ...CHAT, model: 'grok-4' }, {}, host);
    expect(gateway.settled()).toMatchObject([{ source: 'held', cost: 50_000_000 }]);
  });
});

function hostProvider(host: string): string | undefined {
  return host === 'llm.example' ? 'custom' : undefined;
}

describe('retries after an error', () => {
  it('stop at the limit where each may have been billed', async () => {
    const upstream = await startRaw((socket) => socket.end(jsonBytes(ERROR, '504 Gateway Timeout')));
    const gateway = await startGateway({ origin: upstream.origin, limits: [runLimit('tokens', 500)], waitMs: 10 });
    open.push(gateway, upstream);
    for (let attempt = 0; attempt < 10; attempt += 1) await gateway.post('/v1/chat/completions', CHAT);
    expect(upstream.requests.length).toBeLessThan(5);
    expect(gateway.refused().length).toBeGreaterThan(5);
    expect(gateway.ledger.snapshot().settled.tokens).toBeLessThanOrEqual(500);
  });
});
