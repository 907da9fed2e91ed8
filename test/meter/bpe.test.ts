import fc from 'fast-check';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { describe, expect, it } from 'vitest';
import { countTokens, readRanks } from '../../src/meter/bpe.js';

const ENCODINGS = [
  { name: 'o200k_base', ours: readRanks(o200k), theirs: new Tiktoken(o200k) },
  { name: 'cl100k_base', ours: readRanks(cl100k), theirs: new Tiktoken(cl100k) },
];

const TEXTS = [
  'Hello, world!',
  "It's DON'T we'Ll\r\n\r\n\tx  ",
  'const x = [1, 22, 333, 4444];\n\n\n  return x?.y ?? "z";',
  '<|endoftext|> and <|fim_prefix|> are plain text, <|endofprompt|> too',
  'Съешь ещё этих мягких французских булок',
  '日本語のテキストと中文混排，没有空格',
  '👩‍👩‍👧‍👦🏳️‍🌈 e\u0301 \u200d \u00a0\u2003',
  'half a pair \ud800 and \udc00 alone',
  ' '.repeat(300),
  'a'.repeat(1_000),
  'A'.repeat(500),
  '=-'.repeat(300),
  '0123456789'.repeat(30),
  Buffer.from('any bytes at all, encoded'.repeat(20)).toString('base64'),
];

it('does not cut a long run, since a cut can lower its count', () => {
  const [encoding] = ENCODINGS;
  const count = (text: string): number => (encoding ? countTokens(encoding.ours, text) : 0);
  expect(count('lartthrautrlhoulti')).toBe(8);
  expect(count('lartthrautrlho') + count('ulti')).toBe(7);
});

describe.each(ENCODINGS)('$name', ({ ours, theirs }) => {
  it.each(TEXTS)('counts as js-tiktoken does: %j', (text) => {
    expect(countTokens(ours, text)).toBe(theirs.encode(text, [], []).length);
  });

  it('counts as js-tiktoken does whatever the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'e', 't', 'h', ' ', '\n', 'é', '的'), maxLength: 200 }),
      fc.constantFrom(...TEXTS.slice(0, 7)),
    );
    const check = (pieces: string[]): void => {
      const text = pieces.join('');
      expect(countTokens(ours, text)).toBe(theirs.encode(text, [], []).length);
    };
    fc.assert(fc.property(fc.array(piece, { maxLength: 6 }), check), { numRuns: 300 });
  });

  it('counts nothing in an empty text', () => {
    expect(countTokens(ours, '')).toBe(0);
  });

  // The usual loop takes minutes to hours for most of these, past any time limit of a test.
  it.each([
    ['one letter', 'a'.repeat(1_000_000)],
    ['capitals', 'A'.repeat(1_000_000)],
    ['spaces', ' '.repeat(1_000_000)],
    [
      'Chinese',
      Array.from({ length: 330_000 }, (_, n) => String.fromCharCode(0x4e00 + ((n * 7919) % 20_000))).join(''),
    ],
    ['base64', Buffer.from('bytes of a picture'.repeat(41_000)).toString('base64')],
  ])('counts 1 MB of unbroken %s in seconds', (_, text) => {
    const count = countTokens(ours, text);
    expect(count).toBeGreaterThan(5_000);
    expect(count).toBeLessThanOrEqual(Buffer.byteLength(text));
  });
});
