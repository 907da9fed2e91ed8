import { describe, expect, test } from 'vitest';
import { bar, count, duration, exactUsd, percent, plural, usd, usdBeside } from '../../src/report/format.js';

describe('numbers for people', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [31_204, '31,204'],
    [1_234_567, '1,234,567'],
    [Number.MAX_SAFE_INTEGER, '9,007,199,254,740,991'],
  ])('%d reads %s', (value, text) => {
    expect(count(value)).toBe(text);
  });

  test.each([
    [0, '$0.00'],
    [1, '$0.000000001'],
    [123_000, '$0.000123'],
    [1_234_567, '$0.00123'],
    [2_200_000, '$0.0022'],
    [50_000_000, '$0.05'],
    [99_999_999, '$0.10'],
    [420_000_000, '$0.42'],
    [1_500_000_000, '$1.50'],
    [1_234_567_000_000, '$1,234.57'],
  ])('%d nano-USD spent read %s', (nano, text) => {
    expect(usd(nano)).toBe(text);
  });

  test('money beside a ceiling of dimes or more is told in cents, and small money is not rounded away', () => {
    expect(usdBeside(71_400_000, 1_500_000_000)).toBe('$0.07');
    expect(usdBeside(2_200_000, 1_500_000_000)).toBe('$0.0022');
    expect(usdBeside(14_900_000, 20_000_000)).toBe('$0.0149');
  });

  test('a ceiling of money reads to its last digit', () => {
    expect(exactUsd(1_500_000_000)).toBe('$1.50');
    expect(exactUsd(1_505_000_000)).toBe('$1.505');
    expect(exactUsd(12_345_000_000_001)).toBe('$12,345.000000001');
  });

  test.each([
    [0, 100, '0%'],
    [1, 1000, '<1%'],
    [809, 1000, '80%'],
    [999_999, 1_000_000, '99%'],
    [1_000_000, 1_000_000, '100%'],
    [1_000_001, 1_000_000, '101%'],
    [20_000, 1000, '>999%'],
    [0, 0, '100%'],
    [1, 0, '>999%'],
  ])('%d of %d is %s', (used, ceiling, text) => {
    expect(percent(used, ceiling)).toBe(text);
  });

  test.each([
    [0, 100, '░░░░░'],
    [1, 100, '█░░░░'],
    [99, 100, '████░'],
    [100, 100, '█████'],
    [900, 100, '█████'],
    [0, 0, '█████'],
  ])('a bar of %d of %d is full only where the ceiling is reached: %s', (used, ceiling, text) => {
    expect(bar(used, ceiling, 5)).toBe(text);
  });

  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1234, '1.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 0 s'],
    [151_240, '2 min 31 s'],
    [3_599_999, '1 h 0 min'],
    [3_900_000, '1 h 5 min'],
  ])('%d ms read %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  test('a noun takes an s unless there is one of it', () => {
    expect([plural(0, 'call'), plural(1, 'call'), plural(1200, 'call')]).toEqual(['0 calls', '1 call', '1,200 calls']);
  });
});
