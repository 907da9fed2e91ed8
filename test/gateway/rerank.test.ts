/** A rerank reads its query with each document anew, so that the bytes of its request are no bound by themselves. */
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway } from '../support/gateway.js';
import { jsonBytes, startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const QUERY = 'What is the capital of France, and since when has it been that? '.repeat(4);
const BODY = { model: 'rerank-2.5', query: QUERY, documents: Array<string>(50).fill('Paris.') };
const RANKS = [{ index: 0, relevance_score: 0.9 }];

async function ask(answer: object) {
  const upstream = await startRaw((socket) => socket.write(jsonBytes(answer)));
  const upstreams = [{ host: 'api.voyageai.com', forwardTo: new URL(upstream.origin) }];
  const gateway = await startGateway({ upstreams, limits: [runLimit('tokens', 100_000)] });
  open.push(gateway, upstream);
  await gateway.post('/v1/rerank', BODY, {}, 'api.voyageai.com');
  await gateway.idle();
  return { hold: gateway.reserved()[0]?.hold, settled: gateway.settled()[0] };
}

describe('a rerank', () => {
  it('holds its query for each document', async () => {
    const { hold } = await ask({ data: RANKS, usage: { total_tokens: 900 } });
    expect(hold?.input).toBeGreaterThan(50 * QUERY.length);
  });

  it.each([
    ['the total alone', { total_tokens: 3_000 }],
    ['the prompt and the total', { prompt_tokens: 3_000, total_tokens: 3_000 }],
  ])('costs what its answer states, be it %s', async (_, usage) => {
    const { settled } = await ask({ model: 'rerank-2.5', data: RANKS, usage });
    expect(settled).toMatchObject({ source: 'reported', usage: { input: 3_000, output: 0 } });
  });

  it('costs its hold where its answer states nothing', async () => {
    const { hold, settled } = await ask({ results: RANKS });
    expect(settled).toMatchObject({ source: 'held', usage: { input: hold?.input } });
  });
});
