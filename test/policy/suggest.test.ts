import { describe, expect, test } from 'vitest';
import { nearest, shown } from '../../src/policy/suggest.js';

const KEYS = ['version', 'run', 'limits', 'on_exceed', 'warn_at', 'rates', 'unpriced', 'cost_usd', 'output_tokens'];

describe('a misspelt word', () => {
  test.each([
    ['limit', 'limits'],
    ['limts', 'limits'],
    ['ON-EXCEED', 'on_exceed'],
    ['onexceed', 'on_exceed'],
    ['rate', 'rates'],
    ['rnu', undefined],
    ['run_', 'run'],
    ['cost', 'cost_usd'],
    ['max_output_tokens', 'output_tokens'],
    ['x', undefined],
    ['', undefined],
    ['prompt', undefined],
    ['a'.repeat(10_000), undefined],
  ])('%s means %s', (word, meant) => {
    expect(nearest(word, KEYS)).toBe(meant);
  });
});

describe('a text in a message', () => {
  test.each([
    ['a', '"a"'],
    ['\u001b[31m', '"\\u{1b}[31m"'],
    ['a\nb', '"a\\u{a}b"'],
    ['\u202egnp', '"\\u{202e}gnp"'],
    ['x'.repeat(61), `"${'x'.repeat(59)}…"`],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
  ])('%j is shown as %s', (text, result) => {
    expect(shown(text)).toBe(result);
  });
});
