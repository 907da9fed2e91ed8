import { defineConfig } from 'vitest/config';

const results = process.env['TEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/install.ts',
    // A test may be the first that needs one of Python's environments, which pip then fills.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // End-to-end tests start real processes on small machines: more workers than cores make them slower, not faster.
    maxWorkers: 2,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
  },
});
