/** A server that does not keep to a bound on its output: the calls that follow hold what it bills, and the run is told. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream, type Seen } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** What each model writes, whatever it is asked for, and after how many ms. */
const WRITES: Readonly<Record<string, readonly [output: number, ms: number]>> = {
  'gpt-4o': [500, 40],
  o3: [10, 120],
  llama: [500, 0],
};

function answer({ body }: Seen, response: ServerResponse): boolean {
  const [output = 0, ms = 0] = WRITES[String(body.model)] ?? [];
  const usage = { prompt_tokens: 10, completion_tokens: output, total_tokens: 10 + output };
  const text = JSON.stringify({ model: body.model, choices: [{ message: { content: 'x' } }], usage });
  setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(text), ms);
  return true;
}

async function writing(options: TestGatewayOptions = {}) {
  const upstream = await startUpstream({ intercept: answer });
  const own = { host: 'own.example', forwardTo: new URL(upstream.origin) };
  const gateway = await startGateway({ origin: upstream.origin, upstreams: [own], ...options });
  open.push(gateway, upstream);
  return {
    gateway,
    post: async (bound: number, model = 'gpt-4o') =>
      (await gateway.post('/v1/chat/completions', { model, max_tokens: bound, messages: [] })).status,
  };
}

describe('output that was billed above its bound', () => {
  it('raises the hold of later calls to the model, and is told', async () => {
    const { gateway, post } = await writing();
    for (let i = 0; i < 3; i += 1) await post(10);
    expect(gateway.reserved().map(({ hold }) => hold.output)).toEqual([10, 500, 500]);
    expect(gateway.notices).toEqual([expect.stringMatching(/^above_hold: .* was billed more output than its request/)]);
  });

  it('by several calls at once raises it by the most of any, not by their sum', async () => {
    const { gateway, post } = await writing();
    await Promise.all([post(10), post(10), post(10), post(10)]);
    await post(10);
    expect(gateway.reserved().at(-1)?.hold.output).toBe(500);
  });

  it('leaves nothing that a later call could be lowered to', async () => {
    const { post } = await writing({ clamp: true, limits: [runLimit('output_tokens', 900)] });
    expect([await post(10), await post(100)]).toEqual([200, 402]);
  });

  it('counts for a call that waited for room meanwhile', async () => {
    const { gateway, post } = await writing({ limits: [runLimit('output_tokens', 2_015)] });
    const first = [post(10), post(2_000, 'o3')];
    while (gateway.ledger.snapshot().inFlight < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await Promise.all([...first, post(10)])).toEqual([200, 200, 200]);
    expect(gateway.reserved().at(-1)?.hold.output).toBe(500);
    expect(gateway.ledger.snapshot().inFlight).toBe(0);
  });

  it('is learned from a server that does not know the name of the bound, whose calls are marked', async () => {
    const { gateway } = await writing({ limits: [runLimit('tokens', 100_000)] });
    const body = { model: 'llama', max_completion_tokens: 10, messages: [] };
    for (let i = 0; i < 2; i += 1) await gateway.post('/v1/chat/completions', body, {}, 'own.example');
    expect(gateway.reserved()).toMatchObject([
      { hold: { output: 10 }, unbounded: 'an output bound by a name that some servers ignore' },
      { hold: { output: 500 } },
    ]);
  });
});
