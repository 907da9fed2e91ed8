/** What is asked for and has no known price is refused under a cost limit; what a cost leaves out is told. */
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyRate } from '../../src/domain/policy.js';
import { buildReport } from '../../src/report/build.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { runLimit, startGateway, type TestGatewayOptions } from '../support/gateway.js';
import { jsonBytes, startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const LIMITS = [runLimit('cost_usd', 1e12)];

/** A gateway whose providers all give one answer. */
async function answering(answer: object, options: TestGatewayOptions = {}) {
  const upstream = await startRaw((socket) => socket.write(jsonBytes(answer)));
  const upstreams = [
    ...['api.openai.com', 'us.api.openai.com', 'api.anthropic.com', 'generativelanguage.googleapis.com'],
    ...['api.mistral.ai', 'api.deepseek.com', 'api.groq.com', 'api.x.ai', 'my.azure.example', 'api.cohere.com'],
    ...['us-central1-aiplatform.googleapis.com', 'aiplatform.googleapis.com', 'openrouter.ai', 'corp.example'],
    'bedrock-runtime.us-east-1.amazonaws.com',
  ].map((host) => ({
    host,
    forwardTo: new URL(upstream.origin),
    ...(host === 'my.azure.example' && { provider: 'azure' }),
  }));
  const gateway = await startGateway({ upstreams, limits: LIMITS, ...options });
  open.push(gateway, upstream);
  return gateway;
}

const USED = { usage: { input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100 } };
const RESPONSES = '/v1/responses';
const response = (more: object) => ({ model: 'gpt-5', input: 'hello', max_output_tokens: 100, ...more });
const message = (more: object) => ({
  model: 'claude-sonnet-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'hello' }],
  ...more,
});
const chat = (more: object) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'hi' }],
  max_tokens: 9,
  ...more,
});
const GEMINI = '/v1beta/models/gemini-3-flash-preview:generateContent';
const gemini = (tool: string) => ({
  contents: [{ parts: [{ text: 'hi' }] }],
  generationConfig: { maxOutputTokens: 9 },
  tools: [{ [tool]: {} }],
});

