import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withMembers } from '../../src/gateway/set-json-members.js';
import type { JsonObject } from '../../src/lib/json.js';
import { memberSpans, withoutMember } from '../../src/meter/json-text.js';

function set(text: string, members: JsonObject): string {
  return withMembers(text, JSON.parse(text) as JsonObject, members);
}

describe('setting members of a request', () => {
  it.each([
    ['comes first', '{"a":1}', { max_tokens: 5 }, '{"max_tokens":5,"a":1}'],
    ['stands alone in an empty object', ' { } ', { max_tokens: 5 }, ' {"max_tokens":5 } '],
    ['keeps white space before and after', '\n\t {\n "a": 1 }\n', { b: 2 }, '\n\t {"b":2,\n "a": 1 }\n'],
    ['keeps big integers', '{"seed":12345678901234567890}', { b: 2 }, '{"b":2,"seed":12345678901234567890}'],
    ['keeps floats', '{"temperature":1.0,"top_p":1e-1}', { b: 2 }, '{"b":2,"temperature":1.0,"top_p":1e-1}'],
    ['keeps escapes', '{"a":"\\u00e9\\/ \\ud800"}', { b: 2 }, '{"b":2,"a":"\\u00e9\\/ \\ud800"}'],
    ['keeps duplicates', '{"a":1,"a":2}', { b: 2 }, '{"b":2,"a":1,"a":2}'],
    [
      'takes a null’s place',
      '{"seed":9007199254740993,"n": null , "t":1.0}',
      { n: 5 },
      '{"seed":9007199254740993,"n": 5 , "t":1.0}',
    ],
    ['takes the place of every duplicate', '{"n":null,"x":[{"n":1}],"n":-1}', { n: 5 }, '{"n":5,"x":[{"n":1}],"n":5}'],
    ['knows a key by its escapes', '{"max\\u005ftokens":null}', { max_tokens: 5 }, '{"max\\u005ftokens":5}'],
    ['sets one and adds the other', '{"n":null,"a":"}"}', { n: 5, b: [1] }, '{"b":[1],"n":5,"a":"}"}'],
    ['replaces an object', '{"o":{"x":[{}],"y":"]}\\""},"a":0}', { o: { z: 1 } }, '{"o":{"z":1},"a":0}'],
    ['leaves the same key deeper down', '{"a":{"n":null}}', { n: 5 }, '{"n":5,"a":{"n":null}}'],
    ['changes nothing for nothing', '{"a" : 1}', {}, '{"a" : 1}'],
    ['keeps a member named __proto__', '{"__proto__":{"n":1}}', { n: 5 }, '{"n":5,"__proto__":{"n":1}}'],
  ])('%s', (_, text, members, expected) => {
    expect(set(text, members)).toBe(expected);
  });

  it('means the same as setting them in the parsed object, however it is written', () => {
    const member = fc.tuple(fc.constantFrom('n', 'max_tokens', 'a', '"', '\\'), fc.jsonValue());
    const object = fc.array(member, { maxLength: 6 }).map((entries) => Object.fromEntries(entries));
    fc.assert(
      fc.property(object, fc.constantFrom(0, 1, '\t', ' \r'), fc.jsonValue(), (given, indent, value) => {
        const text = JSON.stringify(given, null, indent === ' \r' ? 2 : indent).replaceAll(
          '\n',
          indent === ' \r' ? '\r\n' : '\n',
        );
        expect(JSON.parse(set(text, { n: value }))).toEqual({
          ...given,
          n: JSON.parse(JSON.stringify(value)) as unknown,
        });
        const rest = Object.fromEntries(Object.entries(given).filter(([key]) => key !== 'n'));
        expect(JSON.parse(withoutMember(text, 'n'))).toEqual(rest);
        expect(memberSpans(text).map(({ key }) => key)).toEqual(Object.keys(JSON.parse(text) as object));
      }),
      { numRuns: 1_000, seed: 5 },
    );
  });

  it('takes a body nested without end', () => {
    const text = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},"n":null}`;
    expect(set(text, { n: 5 })).toBe(text.replace('null', '5'));
  });
});

describe('taking a member out', () => {
  it.each([
    ['from the middle', '{"a": 1, "usage": null, "b": 2}', '{"a": 1, "b": 2}'],
    ['from the end', '{"a":1,"usage":null}', '{"a":1}'],
    ['from the start', '{"usage": null, "a": 1}', '{"a": 1}'],
    ['alone', '{"usage":null}', '{}'],
    ['not from deeper down', '{"a":{"usage":null}}', '{"a":{"usage":null}}'],
    ['not out of a string', '{"a":"\\"usage\\":null,"}', '{"a":"\\"usage\\":null,"}'],
  ])('%s', (_, text, expected) => {
    expect(withoutMember(text, 'usage')).toBe(expected);
  });
});
