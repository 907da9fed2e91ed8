import { expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.js';
import { UsedRates } from '../../src/session/used-rates.js';

const ratesOf = (text: string) => loadPolicy(`version: 1\nrates: { ${text} }`, 'p.yml').policy.rates;

test('rates that no call asked for are named with their places', () => {
  const used = new UsedRates(ratesOf('gpt-4o: 0, "gtp-*": 0, claude-x: 0'));
  used.saw('GPT-4o');
  used.saw('claude-3');
  expect(used.unused()).toBe("no call matched 2 of the policy's 3 rates: claude-x at p.yml:2:33, gtp-* at p.yml:2:21");
  used.saw('gtp-4o');
  used.saw('claude-x');
  expect(used.unused()).toBeUndefined();
});

test('one rate is not two, and many are not all named', () => {
  const one = new UsedRates(ratesOf('gtp-4o: 0'));
  one.saw('gpt-4o');
  expect(one.unused()).toBe("no call matched the policy's one rate: gtp-4o at p.yml:2:10");
  const many = new UsedRates(ratesOf(Array.from({ length: 8 }, (_, i) => `m${i}: 0`).join(', ')));
  many.saw('gpt-4o');
  expect(many.unused()).toMatch(/^no call matched 8 of the policy's 8 rates: .* and 3 more$/);
});

test('nothing is said of a run without calls, or a policy without rates', () => {
  expect(new UsedRates(ratesOf('gtp-4o: 0')).unused()).toBeUndefined();
  const none = new UsedRates([]);
  none.saw('gpt-4o');
  expect(none.unused()).toBeUndefined();
});
