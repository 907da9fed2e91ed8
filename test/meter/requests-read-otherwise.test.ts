/** Requests that one server reads in one way and another in another: the dearer reading is what a call holds. */
import { describe, expect, it } from 'vitest';
import { readOutline } from '../../src/meter/json-without-long-strings.js';
import { dearestReading } from '../../src/meter/repeated-members.js';
import { statedAnswers, statedBound } from '../../src/meter/stated-bound.js';
import { numberIn } from '../../src/lib/json.js';

const read = (text: string) => dearestReading(text, readOutline([Buffer.from(text)]) ?? {});

describe('a member that is stated twice', () => {
  it.each<[string, object]>([
    ['{"max_tokens":9,"max_tokens":900}', { max_tokens: 900 }],
    ['{"max_tokens":900,"max_tokens":9}', { max_tokens: 900 }],
    ['{"max_tokens":"900","max_tokens":9}', { max_tokens: 900 }],
    ['{"max\\u005ftokens":900,"max_tokens":9}', { max_tokens: 900 }],
    ['{"options":{"num_predict":900,"num_predict":9}}', { options: { num_predict: 900 } }],
    ['{"a":{"b":{"n":4,"n":1}}}', { a: { b: { n: 4 } } }],
  ])('is read as the larger number: %s', (text, body) => {
    expect(read(text)).toEqual({ body, unclear: false });
  });

  it.each(['{"model":"small","model":"large"}', '{"stream":true,"stream":false}', '{"a":{"tools":[],"tools":[1]}}'])(
    'is unclear where neither reading is the larger: %s',
    (text) => {
      expect(read(text).unclear).toBe(true);
    },
  );

  it('is no question where both say the same, or where there is one', () => {
    expect(read('{"model":"m","model":"m","max_tokens":5}')).toEqual({
      body: { model: 'm', max_tokens: 5 },
      unclear: false,
    });
    expect(read('{"messages":[{"content":"a"},{"content":"b"}]}').unclear).toBe(false);
  });
});

describe('a stated bound', () => {
  it.each<[object, object]>([
    [{ max_tokens: 5 }, { outputBound: 5 }],
    [{ max_tokens: '50' }, { outputBound: 50 }],
    [{ max_tokens: 1e3 }, { outputBound: 1_000 }],
    [
      { max_tokens: 5, max_new_tokens: 70 },
      { outputBound: 70, otherBound: 70 },
    ],
    [
      { max_tokens: 5, min_tokens: 70 },
      { outputBound: 70, otherBound: 70 },
    ],
    [
      { max_tokens: 5, options: { num_predict: 70 } },
      { outputBound: 70, otherBound: 70 },
    ],
    [{ n_predict: 70 }, { outputBound: undefined, otherBound: 70 }],
    [
      { max_tokens: 5, n_predict: -1 },
      { outputBound: 5, endless: true },
    ],
    [{ max_tokens: 0 }, { outputBound: 0, zero: true }],
    [{ max_tokens: -1 }, { outputBound: undefined }],
    [{ max_tokens: null }, { outputBound: undefined }],
    [{ max_tokens: [5] }, { outputBound: undefined }],
  ])('of %j is %j', (body, bound) => {
    expect(statedBound({ ...body }, ['max_tokens'])).toEqual(bound);
  });

  it.each<[unknown, number | undefined]>([
    [7, 7],
    ['7', 7],
    [' 7.2 ', 8],
    ['', undefined],
    ['1e3', 1_000],
    [1e300, Number.MAX_SAFE_INTEGER],
    [Number.NaN, undefined],
    [true, undefined],
    [{}, undefined],
  ])('is the number in %j: %s', (value, number) => {
    expect(numberIn(value)).toBe(number);
  });

  it('counts for every answer that is asked for, under any name', () => {
    expect(statedAnswers({ n: '3', best_of: 2, num_return_sequences: 5 })).toBe(5);
    expect(statedAnswers({ n: null })).toBe(1);
    expect(statedAnswers({ n: ['3'] })).toBeUndefined();
  });
});
