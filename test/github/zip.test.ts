import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readZipEntry, ZipError } from '../../src/github/zip.js';
import { zipOf } from '../support/zip.js';

const CAP = 10_000;
const REPORT = '{"a":1}'.repeat(50);

/** Packed by Python's zipfile: report.json, which is REPORT, and report.md. */
const BY_PYTHON = Buffer.from(
  'UEsDBBQAAAAIAFgheF303sUUDgAAAF4BAAALAAAAcmVwb3J0Lmpzb26rVkpUsjKsrR6laEEBAFBLAwQUAAAACABYIXhdgxbcjAMAAAABAAAACQAAAHJlcG9ydC5tZKsAAFBLAQIUAxQAAAAIAFgheF303sUUDgAAAF4BAAALAAAAAAAAAAAAAACAAQAAAAByZXBvcnQuanNvblBLAQIUAxQAAAAIAFgheF2DFtyMAwAAAAEAAAAJAAAAAAAAAAAAAACAATcAAAByZXBvcnQubWRQSwUGAAAAAAIAAgBwAAAAYQAAAAAA',
  'base64',
);

const read = (zip: Buffer, cap = CAP) => readZipEntry(zip, 'report.json', cap)?.toString('utf8');

test('an archive of another program is read', () => {
  expect(read(BY_PYTHON)).toBe(REPORT);
});

test.each([{}, { stored: true }, { comment: 'packed by hand' }])('an archive as a stream is read: %o', (options) => {
  const files = { 'report.md': 'text', 'report.json': REPORT, 'x/report.json': 'another' };
  expect(read(zipOf(files, options))).toBe(REPORT);
});

test('a file that is not in the archive is undefined', () => {
  expect(read(zipOf({ 'other.json': REPORT }))).toBeUndefined();
});

test.each([
  [CAP - 1, true],
  [CAP, true],
  [CAP + 1, false],
])('a file of %i bytes at a cap of 10000: read %s', (size, readable) => {
  const zip = zipOf({ 'report.json': 'x'.repeat(size) });
  if (readable) expect(read(zip)).toHaveLength(size);
  else expect(() => read(zip)).toThrow(ZipError);
});

test('a bomb that states a small size stops inflating at the cap', () => {
  const zip = zipOf({ 'report.json': 'x'.repeat(20_000_000) }, { statedSize: 10 });
  const before = process.memoryUsage().arrayBuffers;
  expect(() => read(zip)).toThrow(ZipError);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['no archive', Buffer.from('<html>'.repeat(100))],
  ['an encrypted file', zipOf({ 'report.json': REPORT }, { flags: 1 })],
  ['an unknown method', zipOf({ 'report.json': REPORT }, { method: 12 })],
  ['a wrong size', zipOf({ 'report.json': REPORT }, { statedSize: 3 })],
])('%s is refused as such', (_name, zip) => {
  expect(() => read(zip)).toThrow(ZipError);
});

test('damage anywhere gives a ZipError or some text, and never anything else', () => {
  const zip = zipOf({ 'report.json': REPORT });
  const damage = fc.tuple(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(zip.length));
  fc.assert(
    fc.property(damage, ([at, flip, length]) => {
      const damaged = Buffer.from(zip.subarray(0, Math.max(length, at + 1)));
      damaged[at] = (damaged[at] ?? 0) ^ flip;
      try {
        expect(read(damaged)?.length ?? 0).toBeLessThanOrEqual(CAP);
      } catch (error) {
        if (!(error instanceof ZipError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
