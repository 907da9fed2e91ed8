/** A response that is worked at in the background keeps its hold until somebody learns what it used. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
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
    expect(gateway.gateway.runningOn).toBe(0);
    // For its own answer, and for the two later ones that were read for it.
    const { id } = gateway.settled()[0] ?? { id: 0 };
    await vi.waitFor(() => {
      expect(gateway.replied).toEqual([id, id, id]);
    });
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
    expect(gateway.gateway.runningOn).toBe(0);
  });

  it('costs its hold in the end where nobody asked', async () => {
    const { gateway, post } = await answering([[200, response('queued')]]);
    await post();
    await gateway.gateway.finish(0);
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

describe('a job of another format', () => {
  const USED = { prompt_tokens: 24, completion_tokens: 50, total_tokens: 74 };
  const CHAT = { model: 'gpt-4o', max_tokens: 90, messages: [{ role: 'user', content: 'hi' }] };
  const done = { id: 'c', model: 'gpt-4o', choices: [{ message: { content: 'x' } }], usage: USED };

  /** An upstream for this host, whose GETs are answered by each of these in turn, and whose POSTs by the first. */
  async function jobs(host: string, posted: object, ...gets: readonly (readonly [number, object | undefined])[]) {
    const queue = [...gets];
    const intercept = (seen: Seen, to: ServerResponse) => {
      const [status, answer] = seen.method === 'POST' ? [200, posted] : (queue.shift() ?? [500, {}]);
      to.writeHead(status, { 'content-type': 'application/json' }).end(answer && JSON.stringify(answer));
      return true;
    };
    const upstream = await startUpstream({ intercept });
    const gateway = await startGateway({ upstreams: [{ host, forwardTo: new URL(upstream.origin) }] });
    open.push(gateway, upstream);
    return {
      gateway,
      post: (path: string, body: object) => gateway.post(path, body, {}, host),
      get: (path: string) => gateway.request({ path, host }),
    };
  }

  it.each<[string, string, string, object, object, string, object]>([
    [
      'xAI’s deferred completions',
      'api.x.ai',
      '/v1/chat/completions',
      { ...CHAT, deferred: true },
      { request_id: 'a-b' },
      '/v1/chat/deferred-completion/a-b',
      done,
    ],
    [
      'Perplexity’s asynchronous chats',
      'api.perplexity.ai',
      '/async/chat/completions',
      { request: CHAT },
      { id: 'r_1', model: 'sonar', created_at: 1, status: 'CREATED' },
      '/async/chat/completions/r_1',
      { id: 'r_1', status: 'COMPLETED', response: done },
    ],
    [
      'Perplexity’s asynchronous chats by their newer name',
      'api.perplexity.ai',
      '/v1/async/sonar',
      { request: CHAT },
      { id: 'r_1', status: 'CREATED', response: null },
      '/v1/async/sonar/r_1',
      { id: 'r_1', status: 'COMPLETED', response: done },
    ],
    [
      'jobs of a gateway',
      'llm.example',
      '/v1/async/chat/completions',
      CHAT,
      { id: 'job-1', status: 'pending' },
      '/v1/async/chat/completions/job-1',
      { id: 'job-1', status: 'completed', result: done },
    ],
    [
      'Z.ai’s asynchronous chats',
      'api.z.ai',
      '/api/paas/v4/async/chat/completions',
      CHAT,
      { id: '17-8', model: 'glm', task_status: 'PROCESSING' },
      '/api/paas/v4/async-result/17-8',
      { ...done, task_status: 'SUCCESS' },
    ],
  ])('keeps its hold until its answer is fetched: %s', async (_, host, path, body, posted, later, fetched) => {
    const { gateway, post, get } = await jobs(host, posted, [202, undefined], [200, posted], [404, {}], [200, fetched]);
    expect((await post(path, body)).status).toBe(200);
    expect(gateway.reserved()).toMatchObject([{ hold: { output: 90 } }]);
    for (let round = 0; round < 3; round += 1) {
      await get(later);
      expect(gateway.settled()).toEqual([]);
      expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 1 });
    }
    await get(later);
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 24, output: 50 } }]);
    expect(gateway.gateway.runningOn).toBe(0);
    expect(gateway.failures).toEqual([]);
  });

  it('of Google’s interactions keeps its hold, even where an unfinished one states some use', async () => {
    const state = (status: string, output: number) => ({
      id: 'int_1',
      status,
      model: 'gemini-2.5-flash',
      usage: { total_input_tokens: 5, total_output_tokens: output, total_tokens: 5 + output },
    });
    const host = 'generativelanguage.googleapis.com';
    const { gateway, post, get } = await jobs(host, state('in_progress', 1), [200, state('completed', 50)]);
    const asked = { model: 'gemini-2.5-flash', input: 'hi', background: true };
    await post('/v1beta/interactions', { ...asked, generation_config: { max_output_tokens: 90 } });
    expect(gateway.settled()).toEqual([]);
    await get('/v1beta/interactions/int_1');
    expect(gateway.settled()).toMatchObject([{ usage: { input: 5, output: 50 } }]);
  });

  it('costs its hold at once where another has its id, so that no answer could tell them apart', async () => {
    const { gateway, post, get } = await jobs('api.x.ai', { request_id: 'same' }, [200, done]);
    await post('/v1/chat/completions', { ...CHAT, deferred: true });
    await post('/v1/chat/completions', { ...CHAT, deferred: true });
    expect(gateway.settled()).toMatchObject([{ source: 'held' }]);
    await get('/v1/chat/deferred-completion/same');
    expect(gateway.settled()).toMatchObject([{ source: 'held' }, { source: 'reported' }]);
    expect(gateway.ledger.snapshot()).toMatchObject({ inFlight: 0 });
  });

  it('that failed, or whose answer has no usage, costs its hold in the end', async () => {
    const failed = { id: 'r_1', status: 'FAILED', error_message: 'no' };
    const silent = { id: 'r_1', status: 'COMPLETED', response: { ...done, usage: null } };
    const created = { id: 'r_1', status: 'CREATED' };
    const { gateway, post, get } = await jobs('api.perplexity.ai', created, [200, failed], [200, silent]);
    await post('/async/chat/completions', { request: CHAT });
    for (let round = 0; round < 2; round += 1) await get('/async/chat/completions/r_1');
    expect(gateway.settled()).toEqual([]);
    await gateway.gateway.finish(0);
    expect(gateway.settled()).toMatchObject([{ source: 'held', usage: { output: 90 } }]);
  });
});

