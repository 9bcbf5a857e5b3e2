/** This project's own tests; the repository's do not include them. */
import { defineConfig } from 'vitest/config';

// Deadlines are for tests that hang, not for slow machines.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
