import { describe, expect, it } from 'vitest';
import { authority, compileMatch } from '../../../src/hook/node/match.js';

const match = compileMatch(
  ['api.openai.com', '*.azure.com', 'llm.corp:8443', 'any.port:*', '[::1]:9000', 'a+b.c'],
  443,
);

describe('a pattern', () => {
  it.each([
    ['api.openai.com', 443, 'api.openai.com:443'],
    ['API.OPENAI.COM', 443, 'api.openai.com:443'],
    ['api.openai.com.', 443, 'api.openai.com:443'],
    ['east.openai.azure.com', 443, 'east.openai.azure.com:443'],
    ['llm.corp', 8443, 'llm.corp:8443'],
    ['llm.corp', undefined, 'llm.corp:8443'],
    ['any.port', 5, 'any.port:5'],
    ['any.port', undefined, 'any.port:443'],
    ['::1', 9000, '[::1]:9000'],
    ['[::1]', 9000, '[::1]:9000'],
    ['a+b.c', 443, 'a+b.c:443'],
  ])('covers %s at port %s', (host, port, expected) => {
    const target = match(host, port);
    expect(target && authority(target)).toBe(expected);
  });

  it.each([
    ['api.openai.com', 444],
    ['xapi.openai.com', 443],
    ['api.openai.com.evil.example', 443],
    ['apiXopenai.com', 443],
    ['azure.com', 443],
    ['llm.corp', 443],
    ['::1', 443],
    ['aab.c', 443],
    ['', 443],
  ])('does not cover %s at port %s', (host, port) => {
    expect(match(host, port)).toBeUndefined();
  });
});
