import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  costOf,
  parseRate,
  parseUsd,
  rateDecimal,
  scaleDecimal,
  usdDecimal,
  statedUsd,
} from '../../src/domain/money.js';

const SAFE = fc.maxSafeNat();

describe('money', () => {
  it('calls an exact fit exact: 30 × $0.10 is $3.00', () => {
    const dime = parseUsd('0.10') ?? NaN;
    const sum = Array.from({ length: 30 }, () => dime).reduce((a, b) => a + b, 0);
    expect(sum).toBe(parseUsd('3.00'));
    expect(usdDecimal(sum)).toBe('3.00');
  });

  it.each([
    ['0', 0],
    ['1', 1_000_000_000],
    ['1.50', 1_500_000_000],
    ['0.000000001', 1],
    ['0.0000000001', 1],
    ['1e-9', 1],
    ['2.5e3', 2_500_000_000_000],
    [' 7 ', 7_000_000_000],
    ['9007199.254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s USD', (text, nano) => {
    expect(parseUsd(text)).toBe(nano);
  });

  it.each([
    '',
    '-1',
    '+1',
    '.5',
    '1.',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e999',
    '1e1000',
    '9007199.254740992',
    '1 2',
    '１',
  ])('takes %j for no amount', (text) => {
    expect(parseUsd(text)).toBeUndefined();
  });

  it('is written as it is read', () => {
    fc.assert(fc.property(SAFE, (nano) => parseUsd(usdDecimal(nano)) === nano));
    fc.assert(fc.property(SAFE, (pico) => parseRate(rateDecimal(pico)) === pico));
    expect([0, 1, 420_000_000, 1e9, Number.MAX_SAFE_INTEGER].map(usdDecimal)).toEqual([
      '0.00',
      '0.000000001',
      '0.42',
      '1.00',
      '9007199.254740991',
    ]);
    expect([0, 1, 2_500_000].map(rateDecimal)).toEqual(['0.00', '0.000001', '2.50']);
  });

  it('is never rounded down', () => {
    fc.assert(
      fc.property(SAFE, fc.integer({ min: 0, max: 12 }), (units, digits) => {
        const text = `${Math.floor(units / 10 ** digits)}.${String(units % 10 ** digits).padStart(digits || 1, '0')}`;
        const scaled = scaleDecimal(text, 3);
        expect(scaled === undefined || scaled >= Math.floor(Number(text) * 1000) - 1).toBe(true);
      }),
    );
  });
});

describe('an amount that a provider states', () => {
  it.each<[unknown, number | undefined]>([
    [0, 0],
    [0.00014, 140_000],
    [1e-7, 100],
    [1e-10, 1],
    [0.1 + 0.2, 300_000_000],
    [0.07 * 3, 210_000_000],
    [9_000_000, 9_000_000_000_000_000],
    [9_100_000, undefined],
    [-0.5, undefined],
    [NaN, undefined],
    [Infinity, undefined],
    ['0.5', undefined],
    [null, undefined],
  ])('of %j USD is %j nano-USD', (usd, nano) => {
    expect(statedUsd(usd)).toBe(nano);
  });
});

describe('the cost of tokens', () => {
  it('is rounded up once for the whole call', () => {
    expect(costOf([{ tokens: 1, rate: 1 }])).toBe(1);
    expect(
      costOf([
        { tokens: 1, rate: 500 },
        { tokens: 1, rate: 500 },
      ]),
    ).toBe(1);
    expect(
      costOf([
        { tokens: 1, rate: 500 },
        { tokens: 1, rate: 501 },
      ]),
    ).toBe(2);
    expect(costOf([])).toBe(0);
  });

  it('is exact where a float would not be', () => {
    expect(costOf([{ tokens: 90_071_993, rate: 100_000_003 }])).toBe(
      Number((90_071_993n * 100_000_003n + 999n) / 1000n),
    );
  });

  it('stops at the largest amount instead of losing digits', () => {
    expect(costOf([{ tokens: Number.MAX_SAFE_INTEGER, rate: Number.MAX_SAFE_INTEGER }])).toBe(Number.MAX_SAFE_INTEGER);
  });
});
