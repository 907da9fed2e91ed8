import { describe, expect, test } from 'vitest';
import { bySpecificity, compilePattern } from '../../src/domain/pattern.js';

describe('a pattern', () => {
  test.each([
    ['gpt-4o', 'gpt-4o', true],
    ['gpt-4o', 'GPT-4O', true],
    ['gpt-4o', 'gpt-4o-mini', false],
    ['gpt-4o*', 'gpt-4o', true],
    ['gpt-4o*', 'gpt-4o-mini', true],
    ['*', '', true],
    ['*', 'anything\nat all', true],
    ['*.openai.com', 'api.openai.com', true],
    ['*.openai.com', 'apixopenai.com', false],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a**b', 'axb', true],
    ['*ab*ab*', 'ab', false],
    ['*ab*ab*', 'xabyabz', true],
    ['*ab*ba', 'aba', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['', '', true],
    ['', 'a', false],
  ])('%j on %j: %s', (pattern, name, expected) => {
    expect(compilePattern(pattern)(name)).toBe(expected);
  });

  test('of many stars takes no more than linear time', () => {
    const start = performance.now();
    expect(compilePattern(`${'*a'.repeat(5_000)}b`)('a'.repeat(50_000))).toBe(false);
    expect(compilePattern(`${'*a'.repeat(5_000)}*b*`)('a'.repeat(50_000))).toBe(false);
    // A backtracking matcher would not end within a lifetime.
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

test('an exact name goes before a pattern, and the longer literal part before the shorter', () => {
  expect(['*', 'gpt-*', 'gpt-4o*', 'gpt'].sort(bySpecificity)).toEqual(['gpt', 'gpt-4o*', 'gpt-*', '*']);
});
