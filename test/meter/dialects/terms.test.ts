/** How an answer says that it was served, and what it is billed for beside text. */
import { expect, it } from 'vitest';
import type { DialectName } from '../../../src/domain/call.js';
import { NO_USAGE, type Usage } from '../../../src/domain/usage.js';
import { jsonAnswer } from '../../../src/meter/json-answer.js';
import { streamAnswer } from '../../../src/meter/stream-answer.js';
import { DIALECTS } from '../../../src/meter/dialects/index.js';

const CHAT = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
const RESPONSES = { input_tokens: 100, output_tokens: 50, total_tokens: 150 };
const CLAUDE = { input_tokens: 100, output_tokens: 50 };
const chat = (members: object, usage: object = {}) => ({ choices: [{}], usage: { ...CHAT, ...usage }, ...members });
const responses = (members: object) => ({ status: 'completed', usage: RESPONSES, ...members });
const claude = (usage: object) => ({ type: 'message', usage: { ...CLAUDE, ...usage } });
const search = { type: 'web_search_call', status: 'completed' };

it.each<[string, DialectName, object, Partial<Usage>]>([
  ['at the standard tier', 'openai-chat', chat({ service_tier: 'default' }), {}],
  ['without a tier', 'openai-chat', chat({ service_tier: null }), {}],
  ['at the priority tier', 'openai-chat', chat({ service_tier: 'priority' }), { tier: 'priority' }],
  ['at a tier of tomorrow', 'openai-responses', responses({ service_tier: 'turbo' }), { tier: 'other' }],
  [
    'with sound, a part of it cached',
    'openai-chat',
    chat(
      {},
      { prompt_tokens_details: { cached_tokens: 40, audio_tokens: 60, cached_tokens_details: { audio_tokens: 30 } } },
    ),
    { cacheRead: 40, audioIn: 60, audioCached: 30 },
  ],
  [
    'with sound and pictures made',
    'openai-chat',
    chat({}, { completion_tokens_details: { audio_tokens: 20, image_tokens: 10 } }),
    { audioOut: 20, imageOut: 10 },
  ],
  [
    'with counts of sound that are none',
    'openai-chat',
    chat({}, { prompt_tokens_details: { audio_tokens: 'all', image_tokens: -5, cached_tokens_details: 7 } }),
    {},
  ],
  [
    'with searches',
    'openai-responses',
    responses({ output: [search, { type: 'message' }, search, { type: 'file_search_call' }, null] }),
    { meters: { searches: 2, fileSearches: 1 } },
  ],
  ['in a batch', 'anthropic', claude({ service_tier: 'batch' }), { tier: 'batch' }],
  ['fast', 'anthropic', claude({ service_tier: 'standard', speed: 'fast' }), { tier: 'fast' }],
  ['within a region', 'anthropic', claude({ inference_geo: 'us' }), { regional: true }],
  ['anywhere', 'anthropic', claude({ inference_geo: 'global', speed: 'standard' }), {}],
  ['by a model that tells no region', 'anthropic', claude({ inference_geo: 'not_available' }), {}],
  [
    'with searches that the provider made',
    'anthropic',
    claude({ server_tool_use: { web_search_requests: 3, web_fetch_requests: 9 } }),
    { meters: { searches: 3 } },
  ],
])('an answer %s: %s', async (_, name, body, expected) => {
  const meter = jsonAnswer(DIALECTS[name], '');
  await meter.push(Buffer.from(JSON.stringify(body)));
  await meter.end();
  expect(meter.reported?.usage).toEqual({ ...NO_USAGE, input: 100, output: 50, ...expected });
});

it.each<[DialectName, readonly object[], Partial<Usage>]>([
  [
    'openai-chat',
    [chat({ service_tier: 'flex' }, {}), { choices: [], usage: CHAT, service_tier: 'flex' }],
    { tier: 'flex' },
  ],
  [
    'openai-responses',
    [{ type: 'response.completed', response: responses({ service_tier: 'priority', output: [search] }) }],
    { tier: 'priority', meters: { searches: 1 } },
  ],
  [
    'anthropic',
    [
      { type: 'message_start', message: { usage: { ...CLAUDE, service_tier: 'standard', inference_geo: 'us' } } },
      { type: 'message_delta', usage: { output_tokens: 50, server_tool_use: { web_search_requests: 2 } } },
      { type: 'message_stop' },
    ],
    { regional: true, meters: { searches: 2 } },
  ],
])('a stream of %s says it too', async (name, events, expected) => {
  const meter = streamAnswer(DIALECTS[name], '', false);
  for (const event of events) await meter.push(Buffer.from(`data: ${JSON.stringify(event)}\n\n`));
  await meter.end();
  expect(meter.reported?.usage).toEqual({ ...NO_USAGE, input: 100, output: 50, ...expected });
});
