/** A response that is worked at in the background keeps its hold until somebody learns what it used. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream, type Seen } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const USAGE = { input_tokens: 100, output_tokens: 50, total_tokens: 150 };
const response = (status: string, usage: object | null = null) => ({
  id: 'resp_1',
  object: 'response',
  background: true,
  status,
  model: 'gpt-4o',
  output: [],
  usage,
});
const event = (type: string, status: string, usage: object | null = null) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, response: response(status, usage) })}\n\n`;

/** Each request gets the next of these answers: a status with a JSON object, or the text of a stream. */
async function answering(
  answers: readonly (readonly [status: number, answer: object | string])[],
  options: TestGatewayOptions = {},
) {
  const queue = [...answers];
  const intercept = (_: Seen, to: ServerResponse) => {
    const [status, answer] = queue.shift() ?? [500, {}];
    const type = typeof answer === 'string' ? 'text/event-stream' : 'application/json';
    to.writeHead(status, { 'content-type': type });
    to.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    return true;
  };
  const upstream = await startUpstream({ intercept });
  const gateway = await startGateway({ origin: upstream.origin, ...options });
  open.push(gateway, upstream);
  const post = (body: object = {}) =>
    gateway.post('/v1/responses', { model: 'gpt-4o', input: 'x', max_output_tokens: 90, background: true, ...body });
  const get = (path = '/v1/responses/resp_1') => gateway.request({ path });
  return { gateway, post, get };
}

describe('a response in the background', () => {
  it('is settled once, by the first answer that states its use', async () => {
    const { gateway, post, get } = await answering([
      [200, response('queued')],
      [200, response('in_progress')],
      [503, { error: { message: 'later' } }],
      [404, { error: { message: 'what?' } }],
      [200, response('completed', USAGE)],
      [200, response('completed', { ...USAGE, output_tokens: 80 })],
    ]);
    expect((await post()).status).toBe(200);
    for (let round = 0; round < 3; round += 1) {
      await get();
      expect(gateway.settled()).toEqual([]);
      expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 1 });
    }
    expect(JSON.parse((await get()).text)).toEqual(response('completed', USAGE));
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 100, output: 50 } }]);
    await get();
    expect(gateway.settled()).toHaveLength(1);
    expect(gateway.voided()).toEqual([]);
    expect(gateway.background.size).toBe(0);
  });

  it.each(['incomplete', 'failed', 'cancelled'])('is settled where it ended as %s with usage', async (status) => {
    const { gateway, post, get } = await answering([
      [200, response('queued')],
      [200, response(status, USAGE)],
    ]);
    await post();
    await get();
    expect(gateway.settled()).toMatchObject([{ usage: { input: 100, output: 50 } }]);
  });

  it('is settled by the stream that fetches it', async () => {
    const { gateway, post, get } = await answering([
      [200, response('queued')],
      [200, event('response.in_progress', 'in_progress') + event('response.completed', 'completed', USAGE)],
    ]);
    await post();
    await get('/v1/responses/resp_1?stream=true&starting_after=4');
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 100, output: 50 } }]);
  });

  it('is settled by the answer to its being called off', async () => {
    const { gateway, post } = await answering([
      [200, response('queued')],
      [200, response('cancelled', USAGE)],
    ]);
    await post();
    await gateway.post('/v1/responses/resp_1/cancel', {});
    expect(gateway.settled()).toMatchObject([{ usage: { input: 100, output: 50 } }]);
  });

  it('keeps its hold where its stream broke off, and not where the stream came to its end', async () => {
    const { gateway, post, get } = await answering([
      [200, event('response.created', 'queued')],
      [200, response('completed', USAGE)],
      [200, event('response.created', 'queued') + event('response.completed', 'completed', USAGE)],
    ]);
    await post({ stream: true });
    expect(gateway.settled()).toEqual([]);
    await get();
    expect(gateway.settled()).toHaveLength(1);
    await post({ stream: true });
    expect(gateway.settled()).toHaveLength(2);
    expect(gateway.background.size).toBe(0);
  });

  it('costs its hold in the end where nobody asked', async () => {
    const { gateway, post } = await answering([[200, response('queued')]]);
    await post();
    gateway.background.end(gateway.ledger);
    expect(gateway.settled()).toMatchObject([{ source: 'held', usage: { output: 90 } }]);
    expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0 });
  });

  it('is another’s at another host', async () => {
    const { gateway, post } = await answering([
      [200, response('queued')],
      [200, response('completed', USAGE)],
    ]);
    await post();
    await gateway.request({ path: '/v1/responses/resp_1', host: 'api.mistral.ai' });
    expect(gateway.settled()).toEqual([]);
  });
});
