/** The price of a call follows the tier that its answer names, and the hold the dearest that it can reach. */
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { jsonBytes, startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** An upstream whose every answer has these members beside its usage. */
async function answering(members: object, options: TestGatewayOptions = {}) {
  const usage = { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 };
  const answer = { id: 'chatcmpl-1', model: 'gpt-4o', choices: [{ message: { content: 'x' } }], usage, ...members };
  const upstream = await startRaw((socket) => socket.write(jsonBytes(answer)));
  const gateway = await startGateway({ origin: upstream.origin, ...options });
  open.push(gateway, upstream);
  return gateway;
}

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello '.repeat(200) }], max_tokens: 100 };
const ask = (gateway: Awaited<ReturnType<typeof answering>>, more: object = {}) =>
  gateway.post('/v1/chat/completions', { ...CHAT, ...more });

/** gpt-4o: 2.50 in, 10 out; 1,000 and 100 tokens. */
const STANDARD = 3_500_000;

describe('the cost of a call', () => {
  it.each([
    ['default', undefined, STANDARD],
    ['flex', 'flex', STANDARD / 2],
    ['priority', 'priority', STANDARD * 1.7],
  ])('is that of the tier %s where the answer names it', async (word, tier, cost) => {
    const gateway = await answering({ service_tier: word });
    await ask(gateway);
    expect(gateway.settled()).toMatchObject([{ cost, source: 'reported' }]);
    expect(gateway.settled()[0]?.usage.tier).toBe(tier);
    expect(gateway.notices).toEqual([]);
  });

  it('at a tier without a known price is that of the dearest known, and the report is told', async () => {
    const gateway = await answering({ service_tier: 'brand-new' });
    await ask(gateway);
    expect(gateway.settled()).toMatchObject([{ cost: STANDARD * 2, usage: { tier: 'other' } }]);
    expect(gateway.notices).toEqual([expect.stringMatching(/^tier: .*\(other\).*api\.openai\.com/)]);
  });

  it('is what the policy’s rate makes of it at every tier', async () => {
    const flat = { input: 1_000, output: 1_000, cacheRead: 1_000, cacheWrite: 1_000, cacheWrite1h: 1_000, tiers: [] };
    const rates = [{ pattern: '*', card: { ...flat, source: 'policy' as const } }];
    const gateway = await answering({ service_tier: 'priority' }, { rates });
    await ask(gateway);
    expect(gateway.settled()).toMatchObject([{ cost: 1_100 }]);
    expect(gateway.notices).toEqual([]);
  });
});

describe('the hold of a call', () => {
  it('is dearer where the request names a dear tier, and no cheaper where it names a cheap one', async () => {
    const gateway = await answering({});
    await ask(gateway, { service_tier: 'standard' });
    await ask(gateway, { service_tier: 'priority' });
    await ask(gateway, { service_tier: 'flex', user: '1234' });
    const [standard = 0, priority = 0, flex = 0] = gateway.reserved().map(({ hold }) => hold.cost / (hold.input + 400));
    expect(priority / standard).toBeCloseTo(1.7, 5);
    expect(flex / standard).toBeCloseTo(1, 5);
    expect(gateway.reserved().every(({ unbounded }) => unbounded === undefined)).toBe(true);
  });

  it('follows the tier that a host answers at unasked, from the second call on', async () => {
    const gateway = await answering({ service_tier: 'priority' });
    await ask(gateway);
    await ask(gateway);
    const [first, second] = gateway.reserved().map(({ hold }) => hold.cost);
    expect((second ?? 0) / (first ?? 1)).toBeCloseTo(1.7, 5);
  });

  it('does not take a tier that one request asked for as every request’s', async () => {
    const gateway = await answering({ service_tier: 'priority' });
    await ask(gateway);
    const other = await answering({ service_tier: 'priority' });
    await ask(other, { service_tier: 'priority' });
    await ask(other);
    expect(other.reserved()[1]?.hold.cost).toBe(gateway.reserved()[0]?.hold.cost);
  });

  it('refuses a call at a dear tier that a standard one would have fitted', async () => {
    const held = await answering({});
    await ask(held, { service_tier: 'default' });
    const ceiling = held.reserved()[0]?.hold.cost ?? 0;
    const gateway = await answering({}, { limits: [runLimit('cost_usd', Math.ceil(ceiling * 1.2))] });
    expect((await ask(gateway, { service_tier: 'priority' })).status).toBe(402);
    expect((await ask(gateway, { service_tier: 'default' })).status).toBe(200);
  });
});

describe('a name that the host made up', () => {
  const models = new Map([['mine', 'gpt-4o']]);

  it('is unpriced before the answer names the model, without a word of the policy', async () => {
    const gateway = await answering({}, { limits: [runLimit('cost_usd', 1e9)] });
    expect((await ask(gateway, { model: 'mine' })).status).toBe(402);
    expect(gateway.refused()).toMatchObject([{ reason: 'unpriced', model: 'mine' }]);
  });

  it('is held for, and charged, as the model that the policy says it is', async () => {
    const upstreams = [{ host: 'corp.example', provider: 'azure', models }];
    const upstream = await startRaw((socket) =>
      socket.write(jsonBytes({ choices: [{ message: {} }], usage: { prompt_tokens: 1_000, completion_tokens: 100 } })),
    );
    const there = upstreams.map((each) => ({ ...each, forwardTo: new URL(upstream.origin) }));
    const gateway = await startGateway({ upstreams: there, limits: [runLimit('cost_usd', 1e9)] });
    open.push(gateway, upstream);
    await gateway.post('/openai/v1/chat/completions', { ...CHAT, model: 'Mine' }, {}, 'corp.example');
    expect(gateway.reserved()).toMatchObject([{ model: 'Mine', rate: 'table' }]);
    expect(gateway.settled()).toMatchObject([{ cost: STANDARD }]);
  });
});

describe('a price that changes with the time of day', () => {
  // deepseek-v4-flash: 0.15 in, 0.60 out; from 01:00 UTC on twice that.
  const off = (1_000 * 150_000 + 100 * 600_000) / 1_000;

  it.each([
    ['00:59:59', off],
    ['01:00:00', 2 * off],
  ])('is that of the moment when the call came: %s', async (time, cost) => {
    const clock = [new Date(`2026-11-24T${time}Z`), new Date('2026-11-24T03:00:00Z'), new Date('2026-11-24T12:00:00Z')];
    const usage = { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 };
    const upstream = await startRaw((socket) =>
      socket.write(jsonBytes({ model: 'deepseek-v4-flash', choices: [{ message: {} }], usage })),
    );
    const host = 'api.deepseek.com';
    const upstreams = [{ host, forwardTo: new URL(upstream.origin) }];
    const gateway = await startGateway({ upstreams, now: () => clock.shift() ?? new Date(0) });
    open.push(gateway, upstream);
    await gateway.post('/v1/chat/completions', { ...CHAT, model: 'deepseek-v4-flash' }, {}, host);
    expect(gateway.settled()).toMatchObject([{ cost }]);
    expect(gateway.reserved()[0]?.hold.cost).toBeGreaterThanOrEqual(100 * (time === '01:00:00' ? 1_320 : 660));
  });
});
