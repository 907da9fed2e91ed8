import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 300_000,
    // End-to-end tests start real processes on small machines: more workers than cores make them slower, not faster.
    maxWorkers: 2,
  },
});
