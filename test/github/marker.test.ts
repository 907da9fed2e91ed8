import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { commentKey, isNewer, keyWord, markedBody, readMarker } from '../../src/github/marker.js';
import { NUMBERS, THIS_RUN } from './stand.js';

test('what is written is read back, whatever the key and the body', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.boolean(), (key, body, carried) => {
      const numbers = carried ? NUMBERS : undefined;
      const text = markedBody({ ...THIS_RUN, key }, numbers, body);
      expect(readMarker(text)).toEqual({ ...THIS_RUN, key: keyWord(key), numbers });
      expect(text.endsWith(`\n\n${body}`)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('no key can end the comment that it stands in, or begin another word', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('-', '>', '!', '<', ' ', '=', '/', '\n', '%', 'a', 'D') }), (key) => {
      expect(keyWord(key)).toMatch(/^(?!.*--)[^\s<>]+$/);
    }),
    { numRuns: 1000 },
  );
});

test('different keys stay different, long ones too', () => {
  const long = 'x'.repeat(300);
  const keys = ['a-b', 'a--b', 'a%2Db', 'a b', 'a/b', 'a%2Fb', long, `${long}y`, ''];
  expect(new Set(keys.map(keyWord)).size).toBe(keys.length);
  expect(Math.max(...keys.map((key) => keyWord(key).length))).toBeLessThanOrEqual(200);
});

test('a key tells apart workflow, job, policy and matrix values, in any order of these', () => {
  const job = { workflow: 'CI', job: 'evals', policy: 'token-budget.yml' };
  const withMatrix = (matrix: string) => commentKey({ ...job, matrix });
  expect(commentKey(job)).toBe('CI / evals / token-budget.yml');
  expect(withMatrix('{"model":"gpt-4o","size":2}')).toBe('CI / evals / token-budget.yml / model=gpt-4o / size=2');
  expect(withMatrix('{"size":2,"model":"gpt-4o"}')).toBe(withMatrix('{"model":"gpt-4o","size":2}'));
  for (const none of ['', 'null', '{}']) expect(withMatrix(none)).toBe(commentKey(job));
});

test.each([
  ['no marker', 'Within the budget.'],
  ['a quote of one', `> ${markedBody(THIS_RUN, undefined, 'x')}`],
  ['words before it', `Look: ${markedBody(THIS_RUN, undefined, 'x')}`],
  ['a line before it', `\n${markedBody(THIS_RUN, undefined, 'x')}`],
  ['another version', '<!-- token-budget:v2 key=a run=1 attempt=1 sha= -->'],
  ['a run that is no number', '<!-- token-budget:v1 key=a run=x attempt=1 sha= -->'],
])('%s is no marker of ours', (_name, body) => {
  expect(readMarker(body)).toBeUndefined();
});

test.each([
  ['broken base64', '%%%'],
  ['base64 of no JSON', Buffer.from('{').toString('base64')],
  ['numbers of another version', Buffer.from(JSON.stringify({ ...NUMBERS, v: 2 })).toString('base64')],
  ['counts below zero', Buffer.from(JSON.stringify({ ...NUMBERS, tokens: -1 })).toString('base64')],
  ['more than can be ours', 'A'.repeat(9000)],
])('%s in the data leave the marker without numbers', (_name, data) => {
  const body = `<!-- token-budget:v1 key=a run=1 attempt=1 sha= -->\n<!-- token-budget:data ${data} -->\n\nBody`;
  expect(readMarker(body)).toMatchObject({ key: 'a', run: 1, numbers: undefined });
});

test('line ends of Windows, as the web form of GitHub leaves them, change nothing', () => {
  const body = markedBody(THIS_RUN, NUMBERS, 'Body').replaceAll('\n', '\r\n');
  expect(readMarker(body)?.numbers).toEqual(NUMBERS);
});

test.each([
  [500, 1, 499, 9, true],
  [500, 2, 500, 1, true],
  [500, 1, 500, 1, false],
  [500, 1, 500, 2, false],
  [499, 9, 500, 1, false],
])('run %i attempt %i is newer than run %i attempt %i: %s', (run, attempt, otherRun, otherAttempt, newer) => {
  const other = { ...THIS_RUN, run: otherRun, attempt: otherAttempt };
  expect(isNewer({ ...THIS_RUN, run, attempt }, other)).toBe(newer);
});
