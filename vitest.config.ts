import { defineConfig } from 'vitest/config';
import SlowFirst from './test/support/slow-first.js';
import { others, quick } from './vitest.unit.config.js';

const results = process.env['TEST_RESULTS'];

export default defineConfig({
  test: {
    // End-to-end tests start real processes on small machines: more workers than cores make them slower, not faster.
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    projects: [
      { test: { ...quick, name: 'quick', sequence: { groupOrder: 0 } } },
      {
        test: {
          name: 'others',
          include: others,
          // The quick ones run first, while packages are installed.
          sequence: { groupOrder: 1 },
          globalSetup: 'test/support/install.ts',
          setupFiles: 'test/support/installed.ts',
          // A test may be the first that needs one of Python's environments, which pip then fills.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
