import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemoryLedger } from '../../src/ledger/ledger.js';
import { follow } from './follow.js';
import { RARE, schedule } from './schedules.js';
import { sample } from '../support/sample.js';

/** 600 find every bug of mutants.test.ts. */
const SCHEDULES = sample(100_000, 100);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test(
  `the ledger does what its rules say in ${SCHEDULES} random schedules, and its invariants hold after each step`,
  { timeout: 60 * 60_000 },
  async () => {
    let followed = 0;
    const property = fc.asyncProperty(schedule, async (plan) => {
      await follow(MemoryLedger, plan);
      followed += 1;
    });
    await fc.assert(property, { numRuns: SCHEDULES, examples: RARE.map((plan) => [plan]) });
    expect(followed).toBe(SCHEDULES);
  },
);
