import { expect, it } from 'vitest';
import { serviceTierOf } from '../../src/domain/usage.js';

it.each([
  ['flex', 'flex'],
  [' FLEX ', 'flex'],
  ['ON_DEMAND_FLEX', 'flex'],
  ['batch', 'batch'],
  ['priority', 'priority'],
  ['ON_DEMAND_PRIORITY', 'priority'],
  ['SERVICE_TIER_PRIORITY', 'priority'],
  ['fast', 'fast'],
  ['ultrafast', 'ultrafast'],
  ['default', undefined],
  ['standard', undefined],
  ['on_demand', undefined],
  ['auto', undefined],
  ['scale', undefined],
  ['PROVISIONED_THROUGHPUT', undefined],
  ['', undefined],
  ['turbo', 'other'],
  ['constructor', 'other'],
  ['__proto__', 'other'],
  [null, undefined],
  [7, undefined],
  [{}, undefined],
])('the word %j stands for the tier %j', (word, tier) => {
  expect(serviceTierOf(word)).toBe(tier);
});
