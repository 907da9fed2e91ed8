/** What other meters got wrong with usage, streams and prices: one test for each, from answer to cost. */
import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../src/domain/call.js';
import { chargeOf } from '../../src/domain/rate.js';
import type { AnswerMeter } from '../../src/meter/answer.js';
import { jsonAnswer } from '../../src/meter/json-answer.js';
import { streamAnswer } from '../../src/meter/stream-answer.js';
import { DIALECTS } from '../../src/meter/dialects/index.js';
import { rateFor } from '../../src/meter/prices.js';

const AT = new Date('2026-11-20T12:00:00Z');

async function answered(dialect: DialectName, answer: object): Promise<AnswerMeter> {
  const meter = jsonAnswer(DIALECTS[dialect], '');
  await meter.push(Buffer.from(JSON.stringify(answer)));
  await meter.end();
  return meter;
}

async function streamed(dialect: DialectName, events: readonly object[]): Promise<AnswerMeter> {
  const meter = streamAnswer(DIALECTS[dialect], '', false);
  for (const event of events) await meter.push(Buffer.from(`data: ${JSON.stringify(event)}\n\n`));
  await meter.end();
  return meter;
}

/** Nano-USD by the built-in table. */
function costOf({ reported }: AnswerMeter, provider: string, model: string): number {
  if (!reported) throw new Error('nothing was reported');
  return chargeOf(rateFor([], provider, model, AT), reported.usage).cost;
}

describe('usage', () => {
  it('cached tokens that are part of the prompt are billed once, at their own rate', async () => {
    const usage = { prompt_tokens: 1000, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 800 } };
    // gpt-4o: $2.50 fresh, $1.25 cached.
    expect(costOf(await answered('openai-chat', { usage }), 'openai', 'gpt-4o')).toBe(200 * 2500 + 800 * 1250);
  });

  it('cache tokens that come on top are added once, and are no part of what is fresh', async () => {
    const usage = {
      input_tokens: 100,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 100 },
      output_tokens: 0,
    };
    const meter = await answered('anthropic', { type: 'message', usage });
    expect(meter.reported?.usage.input).toBe(1400);
    // Sonnet 4.6: $3 fresh, $0.30 read, $3.75 and $6 written.
    const cost = 100 * 3000 + 1000 * 300 + 200 * 3750 + 100 * 6000;
    expect(costOf(meter, 'anthropic', 'claude-sonnet-4-6')).toBe(cost);
  });

  it('a breakdown of what was written is never trusted over its total', async () => {
    const usage = {
      input_tokens: 0,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 900, ephemeral_1h_input_tokens: 900 },
      output_tokens: 0,
    };
    const meter = await answered('anthropic', { type: 'message', usage });
    expect(meter.reported?.usage).toMatchObject({ input: 300, cacheWrite: 300, cacheWrite1h: 300 });
  });

  it('reasoning that is part of the output is billed once, and on top of it where it is beside', async () => {
    const details = { completion_tokens_details: { reasoning_tokens: 60 } };
    const inside = { prompt_tokens: 10, completion_tokens: 80, total_tokens: 90, ...details };
    const beside = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 90, ...details };
    for (const usage of [inside, beside]) {
      expect((await answered('openai-chat', { usage })).reported?.usage).toMatchObject({ output: 80, reasoning: 60 });
    }
  });
});

describe('streams', () => {
  const start = { input_tokens: 500, cache_read_input_tokens: 1000, output_tokens: 3 };

  it('a prompt that is stated at the start and at the end counts once', async () => {
    const meter = await streamed('anthropic', [
      { type: 'message_start', message: { model: 'm', usage: start } },
      { type: 'message_delta', usage: { ...start, output_tokens: 40 } },
      { type: 'message_stop' },
    ]);
    expect(meter.reported?.usage).toMatchObject({ input: 1500, output: 40 });
  });

  it('the last count of a growing output counts, not the first and not their sum', async () => {
    const grown = [10, 25, 27].map((output_tokens) => ({ type: 'message_delta', usage: { output_tokens } }));
    const opening = { type: 'message_start', message: { model: 'm', usage: start } };
    const claude = await streamed('anthropic', [opening, ...grown, { type: 'message_stop' }]);
    expect(claude.reported?.usage).toMatchObject({ input: 1500, output: 27 });
    const chunks = [10, 25, 27].map((completion_tokens) => ({
      choices: [{}],
      usage: { prompt_tokens: 5, completion_tokens },
    }));
    expect((await streamed('openai-chat', chunks)).reported?.usage).toMatchObject({ input: 5, output: 27 });
  });

  it('a stream that never states usage is not taken for one of none', async () => {
    const meter = await streamed('openai-chat', [{ choices: [{ delta: { content: 'x' }, finish_reason: 'stop' }] }]);
    expect({ reported: meter.reported, done: meter.done }).toEqual({ reported: undefined, done: false });
  });
});

describe('prices', () => {
  it('a tier of long prompts holds for the whole call, from its first token on', async () => {
    const usage = (prompt_tokens: number) => ({ usage: { prompt_tokens, completion_tokens: 0 } });
    const cost = async (tokens: number) => costOf(await answered('openai-chat', usage(tokens)), 'openai', 'gpt-6-sol');
    expect(await cost(272_000)).toBe(272_000 * 2000);
    expect(await cost(272_001)).toBe(272_001 * 4000);
  });

  it('a batch, a flexible and a priority tier cost as the answer names them, not as was asked', async () => {
    const usage = { input_tokens: 1000, output_tokens: 0 };
    const cost = async (service_tier: string) =>
      costOf(await answered('openai-responses', { status: 'completed', service_tier, usage }), 'openai', 'gpt-5.4');
    expect([await cost('default'), await cost('flex'), await cost('priority')]).toEqual([25e5, 125e4, 5e6]);
  });

  it('a model without a price is none that costs nothing', () => {
    expect(rateFor([], 'openai', 'my-own-model', AT)).toBeUndefined();
    expect(rateFor([], 'custom', 'my-own-model', AT)).toBeUndefined();
  });

  it('a server of one’s own costs nothing, and Ollama’s cloud is none', () => {
    expect(rateFor([], 'ollama', 'llama3.2', AT)).toMatchObject({ input: 0, output: 0 });
    expect(rateFor([], 'ollama-cloud', 'my-own-model', AT)).toBeUndefined();
  });
});
