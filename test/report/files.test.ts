import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { causeWords, systemWords } from '../../src/lib/system-error.js';
import { writeReport } from '../../src/report/files.js';
import { buildReport } from '../../src/report/build.js';
import { open, reserve, settle } from './runs.js';

const report = buildReport([open(), reserve(1), settle(1)]);
const directory = () => mkdtempSync(join(tmpdir(), 'tb-files-'));

test('a report is three files and nothing else', () => {
  const place = directory();
  expect(writeReport(report, place)).toBeUndefined();
  expect(readdirSync(place).sort()).toEqual(['report.html', 'report.json', 'report.md']);
});

test('on a full disk it is said which files are missing, why and what to do, and the others are there', () => {
  const place = directory();
  symlinkSync('/dev/full', join(place, 'report.json.tmp'));
  expect(writeReport(report, place)).toBe(
    `could not write report.json in ${place}: there is no space left on the disk (ENOSPC). ` +
      'Free some space, or choose a directory on another disk. The numbers above are complete',
  );
  expect(readdirSync(place).sort()).toEqual(['report.html', 'report.md']);
});

test.each([
  ['a file', (place: string) => join(place, 'file', 'report'), 'there is a file where a directory is needed (ENOTDIR)'],
  ['nowhere', (place: string) => join(place, 'gone'), 'the directory does not exist (ENOENT)'],
  ['too long a path', (place: string) => join(place, 'x'.repeat(300)), 'the path is too long (ENAMETOOLONG)'],
  ['the kernel’s own', () => '/proc', 'could not write report.json, report.md, report.html in /proc'],
])('where its directory is %s it is said', (_what, of, words) => {
  const place = directory();
  writeFileSync(join(place, 'file'), '');
  expect(writeReport(report, of(place))).toContain(words);
});

test('a report that was there stays whole where a new one does not fit', () => {
  const place = directory();
  writeReport(report, place);
  const before = readFileSync(join(place, 'report.md'), 'utf8');
  mkdirSync(join(place, 'report.md.tmp'));
  expect(writeReport(report, place)).toContain('report.md in');
  expect(readFileSync(join(place, 'report.md'), 'utf8')).toBe(before);
  expect(existsSync(join(place, 'report.json'))).toBe(true);
});

describe('an error of the file system in words', () => {
  const error = (code: string) =>
    Object.assign(new Error(`${code}: raw, open '/x'`), { code, syscall: 'open', path: '/x' });

  test.each(['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EISDIR', 'ENAMETOOLONG'])(
    '%s has a cause and a remedy',
    (code) => {
      expect(systemWords(error(code))).toMatch(new RegExp(`^/x: [a-z ]+ \\(${code}\\)\\. [A-Z]`));
    },
  );

  test('another keeps its own', () => {
    expect(causeWords(error('EWHATEVER'))).toBe("EWHATEVER: raw, open '/x'");
    expect(systemWords(new TypeError('x is undefined'))).toBeUndefined();
  });
});
