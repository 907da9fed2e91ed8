import { describe, expect, test } from 'vitest';
import { warningsIn } from './policies.js';

type Row = readonly [text: string, at: string, key: string, ...fragments: string[]];

const LIMITED = 'limits: { calls: 9 }\n';

const WARNED: readonly Row[] = [
  ['run: x', '1:1', 'limits', 'sets no limit'],
  ['limits: {}', '1:1', 'limits', 'sets no limit'],
  ['limits: { tokens: 4095 }', '2:19', 'limits.tokens', '4,096 output tokens, so it never fits'],
  ['limits: { output_tokens: 1 }', '2:26', 'limits.output_tokens', '4,096 output tokens'],
  ['limits: { per_call: { tokens: 1k } }', '2:31', 'limits.per_call.tokens', 'Raise the limit'],
  ['limits: { models: { a: { tokens: 1k } } }', '2:34', 'limits.models.a.tokens', 'never fits'],
  ['limits: { per_row: { tokens: 1k } }', '2:30', 'limits.per_row.tokens', 'never fits'],
  ['limits: { per_row: { calls: 0 } }', '2:29', 'limits.per_row.calls', 'refuses every call'],
  ['limits: { providers: { "a*": { tokens: 1k } } }', '2:40', 'limits.providers.a*.tokens', 'never fits'],
  ['limits: { tokens: 15 }\nreserve: { clamp: true }', '2:19', 'limits.tokens', 'reserves 16 output tokens'],
  ['limits: { tokens: 99 }\nreserve: { output_tokens: 100 }', '2:19', 'limits.tokens', '100 output tokens'],
  ['limits: { calls: 0 }', '2:18', 'limits.calls', 'refuses every call'],
  ['limits: { tokens: 0 }', '2:19', 'limits.tokens', 'refuses every call'],
  ['limits: { cost_usd: 0 }', '2:21', 'limits.cost_usd', 'refuses every call'],
  [
    'limits: { cost_usd: 0.04 }\nrates: { gpt: { input: 0, output: 10 }, b: 0 }',
    ...(['2:21', 'limits.cost_usd', 'a call to gpt', '0.04096 USD'] as const),
  ],
  [
    'limits: { models: { "g*": { cost_usd: 0.01 } } }\nrates: { gpt: { input: 0, output: 10 } }',
    ...(['2:39', 'limits.models.g*.cost_usd', 'a call to gpt'] as const),
  ],
  [
    'limits: { models: { gpt: { cost_usd: 0.01 } } }\nrates: { "g*": { input: 0, output: 10 } }',
    ...(['2:38', 'limits.models.gpt.cost_usd', 'a call to g*'] as const),
  ],
  ['limits: { cost_usd: 1 }\nunpriced: warn', '2:21', 'limits.cost_usd', 'count as 0 USD'],
  [
    `${LIMITED}rates: { a: { input: 0.0000025, output: 10 } }`,
    ...(['3:22', 'rates.a.input', '0.0000025 USD per 1M tokens is less', 'write 2.50;'] as const),
  ],
  [`${LIMITED}rates: { a: { input: 1, output: 1000.01 } }`, '3:33', 'rates.a.output', 'more than any known model'],
  [`${LIMITED}rates: { a: { cost_per_1k_tokens: 30 } }`, '3:35', 'rates.a.cost_per_1k_tokens', 'per 1,000 tokens'],
  [`${LIMITED}cost_per_1k_tokens: 0.0000003`, '3:21', 'cost_per_1k_tokens', 'write 0.0003;'],
  [`${LIMITED}cost_per_1k_tokens: 1.01`, '3:21', 'cost_per_1k_tokens', 'Check the unit'],
  [
    `${LIMITED}upstreams: { Corp: { forward_to: "http://10.0.0.1" } }`,
    ...(['3:34', 'upstreams.corp.forward_to', 'unencrypted'] as const),
  ],
];

describe('what is likely a mistake is warned about once, with place and remedy', () => {
  test.each(WARNED)('%j at %s, key %j', (text, at, key, ...fragments) => {
    const warnings = warningsIn(text);
    expect(warnings.map((warning) => [warning.at, warning.key])).toEqual([[`p.yml:${at}`, key]]);
    const line = warnings.map(({ message, remedy }) => `${message}. ${remedy}`).join('');
    for (const fragment of fragments) expect(line).toContain(fragment);
  });
});

describe('what is plausible is not warned about', () => {
  test.each([
    'limits: { tokens: 4096 }',
    'limits: { tokens: 16 }\nreserve: { clamp: true }',
    'limits: { calls: 9, providers: { mistral: { calls: 0, tokens: 0 } } }',
    'limits: { providers: { "a*": { cost_usd: 0.01 } } }\nrates: { gpt: { input: 0, output: 10 } }',
    'limits: { output_tokens: 4096, input_tokens: 1, calls: 1 }',
    'limits: { tokens: 100 }\nreserve: { output_tokens: 100 }',
    'limits: { calls: 9, models: { gpt-5: { calls: 0, tokens: 0, cost_usd: 0 } } }',
    'limits: { cost_usd: 0 }\nrates: { "my-local-*": 0 }',
    'limits: { cost_usd: 0.04096 }\nrates: { gpt: { input: 0, output: 10 } }',
    'limits: { models: { "a*": { cost_usd: 0.01 } } }\nrates: { gpt: { input: 0, output: 10 } }',
    'limits: { tokens: 9k }\nunpriced: warn',
    `${LIMITED}rates: { a: { input: 0.001, output: 1000 } }`,
    `${LIMITED}cost_per_1k_tokens: 1`,
    `${LIMITED}cost_per_1k_tokens: 0.000001`,
    `${LIMITED}upstreams: { a: { forward_to: "http://localhost:1" }, b: { forward_to: "http://[::1]:1" }, c: { forward_to: "https://x" } }`,
  ])('%j', (text) => {
    expect(warningsIn(text)).toEqual([]);
  });
});

test('warnings stand in the order of the file', () => {
  const warnings = warningsIn('cost_per_1k_tokens: 30\nlimits: { tokens: 1, calls: 0 }');
  expect(warnings.map(({ key }) => key)).toEqual(['cost_per_1k_tokens', 'limits.tokens', 'limits.calls']);
});
