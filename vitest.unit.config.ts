/** The quick tests of the rooms without processes, packages or servers of others: no set-up, no network, no build. */
import { defineConfig } from 'vitest/config';

const ROOMS = ['domain', 'ledger', 'mask', 'meter', 'policy', 'providers', 'report'];

/** Thousands of cases each, or the tokenizers of Python's packages: `npm test` has them. */
const LONG = [
  ...['ledger/model', 'ledger/mutants', 'policy/hostile', 'report/comment', 'report/escape', 'report/html'],
  ...['meter/answer', 'meter/answer-fuzz', 'meter/bytes-rule', 'meter/prices-differential'],
].map((name) => `test/${name}.test.ts`);

export const quick = {
  include: [`test/{${ROOMS.join(',')}}/**/*.test.ts`, 'test/{architecture,docs}.test.ts'],
  exclude: LONG,
  testTimeout: 30_000,
  // Workers keep their modules: half of the time would go into loading them anew for each file.
  isolate: false,
};

/** All that is not quick: no file of tests is in neither. */
export const others = [`test/!(${ROOMS.join('|')})/**/*.test.ts`, 'test/!(architecture|docs).test.ts', ...LONG];

/** What these rooms' own tests reach of them, by `npm run coverage`. The programs are driven as built, by the other tests. */
const coverage = { include: ROOMS.map((room) => `src/${room}/**/*.ts`), reporter: ['text-summary', 'text'] };

export default defineConfig({ test: { ...quick, maxWorkers: 2, coverage } });
