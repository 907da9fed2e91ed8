/** A model without a rate, admitted for the cost that its answer is to state. */
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { jsonBytes, startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const BOUND = 500_000_000;
const OPTIONS = { limits: [runLimit('cost_usd', 2 * BOUND)], unpriced: 'stated', unpricedBound: BOUND } as const;
const CHAT = { model: 'acme/new', messages: [{ role: 'user', content: 'hello' }], max_tokens: 100 };

/** An upstream behind a host of a provider; its answers have this usage beside the counts. */
async function answering(host: string, usage: object, options: TestGatewayOptions = OPTIONS) {
  const counts = { prompt_tokens: 50, completion_tokens: 100, total_tokens: 150 };
  const answer = {
    id: 'c',
    model: 'acme/new',
    choices: [{ message: { content: 'x' } }],
    usage: { ...counts, ...usage },
  };
  const upstream = await startRaw((socket) => socket.write(jsonBytes(answer)));
  const upstreams = [{ host, forwardTo: new URL(upstream.origin) }];
  const gateway = await startGateway({ upstreams, ...options });
  open.push(gateway, upstream);
  return { gateway, ask: (path = '/api/v1/chat/completions') => gateway.post(path, CHAT, {}, host) };
}

describe('under `unpriced: stated`', () => {
  it.each([
    ['openrouter.ai', { cost: 0.0123 }, 12_300_000],
    ['api.x.ai', { cost_in_usd_ticks: 123_000_000 }, 12_300_000],
    ['api.perplexity.ai', { cost: { total_cost: 0.0123 } }, 12_300_000],
    ['openrouter.ai', { cost: 0, is_byok: false }, 0],
  ])('a call to %s whose answer states %j costs that, and holds the bound', async (host, usage, cost) => {
    const { gateway, ask } = await answering(host, usage);
    expect((await ask()).status).toBe(200);
    expect(gateway.reserved()).toMatchObject([{ rate: 'reported', hold: { cost: BOUND } }]);
    expect(gateway.settled()).toMatchObject([{ cost, usage: { input: 50, output: 100 } }]);
    expect(gateway.notices).toEqual([]);
  });

  it.each([
    ['nothing', {}],
    ['a cost that is none', { cost: 'much' }],
    ['a fee of the router alone, beside the client’s own key', { cost: 0.001, is_byok: true }],
  ])('an answer that states %s costs the whole bound', async (_, usage) => {
    const { gateway, ask } = await answering('openrouter.ai', usage);
    await ask();
    expect(gateway.settled()).toMatchObject([{ cost: BOUND, usage: { input: 50 } }]);
  });

  it('the bound is held, so that no more calls are in flight than the limit has room for', async () => {
    const { gateway, ask } = await answering('openrouter.ai', {});
    const statuses = [(await ask()).status, (await ask()).status, (await ask()).status];
    expect(statuses).toEqual([200, 200, 402]);
    expect(gateway.refused()).toMatchObject([{ reason: 'exhausted' }]);
  });

  it('a cost above the bound raises what later calls hold, and is told', async () => {
    const { gateway, ask } = await answering(
      'openrouter.ai',
      { cost: 0.8 },
      { ...OPTIONS, limits: [runLimit('cost_usd', 2_200_000_000)] },
    );
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    expect((await ask()).status).toBe(402);
    expect(gateway.reserved().map(({ hold }) => hold.cost)).toEqual([BOUND, 800_000_000]);
    expect(gateway.notices).toEqual([expect.stringMatching(/^above_hold: acme\/new at openrouter\.ai cost more than/)]);
  });

  it('a provider that is not known to state a cost is refused', async () => {
    const { gateway, ask } = await answering('api.groq.com', { cost: 0.01 });
    expect((await ask('/openai/v1/chat/completions')).status).toBe(402);
    expect(gateway.refused()).toMatchObject([{ reason: 'unpriced' }]);
  });

  it('a format in which no cost is stated is refused', async () => {
    const { gateway, ask } = await answering('openrouter.ai', { cost: 0.01 });
    expect((await ask('/api/v1/messages')).status).toBe(402);
    expect(gateway.refused()).toMatchObject([{ reason: 'unpriced' }]);
  });
});

it('under `refuse` a stated cost admits nothing', async () => {
  const { gateway, ask } = await answering('openrouter.ai', { cost: 0.01 }, { ...OPTIONS, unpriced: 'refuse' });
  expect((await ask()).status).toBe(402);
  expect(gateway.refused()).toMatchObject([{ reason: 'unpriced' }]);
});
