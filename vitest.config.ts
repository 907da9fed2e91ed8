import { defineConfig } from 'vitest/config';

const results = process.env['TEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/install.ts',
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // End-to-end tests start real processes on small machines: more workers than cores make them slower, not faster.
    maxWorkers: 2,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
  },
});
