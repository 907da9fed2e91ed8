/** Reading JSON without its long strings: the same as JSON.parse in all but these, wherever the text is cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOutline } from '../../src/meter/json-without-long-strings.js';

const LONG = 16 * 1024;

/** What has to be read: strings whose text between its quotes has more than 16 KB are empty. */
function outlineOf(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value)) - 2 > LONG ? '' : value;
  if (Array.isArray(value)) return value.map(outlineOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, outlineOf(member)]));
}

function cut(text: Buffer, at: readonly number[]): Buffer[] {
  const places = [...at.map((part) => Math.floor(part * text.length)), text.length].sort((a, b) => a - b);
  return places.map((place, i) => text.subarray(places[i - 1] ?? 0, place));
}

/** Runs of what is hard to tell from a string's end. */
const unit = fc.constantFrom('word ', '"', '\\', '\\"', '\\\\', 'é', '𝄞', '\n', 'x'.repeat(70), 'x'.repeat(63) + '\\"');
const long = fc.tuple(unit, unit, fc.integer({ min: LONG - 40, max: LONG + 40 })).map(([first, second, size]) => {
  const text = first + second;
  return text.repeat(Math.ceil(size / Buffer.byteLength(JSON.stringify(text).slice(1, -1))));
});
const { value: someJson } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.double(),
    fc.string(),
    long,
    tie('array'),
    tie('object'),
  ),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(fc.oneof(fc.string(), unit), tie('value'), { maxKeys: 4 }),
}));

test('equals what JSON.parse gives but for the long strings, wherever the text is cut', () => {
  const object = fc.dictionary(fc.string(), someJson, { minKeys: 1, maxKeys: 4 });
  fc.assert(
    fc.property(
      object,
      long,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
      (some, text, at) => {
        const value = { ...some, text };
        const written = JSON.stringify(value);
        expect(readOutline(cut(Buffer.from(written), at))).toEqual(outlineOf(JSON.parse(written)));
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  ['an escape at the cut', '\\"'],
  ['two at the cut', '\\\\\\"'],
  ['a character of four bytes at the cut', '𝄞'],
])('cut at every byte, %s', (_what, piece) => {
  const text = `{"long":${JSON.stringify('y'.repeat(LONG) + piece)},"model":"m","n":1}`;
  const bytes = Buffer.from(text);
  for (let at = bytes.length - 60; at < bytes.length; at += 1) {
    expect(readOutline([bytes.subarray(0, at), bytes.subarray(at)])).toEqual({ long: '', model: 'm', n: 1 });
  }
});

test('what is short is read as it is, with a mark in front or not; what is no object is not read', () => {
  const text = `{"content":"${'z'.repeat(LONG)}"}`;
  expect(readOutline([Buffer.from(`\uFEFF${text}`)])).toEqual({ content: 'z'.repeat(LONG) });
  expect(readOutline([Buffer.from(`["${'z'.repeat(2 * LONG)}"]`)])).toBeUndefined();
  expect(readOutline([Buffer.from(`{"open":"${'z'.repeat(2 * LONG)}`)])).toBeUndefined();
  expect(readOutline([])).toBeUndefined();
});
