/** The tests of the rooms without processes, packages or servers of others: no set-up, no network, no build. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{domain,ledger,mask,meter,policy,report}/**/*.test.ts', 'test/architecture.test.ts'],
    // Needs the tokenizers of Python's packages.
    exclude: ['test/meter/bytes-rule.test.ts'],
    maxWorkers: 2,
    // Workers keep their modules: half of the time would go into loading them anew for each file.
    isolate: false,
  },
});