describe('a call that asks for something without a known price', () => {
  it.each([
    [
      'an unknown service tier',
      RESPONSES,
      response({ service_tier: 'hyper' }),
      'api.openai.com',
      'the service tier hyper',
    ],
    [
      'ultrafast at a model without a price for it',
      RESPONSES,
      response({ service_tier: 'ultrafast' }),
      'api.openai.com',
      'the service tier ultrafast',
    ],
    [
      'fast mode at a model that has none',
      '/v1/messages',
      message({ speed: 'fast' }),
      'api.anthropic.com',
      'the service tier fast',
    ],
    [
      'a tier at the end of the model’s name',
      '/v1/messages',
      message({ model: 'claude-sonnet-4-5-fast' }),
      'api.anthropic.com',
      'the service tier fast',
    ],
    [
      'a tool that is not known',
      RESPONSES,
      response({ tools: [{ type: 'telepathy' }] }),
      'api.openai.com',
      'the tool telepathy',
    ],
    [
      'a search of a version that is not known',
      RESPONSES,
      response({ tools: [{ type: 'web_search_ultra' }] }),
      'api.openai.com',
      'the tool web_search_ultra',
    ],
    [
      'a container of a size that is not known',
      RESPONSES,
      response({ tools: [{ type: 'code_interpreter', container: { type: 'auto', memory_limit: '99g' } }] }),
      'api.openai.com',
      'the tool code_interpreter:99g',
    ],
    [
      'a picture model that is not known',
      RESPONSES,
      response({ tools: [{ type: 'image_generation', model: 'gpt-image-9' }] }),
      'api.openai.com',
      'the model gpt-image-9 of the tool image_generation',
    ],
    [
      'Azure’s own search',
      '/openai/v1/responses',
      response({ tools: [{ type: 'web_search_preview' }] }),
      'my.azure.example',
      'the tool web_search_preview',
    ],
    [
      'Anthropic’s tool of the future',
      '/v1/messages',
      message({ tools: [{ type: 'mind_reading_20270101', name: 'mind' }] }),
      'api.anthropic.com',
      'the tool mind_reading_20270101',
    ],
    [
      'a region without a published price',
      '/v1/messages',
      message({ inference_geo: 'eu' }),
      'api.anthropic.com',
      'the region eu',
    ],
    [
      'a tool of Gemini’s that is not known',
      GEMINI,
      gemini('parallelAiSearch'),
      'generativelanguage.googleapis.com',
      'the tool parallel_ai_search',
    ],
    [
      'the search for companies with a model that has no price for it',
      '/v1beta/models/gemini-pro-latest:generateContent',
      gemini('enterpriseWebSearch'),
      'generativelanguage.googleapis.com',
      'the tool enterprise_web_search',
    ],
    [
      'a connector of Mistral’s',
      '/v1/conversations',
      {
        model: 'mistral-large-2512',
        inputs: 'hi',
        tools: [{ type: 'web_search' }],
        completion_args: { max_tokens: 9 },
      },
      'api.mistral.ai',
      'the tool web_search',
    ],
    [
      'a plugin of OpenRouter’s',
      '/api/v1/chat/completions',
      chat({ model: 'openai/gpt-4o', plugins: [{ id: 'crystal-ball' }] }),
      'openrouter.ai',
      'the tool plugin:crystal-ball',
    ],
    [
      'a tool of Groq’s system',
      '/openai/v1/chat/completions',
      chat({ model: 'llama-3.3-70b-versatile', tools: [{ type: 'time_travel' }] }),
      'api.groq.com',
      'the tool time_travel',
    ],
    [
      'a picture of a model without a price for one',
      '/v1/images/generations',
      { model: 'gpt-4o', prompt: 'x' },
      'api.openai.com',
      'a picture',
    ],
  ])('is refused: %s', async (_, path, body, host, part) => {
    const gateway = await answering(USED);
    const answer = await gateway.post(path, body, {}, host);
    expect(answer.status).toBe(402);
    expect(gateway.refused()).toMatchObject([{ reason: 'unpriced', unpriced: part }]);
    expect(answer.headers['x-token-budget-unpriced']).toBe(part);
    expect(String(answer.body)).toContain('no price is known for');
    expect(String(answer.body)).not.toContain('429');
  });

  it('is told by name where no digit stands in it, and what to do', async () => {
    const gateway = await answering(USED);
    const answer = await gateway.post(RESPONSES, response({ service_tier: 'hyper' }), {}, 'api.openai.com');
    expect(String(answer.body)).toMatch(
      /no price is known for the service tier hyper.*under rates in token-budget\.yml/,
    );
  });

  it('never repeats what is no word of an API', async () => {
    const gateway = await answering(USED);
    const secret = 'sk-Abc123Def456Ghi789Jkl012';
    const answer = await gateway.post(RESPONSES, response({ service_tier: secret }), {}, 'api.openai.com');
    const told = JSON.stringify([gateway.entries, answer.headers, String(answer.body)]);
    expect(answer.status).toBe(402);
    expect(told.toLowerCase()).not.toContain(secret.toLowerCase());
  });

  it('passes without a limit on the cost, and its cost is told to be incomplete', async () => {
    const gateway = await answering({ ...USED, model: 'gpt-5' }, { limits: [runLimit('tokens', 1e9)] });
    await gateway.post(RESPONSES, response({ tools: [{ type: 'telepathy' }] }), {}, 'api.openai.com');
    expect(gateway.settled()).toMatchObject([
      { cost: 2_250_000, incomplete: 'no price is known for the tool telepathy' },
    ]);
  });

  it('passes where the policy warns, with a notice', async () => {
    const gateway = await answering({ ...USED, model: 'gpt-5' }, { unpriced: 'warn' });
    await gateway.post(RESPONSES, response({ service_tier: 'hyper' }), {}, 'api.openai.com');
    expect(gateway.refused()).toEqual([]);
    expect(gateway.notices).toContainEqual(expect.stringContaining('the service tier hyper of calls to gpt-5'));
    expect(gateway.settled()).toMatchObject([{ incomplete: 'no price is known for the service tier hyper' }]);
  });
});

