/** The quick tests of the rooms without processes, packages or servers of others: no set-up, no network, no build. */
import { defineConfig } from 'vitest/config';

/** Thousands of cases each, or the tokenizers of Python's packages: `npm test` has them. */
const LONG = [
  ...['ledger/model', 'ledger/mutants', 'policy/hostile', 'report/comment', 'report/escape', 'report/html'],
  ...['meter/answer', 'meter/answer-fuzz', 'meter/bytes-rule', 'meter/prices-differential'],
];

export default defineConfig({
  test: {
    include: ['test/{domain,ledger,mask,meter,policy,providers,report}/**/*.test.ts', 'test/architecture.test.ts'],
    exclude: LONG.map((name) => `test/${name}.test.ts`),
    testTimeout: 30_000,
    maxWorkers: 2,
    // Workers keep their modules: half of the time would go into loading them anew for each file.
    isolate: false,
  },
});
