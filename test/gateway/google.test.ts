/** Google's ways on the wire: an array that grows, a bound that is written, and its error for what cannot be metered. */
import { afterEach, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream } from '../support/upstream.js';

const HOST = 'generativelanguage.googleapis.com';
const ASK = { contents: [{ role: 'user', parts: [{ text: 'Capital of France?' }] }], generationConfig: { topK: 3 } };

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function gatewayTo(options: TestGatewayOptions = {}) {
  const upstream = await startUpstream();
  const upstreams = [HOST, 'us-east5-aiplatform.googleapis.com'].map((host) => {
    return { host, forwardTo: new URL(upstream.origin) };
  });
  const gateway = await startGateway({ upstreams, ...options });
  open.push(gateway, upstream);
  return { gateway, upstream };
}

it.each(['', '?alt=sse'])('a stream (%s) is metered and its bound written beside the other members', async (query) => {
  const { gateway, upstream } = await gatewayTo({ limits: [runLimit('tokens', 10_000)], outputTokens: 77 });
  const path = `/v1beta/models/gemini-2.5-flash:streamGenerateContent${query}`;
  const { status, text } = await gateway.post(path, ASK, {}, HOST);
  expect({ status, starts: text[0] }).toEqual({ status: 200, starts: query === '' ? '[' : 'd' });
  expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 100, output: 50, reasoning: 7 } }]);
  expect(upstream.seen.map(({ body }) => body.generationConfig)).toEqual([{ topK: 3, maxOutputTokens: 77 }]);
});

it('a member that gets a bound keeps what else is in it, however long', async () => {
  const { gateway, upstream } = await gatewayTo({ limits: [runLimit('tokens', 100_000)], outputTokens: 77 });
  const responseSchema = { type: 'STRING', description: 'a "quoted" word '.repeat(2_000) };
  const asked = { ...ASK, generationConfig: { responseSchema } };
  await gateway.post('/v1beta/models/gemini-2.5-flash:generateContent', asked, {}, HOST);
  expect(upstream.seen.map(({ body }) => body)).toEqual([
    { ...asked, generationConfig: { responseSchema, maxOutputTokens: 77 } },
  ]);
});

it('a batch is refused in Google’s error shape', async () => {
  const { gateway, upstream } = await gatewayTo();
  const { status, text } = await gateway.post('/v1beta/models/gemini-2.5-flash:batchGenerateContent', ASK, {}, HOST);
  expect(status).toBe(402);
  expect(JSON.parse(text)).toMatchObject({ error: { code: 402, status: 'FAILED_PRECONDITION' } });
  expect(gateway.refused()).toMatchObject([{ reason: 'unmetered', provider: 'google' }]);
  expect(upstream.seen).toEqual([]);
});

it('Claude on Vertex in one region costs a tenth more', async () => {
  const { gateway } = await gatewayTo();
  const path = '/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict';
  await gateway.post(path, { max_tokens: 60, messages: [] }, {}, 'us-east5-aiplatform.googleapis.com');
  expect(gateway.settled()).toMatchObject([{ cost: (100 * 3_000 + 50 * 15_000) * 1.1, usage: { regional: true } }]);
});