describe('a call that asks for what has a price', () => {
  const policyRate = (fees: object, factors: object = {}): readonly PolicyRate[] => [
    {
      pattern: '*',
      card: {
        ...{
          input: 1_000_000,
          output: 1_000_000,
          cacheRead: 1_000_000,
          cacheWrite: 1_000_000,
          cacheWrite1h: 1_000_000,
        },
        ...{ fees, factors, tiers: [], source: 'policy' as const },
      },
    },
  ];

  it.each([
    [
      'the caller’s own tools',
      RESPONSES,
      response({
        tools: [
          { type: 'function', name: 'f' },
          { type: 'local_shell' },
          { type: 'shell' },
          { type: 'mcp', server_label: 's' },
        ],
      }),
      'api.openai.com',
    ],
    [
      'searches',
      RESPONSES,
      response({ tools: [{ type: 'web_search_2025_08_26' }, { type: 'file_search' }] }),
      'api.openai.com',
    ],
    [
      'a container',
      RESPONSES,
      response({ tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] }),
      'api.openai.com',
    ],
    [
      'Anthropic’s tools',
      '/v1/messages',
      message({
        tools: [
          { type: 'web_search_20250305', name: 'web_search' },
          { type: 'web_fetch_20250910', name: 'web_fetch' },
          { type: 'bash_20250124', name: 'bash' },
          { type: 'code_execution_20260120', name: 'c' },
        ],
      }),
      'api.anthropic.com',
    ],
    [
      'DeepSeek’s search',
      '/anthropic/v1/messages',
      message({ model: 'deepseek-v4-pro', tools: [{ type: 'web_search_20260209', name: 'web_search' }] }),
      'api.deepseek.com',
    ],
    ['Gemini’s tools', GEMINI, gemini('url_context'), 'generativelanguage.googleapis.com'],
    [
      'xAI’s tools',
      RESPONSES,
      response({ model: 'grok-4.5', tools: [{ type: 'x_search' }, { type: 'web_search' }] }),
      'api.x.ai',
    ],
    ['a region with a published price', '/v1/messages', message({ inference_geo: 'us' }), 'api.anthropic.com'],
    [
      'a search that is off',
      '/v1/chat/completions',
      chat({ model: 'grok-4.5', search_parameters: { mode: 'off' } }),
      'api.x.ai',
    ],
  ])('is sent: %s', async (_, path, body, host) => {
    const gateway = await answering(USED);
    expect((await gateway.post(path, body, {}, host)).status).toBe(200);
  });

  it('costs what DeepSeek takes for each search, and says that pages which it opened are not told', async () => {
    const gateway = await answering({
      ...USED,
      model: 'deepseek-v4-pro',
      usage: { input_tokens: 1_000, output_tokens: 100, server_tool_use: { web_search_requests: 2 } },
      type: 'message',
      content: [{ type: 'text', text: 'found' }],
      stop_reason: 'end_turn',
    });
    const asked = message({
      model: 'deepseek-v4-pro',
      tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 3 }],
    });
    await gateway.post('/anthropic/v1/messages', asked, {}, 'api.deepseek.com');
    const [without] = gateway.settled();
    expect(without).toMatchObject({
      usage: { meters: { searches: 2 } },
      incomplete: expect.stringContaining('pages') as string,
    });
  });

  it('is sent where the policy has a fee for a tool that is not known', async () => {
    const answer = { ...USED, model: 'gpt-5', output: [{ type: 'telepathy_call' }, { type: 'telepathy_call' }] };
    const gateway = await answering(answer, { rates: policyRate({ toolCalls: 5_000_000_000 }) });
    const asked = response({ tools: [{ type: 'telepathy' }] });
    expect((await gateway.post(RESPONSES, asked, {}, 'api.openai.com')).status).toBe(200);
    expect(gateway.settled()).toMatchObject([{ cost: 1_100_000 + 10_000_000 }]);
  });

  it('is refused under a policy’s rate that says nothing of a tool, and sent under one that says all is free', async () => {
    const asked = response({ tools: [{ type: 'telepathy' }] });
    const rated = await answering(USED, { rates: policyRate({}) });
    expect((await rated.post(RESPONSES, asked, {}, 'api.openai.com')).status).toBe(402);
    const [{ card, ...rate } = { card: undefined, pattern: '*' }] = policyRate({});
    const zero = {
      ...card,
      input: 0,
      output: 0,
      cacheRead: 0,
      cacheWrite: 0,
      cacheWrite1h: 0,
      tiers: [],
      source: 'policy' as const,
    };
    const free = await answering(USED, { rates: [{ ...rate, card: zero }] });
    expect((await free.post(RESPONSES, asked, {}, 'api.openai.com')).status).toBe(200);
    expect(free.settled()).toMatchObject([{ cost: 0 }]);
    expect(free.settled()[0]).not.toHaveProperty('incomplete');
  });

  it('holds the fees of as many uses as the request allows', async () => {
    const gateway = await answering(USED);
    const tool = { type: 'web_search_20250305', name: 'web_search' };
    const holds: number[] = [];
    for (const max_uses of [1, 5]) {
      await gateway.post('/v1/messages', message({ tools: [{ ...tool, max_uses }] }), {}, 'api.anthropic.com');
      holds.push(gateway.reserved().at(-1)?.hold.cost ?? 0);
    }
    expect((holds[1] ?? 0) - (holds[0] ?? 0)).toBe(40_000_000);
  });
});

