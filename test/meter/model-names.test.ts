import { expect, it } from 'vitest';
import { spellingsOf } from '../../src/meter/model-names.js';

it.each([
  ['gpt-4o', ['gpt-4o']],
  ['gpt-4o-20241120', ['gpt-4o-20241120', 'gpt-4o-2024-11-20', 'gpt-4o']],
  ['us.meta.llama3-1', ['us.meta.llama3-1', 'meta.llama3-1']],
  ['google/gemini-2.5-flash', ['google/gemini-2.5-flash', 'gemini-2.5-flash']],
  ['gemini-2.5-flash-001', ['gemini-2.5-flash-001', 'gemini-2.5-flash']],
  ['models/gemini-2.5-pro', ['models/gemini-2.5-pro', 'gemini-2.5-pro']],
  [
    'arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.x.y',
    ['arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.x.y', 'us-gov.x.y', 'x.y'],
  ],
  ['arn:aws:bedrock:us-east-1:1:imported-model/abc', ['arn:aws:bedrock:us-east-1:1:imported-model/abc']],
  ['', ['']],
])('%j is looked for as %j', (name, spellings) => {
  expect(spellingsOf(name)).toEqual(spellings);
});
