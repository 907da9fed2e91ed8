/** The measure of a text is what reading it character by character finds, wherever it is cut. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { measureText, type TextMeasure } from '../../src/meter/text-measure.js';

/** The rules in their plainest form: JSON that is not escaped at all, looked through once for each. */
function plainly(text: string): Partial<TextMeasure> {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].length;
  const borders = all(/[\s](?=[^\w\s\x7f-\uffff])|[^\w\s\x7f-\uffff](?=\s)/g);
  return {
    bytes: Buffer.byteLength(text),
    // The text itself begins at a border.
    marks: borders + 2 * [...Buffer.from(text)].filter((byte) => byte >= 0x80).length + 1,
    capitals: all(/[A-Z]/g),
    capitalized: all(/(?<![A-Za-z])[A-Z](?=[a-z])/g) + all(/(?<![A-Z])[A-Z]{4}/g),
    exponents: { inside: 0, outside: all(/(?<=\d)[eE](?=[+-]?\d)/g) },
    separators: { inside: 0, outside: all(/[,:{}[\]]/g) },
  };
}

const pieces = fc.array(
  fc.constantFrom(
    '{',
    '[1e5,',
    ' ',
    '\n',
    'A',
    'Word',
    'WORD',
    'iPod',
    'é',
    'ह',
    '1E-7',
    '2',
    'e',
    '+',
    '.',
    'abc',
    ',',
  ),
  { maxLength: 40 },
);

it('a text outside of strings is measured by the plain rules, cut at any place', () => {
  fc.assert(
    fc.property(pieces, fc.nat(), (words, place) => {
      const bytes = Buffer.from(`{${words.join('')}.`);
      const at = place % bytes.length;
      expect(measureText([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(plainly(bytes.toString()));
    }),
  );
});

const json = fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text));

it('a text is measured alike in one piece and in pieces of one byte', () => {
  fc.assert(
    fc.property(json, (bytes) => {
      const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
      expect(measureText(single)).toEqual(measureText([bytes]));
    }),
  );
});

it.each<[string, object]>([
  // A border: what an escape by number stands for may be of any kind.
  ['"\\u00e9"', { marks: 1 + 3 + 2 }],
  ['"a\\n."', { marks: 1 + 1 }],
  ['"a\\",b"', { separators: { inside: 1, outside: 0 } }],
  ['{"a":"{1e5}"}', { separators: { inside: 2, outside: 3 }, exponents: { inside: 1, outside: 0 } }],
  ['"\\\\",', { separators: { inside: 0, outside: 1 } }],
  ['"\\nWord"', { capitalized: 1 }],
])('strings and escapes in %s', (text, expected) => {
  expect(measureText([Buffer.from(text)])).toMatchObject(expected);
});

it('what lies behind the first 4 MiB counts as the worst that it may be', () => {
  const most = 4 * 1024 * 1024;
  const measure = measureText([Buffer.alloc(most, 'a'), Buffer.alloc(30, 'a')]);
  expect(measure).toMatchObject({ bytes: most + 30, exponents: { inside: 10 }, separators: { inside: 30 } });
  expect(measure.marks - measureText([Buffer.alloc(most, 'a')]).marks).toBe(60);
});
