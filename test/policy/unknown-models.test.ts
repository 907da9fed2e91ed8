import { expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.js';
import { unknownModels } from '../../src/policy/unknown-models.js';

const KNOWN = ['gpt-4o', 'claude-opus-5'];
const warned = (text: string) => {
  const { policy } = loadPolicy(`version: 1\n${text}\n`, 'p.yml');
  const problems = unknownModels(policy, (name) => KNOWN.includes(name.toLowerCase()), KNOWN);
  return problems.map(({ at, key, remedy }) => `${at} ${key} ${remedy}`);
};

test.each([
  ['limits: { models: { gpt-4oo: { calls: 1 } } }', ['p.yml:2:39 limits.models.gpt-4oo Did you mean gpt-4o?']],
  ['rates: { claud-opus-5: 0 }', ['p.yml:2:10 rates.claud-opus-5 Did you mean claude-opus-5?']],
  [
    'rates: { our-own-llama-of-the-house: 0 }',
    ['p.yml:2:10 rates.our-own-llama-of-the-house Check how the provider spells it.'],
  ],
  [
    'upstreams: { h.example: { dialect: openai-chat, models: { mine: gpt-4x } } }',
    ['p.yml:1:1 upstreams.h.example.models.mine Did you mean gpt-4o?'],
  ],
])('%s is warned of', (text, expected) => {
  expect(warned(text)).toEqual(expected);
});

test.each([
  'limits: { models: { GPT-4o: { calls: 1 } } }',
  'limits: { models: { "gpt-9*": { calls: 1 } } }',
  'rates: { "*": 0 }',
  'upstreams: { h.example: { dialect: openai-chat, models: { mine: gpt-4o } } }',
])('%s is not', (text) => {
  expect(warned(text)).toEqual([]);
});

test('a limit on a model that the policy prices itself is warned of once, at its rate', () => {
  expect(warned('rates: { ours: 0 }\nlimits: { models: { ours: { calls: 1 } } }')).toHaveLength(1);
});
