/** How tests are found and run: `npm test` runs the projects `test` and `sim`, `.ci/run` runs the others as well. */
import { defineConfig } from 'vitest/config';

// One project per suffix: the suffix says what a test needs (docs/ARCHITECTURE.md, Tests).
const project = (name: string, extra: object = {}) => ({
  test: {
    name,
    include: [`**/*.${name}.ts`],
    // What stands in examples is a project of its own, which e2e runs.
    exclude: [
      '**/node_modules/**',
      'examples/**',
      ...(name === 'test' ? ['**/*.sim.test.ts', '**/*.e2e.test.ts'] : []),
    ],
    ...extra,
  },
});

// Deadlines are for tests that hang, not for slow machines: tests that wait say themselves how long.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      project('test', { testTimeout: 120_000 }),
      { test: { ...project('sim').test, include: ['**/*.sim.test.ts'], testTimeout: 900_000 } },
      {
        test: {
          ...project('e2e').test,
          include: ['**/*.e2e.test.ts'],
          exclude: [...project('e2e').test.exclude, 'e2e/src/compose/**'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      // These need a Docker Engine and the images of the region besides (infra/image).
      {
        test: {
          ...project('compose').test,
          include: ['e2e/src/compose/**/*.e2e.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