describe('a bound that a request in an envelope does not state', () => {
  it('is written into the envelope', async () => {
    const upstream = await startUpstream({
      intercept: (_, to) => {
        to.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"r_1","status":"CREATED"}');
        return true;
      },
    });
    const host = 'api.perplexity.ai';
    const limits = [runLimit('tokens', 1e6)];
    const gateway = await startGateway({ upstreams: [{ host, forwardTo: new URL(upstream.origin) }], limits });
    open.push(gateway, upstream);
    const request = { model: 'sonar-deep-research', messages: [] };
    await gateway.post('/async/chat/completions', { request }, {}, host);
    expect(upstream.seen[0]?.body).toEqual({ request: { ...request, max_tokens: 1000 } });
    expect(gateway.reserved()).toMatchObject([{ model: 'sonar-deep-research', unbounded: 'server tools' }]);
  });
});

describe('a job whose result was not fetched yet', () => {
  const CHAT = { model: 'grok-4', max_tokens: 90, messages: [{ role: 'user', content: 'hi' }] };
  const HOST = 'api.x.ai';
  const result = '/v1/chat/deferred-completion/job';
  const done = {
    id: 'c',
    model: 'grok-4',
    choices: [{ message: { content: 'x' } }],
    usage: { prompt_tokens: 24, completion_tokens: 50, total_tokens: 74 },
  };

  /** A gateway with room for one call at a time; `asked` holds what asks for the job, to be answered by the test. */
  async function oneAtATime() {
    const asked: ServerResponse[] = [];
    const upstream = await startUpstream({
      intercept: (seen, to) => {
        to.setHeader('content-type', 'application/json');
        if (seen.method === 'GET') asked.push(to);
        else to.end(JSON.stringify(seen.body.deferred === true ? { request_id: 'job' } : done));
        return true;
      },
    });
    const gateway = await startGateway({
      upstreams: [{ host: HOST, forwardTo: new URL(upstream.origin) }],
      limits: [runLimit('output_tokens', 150)],
      waitMs: 60_000,
    });
    open.push(gateway, upstream);
    const post = (body: object = {}) => gateway.post('/v1/chat/completions', { ...CHAT, ...body }, {}, HOST);
    const get = async (before: number) => {
      const answered = gateway.request({ path: result, host: HOST });
      while (asked.length === before) await new Promise(setImmediate);
      return answered;
    };
    return { gateway, asked, post, get };
  }

  /** A call that waits, once it does. */
  async function waiting({ gateway, post }: Awaited<ReturnType<typeof oneAtATime>>) {
    const answer = post();
    while (gateway.ledger.snapshot().waiting === 0) await new Promise(setImmediate);
    return { answer };
  }

  it('makes no call wait, and the refusal says what to do', async () => {
    const { gateway, post } = await oneAtATime();
    await post({ deferred: true });
    const refused = await post();
    expect(refused).toMatchObject({ status: 402, headers: { 'x-token-budget': 'held' } });
    expect(refused.text).toContain('reserved by jobs whose results were not fetched yet');
    expect(refused.text).not.toMatch(/\d{3}/);
    expect(gateway.refused()).toMatchObject([{ reason: 'held', deferred: true }]);
  });

  it('lets calls wait while it is asked for, and serves them by what it used', async () => {
    const setting = await oneAtATime();
    await setting.post({ deferred: true });
    const first = setting.get(0);
    const second = setting.get(1);
    while (setting.asked.length < 2) await new Promise(setImmediate);
    const { answer } = await waiting(setting);
    // One of two that ask has heard nothing new: the other may.
    setting.asked[0]?.writeHead(202).end();
    await first;
    expect(setting.gateway.ledger.snapshot()).toMatchObject({ waiting: 1 });
    setting.asked[1]?.end(JSON.stringify(done));
    await second;
    expect((await answer).status).toBe(200);
  });

  it('ends the wait of calls when the last that asks hears that it is not done', async () => {
    const setting = await oneAtATime();
    await setting.post({ deferred: true });
    const asking = setting.get(0);
    while (setting.asked.length === 0) await new Promise(setImmediate);
    const { answer } = await waiting(setting);
    setting.asked[0]?.writeHead(202).end();
    await asking;
    expect((await answer).headers['x-token-budget']).toBe('held');
  });
});
