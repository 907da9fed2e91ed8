import { describe, expect, it } from 'vitest';
import * as contract from '../../../src/hook/config.js';
import { HOOK_VARIABLE, parseHookConfig, ROUTE_WORD } from '../../../src/hook/node/config.js';

const WHOLE: contract.HookConfig = { port: 1, secret: '0'.repeat(64), tls: ['a.example'], plain: [] };

describe('the hook configuration', () => {
  it('is the one that the command writes', () => {
    const read: contract.HookConfig | undefined = parseHookConfig(JSON.stringify(WHOLE));
    expect(read).toEqual(WHOLE);
    expect([HOOK_VARIABLE, ROUTE_WORD]).toEqual([contract.HOOK_VARIABLE, contract.ROUTE_WORD]);
  });

  it.each([WHOLE, { ...WHOLE, port: 65535 }, { ...WHOLE, tls: [], plain: ['b:1'] }, { ...WHOLE, watch: ['c'] }])(
    'is read whole: %j',
    (value) => {
      expect(parseHookConfig(JSON.stringify(value))).toEqual(value);
    },
  );

  it('leaves keys of a later version alone', () => {
    expect(parseHookConfig(JSON.stringify({ ...WHOLE, later: true }))).toEqual(WHOLE);
  });

  it.each([
    { port: 0 },
    { port: 65536 },
    { port: 1.5 },
    { port: '1' },
    { secret: 'short' },
    { secret: 'G'.repeat(64) },
    { secret: null },
    { tls: 'a.example' },
    { tls: [1] },
    { tls: [''] },
    { tls: ['a b'] },
    { plain: undefined },
    { watch: null },
    { watch: ['a b'] },
  ])('is not used in part: %j', (change) => {
    expect(parseHookConfig(JSON.stringify({ ...WHOLE, ...change }))).toBeUndefined();
  });

  it.each(['', 'null', '[]', '1', '{', '{"__proto__":{"port":1}}'])('is no text like %j', (text) => {
    expect(parseHookConfig(text)).toBeUndefined();
  });
});