describe('a settled cost', () => {
  /** gpt-5: 1.25 in, 10 out; 1,000 and 100 tokens. */
  const TOKENS = 2_250_000;
  const item = (type: string, more: object = {}) => ({ type, status: 'completed', ...more });
  const search = (type: string) => item('web_search_call', { action: { type } });

  it.each([
    [
      'a search each, and no page that was opened',
      [{ type: 'web_search' }],
      [search('search'), search('search'), search('open_page')],
      {},
      20_000_000,
      undefined,
    ],
    [
      'the provider’s own count of searches',
      [{ type: 'web_search' }],
      [search('search'), search('search')],
      { tool_usage: { web_search: { num_requests: 1 } } },
      10_000_000,
      undefined,
    ],
    ['a search of files', [{ type: 'file_search' }], [item('file_search_call')], {}, 2_500_000, undefined],
    [
      'a container once, and is not complete',
      [{ type: 'code_interpreter', container: { type: 'auto', memory_limit: '4g' } }],
      [item('code_interpreter_call', { container_id: 'c1' }), item('code_interpreter_call', { container_id: 'c1' })],
      {},
      120_000_000,
      /billed by the minute/,
    ],
    [
      'nothing of a tool that nobody knows, and is not complete',
      [],
      [item('telepathy_call')],
      {},
      0,
      /tools that ran at the provider/,
    ],
    [
      'a picture as held where its tokens are not stated, and is not complete',
      [{ type: 'image_generation', model: 'gpt-image-2' }],
      [item('image_generation_call')],
      {},
      300_000_000,
      /pictures are not stated/,
    ],
  ])('has %s', async (_, tools, output, more, fees, incomplete) => {
    const gateway = await answering({ ...USED, model: 'gpt-5', output, ...more });
    await gateway.post(RESPONSES, response({ tools }), {}, 'api.openai.com');
    const [settled] = gateway.settled();
    expect(settled?.cost).toBe(TOKENS + fees);
    if (incomplete === undefined) expect(settled).not.toHaveProperty('incomplete');
    else expect(settled?.incomplete).toMatch(incomplete);
  });

  it('has the tokens of a search that a small model does not state', async () => {
    const gateway = await answering({ ...USED, model: 'gpt-4o-mini', output: [search('search')] });
    await gateway.post(
      RESPONSES,
      response({ model: 'gpt-4o-mini', tools: [{ type: 'web_search' }] }),
      {},
      'api.openai.com',
    );
    expect(gateway.settled()).toMatchObject([{ cost: 150_000 + 60_000 + 10_000_000 + 1_200_000 }]);
  });

  it('counts the tokens of a tool’s pictures as the call’s own, at the price of the model that made them', async () => {
    const image = { input_tokens: 20, output_tokens: 1_000, output_tokens_details: { image_tokens: 1_000 } };
    const answer = {
      ...USED,
      model: 'gpt-5',
      output: [item('image_generation_call')],
      tool_usage: { image_gen: image },
    };
    const gateway = await answering({ ...answer, tools: [{ type: 'image_generation', model: 'gpt-image-2' }] });
    await gateway.post(
      RESPONSES,
      response({ tools: [{ type: 'image_generation', model: 'gpt-image-2' }] }),
      {},
      'api.openai.com',
    );
    expect(gateway.settled()).toMatchObject([
      { cost: TOKENS + 100_000 + 30_000_000, usage: { input: 1_020, output: 1_100, imageOut: 1_000 } },
    ]);
  });

  it('is told to lack the time of Claude’s code, unless a search of the web makes that free', async () => {
    const content = [{ type: 'server_tool_use', name: 'bash_code_execution', id: 's', input: {} }];
    const usage = { input_tokens: 1_000, output_tokens: 100 };
    const gateway = await answering({ type: 'message', model: 'claude-sonnet-5', content, usage });
    const code = { type: 'code_execution_20260120', name: 'code_execution' };
    await gateway.post('/v1/messages', message({ tools: [code] }), {}, 'api.anthropic.com');
    await gateway.post(
      '/v1/messages',
      message({ tools: [code, { type: 'web_search_20260318', name: 'web_search' }] }),
      {},
      'api.anthropic.com',
    );
    const [billed, free] = gateway.settled();
    expect(billed?.incomplete).toMatch(/billed by its time/);
    expect(free).not.toHaveProperty('incomplete');
    expect((billed?.cost ?? 0) - (free?.cost ?? 0)).toBe(4_166_667);
  });

  it('is a tenth dearer where a path of Vertex names a region, whatever host takes it', async () => {
    const answer = {
      candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 100, totalTokenCount: 1_100 },
    };
    const gateway = await answering(answer);
    const body = { contents: [{ parts: [{ text: 'hi' }] }], generationConfig: { maxOutputTokens: 9 } };
    for (const place of ['global', 'us-central1']) {
      const path = `/v1/projects/p/locations/${place}/publishers/google/models/gemini-3.5-flash-lite:generateContent`;
      await gateway.post(path, body, {}, 'aiplatform.googleapis.com');
    }
    const [global, regional] = gateway.settled();
    expect(regional?.cost).toBe((global?.cost ?? 0) * 1.1);
  });

  it('is complete where the provider states it', async () => {
    const usage = { ...USED.usage, cost_in_usd_ticks: 50_000_000 };
    const gateway = await answering({ model: 'grok-4.5', usage, output: [item('telepathy_call')] });
    await gateway.post(RESPONSES, response({ model: 'grok-4.5', tools: [{ type: 'x_search' }] }), {}, 'api.x.ai');
    expect(gateway.settled()).toMatchObject([{ cost: 5_000_000, rate: 'reported' }]);
    expect(gateway.settled()[0]).not.toHaveProperty('incomplete');
  });

  it('that leaves a part out makes every total say "at least"', async () => {
    const gateway = await answering({ ...USED, model: 'gpt-5', output: [item('telepathy_call')] });
    await gateway.post(RESPONSES, response({}), {}, 'api.openai.com');
    const start = {
      ...{
        event: 'open' as const,
        version: 1 as const,
        tool: '0',
        at: '2026-11-28T00:00:00Z',
        onExceed: 'raise' as const,
      },
      ...{
        policy: { file: 'p.yml', hash: '00' },
        warnAt: 0.8,
        argv: ['x'],
        prices: { source: 's', date: '2026-09-23' },
      },
      limits: [{ dimension: 'cost_usd' as const, scope: 'run', ceiling: 1e9, at: 'p.yml:1:1' }],
    };
    const report = buildReport([start, ...gateway.entries]);
    expect(report.totals.cost_incomplete_calls).toBe(1);
    expect(report.limits[0]).toMatchObject({ at_least: true });
    const text = renderMarkdown(report);
    expect(text).toContain('at least $0.00225 of $1.00');
    expect(text).toMatch(/cost of 1 call to `gpt-5` is incomplete/);
  });
});
