import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../src/domain/limit.js';

const covers = (pattern: string, model: string) =>
  coverageOf({ kind: 'model', pattern })({ provider: 'custom', model });

describe('a limit on a model', () => {
  it.each([
    ['gpt-4o*', 'gpt-4o'],
    ['gpt-4o*', 'GPT-4o-mini'],
    ['gpt-4o*', 'openai/gpt-4o'],
    ['gpt-4o*', 'openrouter/openai/gpt-4o:online'],
    ['gpt-4o*', 'ft:gpt-4o:acme::id'],
    ['gpt-4o*', ' gpt-4o'],
    [' gpt-4o ', ' gpt-4o '],
    ['gpt-4.1', 'openai/gpt-4.1'],
    ['claude-*', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['claude-*', 'anthropic/claude-opus-5'],
    ['nova-*', 'eu.amazon.nova-lite-v1:0'],
    ['openai/*', 'openai/gpt-4o'],
  ])('of %s covers %s', (pattern, model) => {
    expect(covers(pattern, model)).toBe(true);
  });

  it.each([
    ['gpt-4o', 'gpt-4o-mini'],
    ['gpt-4o*', 'my-gpt-4o'],
    ['openai/*', 'gpt-4o'],
    ['1', 'gpt-4.1'],
  ])('of %s leaves %s alone', (pattern, model) => {
    expect(covers(pattern, model)).toBe(false);
  });
});
